"""The inline habits of list writers: links, badges, bold names, years, HTML."""

import re
from dataclasses import dataclass

MARK = re.compile(r"!\[[^\]]*\]\([^()\s]*\)|<img\b[^>]*>", re.IGNORECASE)
LINK = re.compile(
    r"\[((?:\\.|\[[^\]]{0,80}\]|[^\[\]\\])*)\]"
    r"\(\s*<?((?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+\"[^\"]*\")?\s*\)"
)
ANCHOR = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"']([^\"']+)[\"'][^>]*>(.*?)</a>", re.IGNORECASE)
BARE = re.compile(r"<?(https?://[^\s<>)\]|]+)>?")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)")
YEAR = re.compile(r"(?<![\d./-])(19[89]\d|20[0-4]\d)(?![\d])")
LABELS: dict[str, str] = {
    **dict.fromkeys(("code", "github", "repo", "colab"), "code"),
    **dict.fromkeys(("project", "project page", "page", "website", "homepage"), "project"),
    **dict.fromkeys(("model", "models", "weights", "checkpoint", "checkpoints"), "weights"),
    **dict.fromkeys(("hf", "huggingface", "hugging face"), "weights"),
    **dict.fromkeys(("dataset", "data", "download", "downloads"), "data"),
    **dict.fromkeys(("demo",), "demo"),
    **dict.fromkeys(("blog",), "blog"),
    **dict.fromkeys(("video",), "video"),
}
GENERIC = {
    *LABELS,
    *("paper", "papers", "pdf", "arxiv", "openreview", "acl", "cvf", "supp", "bib", "doc", "docs"),
    *("link", "here", "slides", "tweet"),
}


@dataclass(frozen=True)
class Link:
    text: str
    url: str

    @property
    def generic(self) -> bool:
        """Whether the text only says what sort of thing the link is."""
        return self.text.strip("[] :*`").lower() in GENERIC

    @property
    def label_kind(self) -> str:
        """The kind of link its text names, if it names one."""
        return LABELS.get(self.text.strip("[] :*`").lower(), "")


def links(text: str) -> tuple[list[Link], str]:
    """The links of a line, in order, and the text with each replaced by its words."""
    found: list[Link] = []

    def keep(words: str, url: str) -> str:
        link = Link(plain(words), url)
        if url.startswith(("http://", "https://")):
            found.append(link)
        return "" if link.generic else link.text

    text = MARK.sub("", text)
    text = ANCHOR.sub(lambda m: keep(m[2], m[1]), text)
    text = LINK.sub(lambda m: keep(m[1], m[2]), text)
    text = BARE.sub(lambda m: keep("", m[1]), text)
    return found, text


DEFINITION = re.compile(r"^ {0,3}\[([^\]]{1,200})\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$")
REFERENCE = re.compile(r"\[((?:\\.|[^\[\]\\])+)\](?:\[([^\[\]]*)\])?(?![(:])")


def expanded(text: str, definitions: dict[str, str]) -> str:
    """A line whose reference links ([text][name], [name]) are written out, by the definitions of the whole text."""

    def write_out(match: re.Match[str]) -> str:
        url = definitions.get((match[2] or match[1]).strip().casefold())
        return f"[{match[1]}]({url})" if url else match[0]

    return REFERENCE.sub(write_out, text) if definitions else text


def plain(text: str) -> str:
    """Words without Markdown's or HTML's marks."""
    text = TAG.sub("", MARK.sub("", text))
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|])", r"\1", text)
    return re.sub(r"\*\*|__|`", "", text).strip()


def year_in(text: str) -> int | None:
    """The first year a text names."""
    match = YEAR.search(text)
    return int(match[1]) if match else None
