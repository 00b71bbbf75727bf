"""Markdown as plain text, for where no markup can be shown."""


def plain_line(text: str, limit: int | None = None) -> str:
    """The text in one line, without the signs of strong text and code; of at most `limit` characters, the last of which
    is an ellipsis if some are left out."""
    line = " ".join(text.replace("**", "").replace("`", "").split())
    return line if limit is None or len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
