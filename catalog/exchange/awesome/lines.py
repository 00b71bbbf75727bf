"""The lines of a list as readers of its page see them: without comments, code and embedded pictures."""

import io
import re
from dataclasses import dataclass, field

MAX_LINE_LENGTH = 5_000  # a longer line is an embedded image, not an entry
FENCE = re.compile(r"^\s*+(?:>\s*+)*+(```++(?=[^`]*$)|~~~++)")
VERBATIM_TAG = re.compile(r"^\s*+<(pre|script|style|textarea)\b", re.IGNORECASE)
GLUED_HEADING = re.compile(r"^( {0,3}#{1,6})(?=[^#\s])")
OTHER_BULLET = re.compile(r"^(\s*+(?:>\s?+)*+)(?:[•◦▪▫●○■‣⁃∙·➤►▶]\s*+|[–—]\s++)(?=\S)")
LINK = re.compile(r"https?://|\]\(|\bhref\s*=|\]\[", re.IGNORECASE)
ITEM = re.compile(r"^\s*+(?:>\s?+)*+(?:[-*+•◦▪▫●○■‣⁃∙·➤►▶–—]|\d{1,9}[.)]|<li\b)\s*+[^\s*-]", re.IGNORECASE)

COMMENT, CODE, LONG = "in a comment", "in code", f"longer than {MAX_LINE_LENGTH:,} characters"


@dataclass
class Lines:
    """The lines of a file: `raw` with their endings, `shown` without, and blank where nothing is shown. `hidden` says
    why nothing is, by index; of a line that is hidden in part, only if no link is left."""

    raw: list[str]
    shown: list[str] = field(default_factory=list)
    hidden: dict[int, str] = field(default_factory=dict)


def split_lines(text: str) -> list[str]:
    """The lines of a text with their endings, as Markdown counts them: no other character ends a line."""
    return list(io.StringIO(text, newline=""))


def matters(line: str) -> bool:
    """Whether a line has to be accounted for: it holds a link, or looks like an item of a list."""
    return bool(LINK.search(line) or ITEM.match(line))


def read_lines(text: str) -> Lines:
    """The lines of a text, in time proportional to it."""
    lines = Lines(split_lines(text))
    last_close = next((n for n in range(len(lines.raw) - 1, -1, -1) if "-->" in lines.raw[n]), -1)
    until = ""  # what ends the code or the comment that is open
    for index, raw in enumerate(lines.raw):
        line = raw.rstrip("\r\n")
        if until and until != "-->":
            lines.hidden[index] = CODE
            until = "" if _ends_code(line, until) else until
            lines.shown.append("")
            continue
        if not until and (until := _code_begun(line)):
            lines.hidden[index] = CODE
            lines.shown.append("")
            continue
        if len(line) > MAX_LINE_LENGTH:
            lines.hidden[index], shown = LONG, ""
            opened = line.rfind("-->") < line.rfind("<!--") if not until else "-->" not in line
            until = "-->" if opened and index < last_close else ""
        else:
            shown, until = _without_comments(line, until, index < last_close)
            if shown != line and not LINK.search(shown):
                lines.hidden[index] = COMMENT
        lines.shown.append(_in_common_markdown(shown))
    return lines


def _code_begun(line: str) -> str:
    """What ends the code that a line begins; "" if it begins none."""
    if fence := FENCE.match(line):
        return fence[1]
    tag = VERBATIM_TAG.match(line)
    end = f"</{tag[1].lower()}>" if tag else ""
    return "" if end in line.lower() else end


def _ends_code(line: str, until: str) -> bool:
    if until.startswith("<"):
        return until in line.lower()
    bare = line.strip(" \t>")
    return len(bare) >= len(until) and not bare.strip(until[0])


def _without_comments(line: str, until: str, closed_below: bool) -> tuple[str, str]:
    """A line with blanks for its comments, and "-->" if one is open at its end.

    One that is never closed hides the rest of the list if a line begins with it, and else is no comment; nor is one
    within backticks.
    """
    parts: list[str] = []
    position = 0
    while position < len(line):
        if until:
            end = line.find("-->", position)
            stop = len(line) if end < 0 else end + 3
            parts.append(" " * (stop - position))
            until = "-->" if end < 0 else ""
        else:
            start = line.find("<!--", position)
            stop = len(line) if start < 0 else start
            parts.append(line[position:stop])
            if start >= 0:
                is_open = line.find("-->", start + 4) >= 0 or closed_below or not line[:start].strip()
                in_backticks = line.count("`", 0, start) % 2 == 1 and "`" in line[start:]
                if in_backticks or not is_open:
                    parts.append(line[start:])
                    stop = len(line)
                else:
                    until = "-->"
        position = stop
    return "".join(parts), until


def _in_common_markdown(line: str) -> str:
    """A line with CommonMark's signs for the headings and bullets that lists write otherwise."""
    return OTHER_BULLET.sub(r"\1- ", GLUED_HEADING.sub(r"\1 ", line))
