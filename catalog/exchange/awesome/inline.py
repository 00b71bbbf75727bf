"""The inline habits of list writers: links, badges, bold names, years, HTML."""

import html
import re
from dataclasses import dataclass

MARK = re.compile(r"<!--.{0,500}?-->|!\[[^\]]{0,300}\]\([^()\s]*\)|<img\b[^<>]*>", re.IGNORECASE)
LINK = re.compile(
    r"\[((?:\\.|\[[^\]]{0,80}\]|[^\[\]\\])*)\]"
    r"\(\s*<?((?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+\"[^\"]*\")?\s*\)"
)
LABELLED = re.compile(r"\\?\[\[([^\[\]]{1,60})\]\(([^()\s]+)\)\\?\]")
ANCHOR = re.compile(r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']([^\"'<>]+)[\"'][^<>]{0,300}>(.{0,500}?)</a>", re.IGNORECASE)
BARE = re.compile(r"<?(https?://[^\s<>)\]|`]+)>?")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)")
BOLD_TAG = re.compile(r"</?(?:b|strong)\b[^>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(?!lt;|gt;)[a-zA-Z]{2,8};")
YEAR = re.compile(r"(?<![\d./-])(19[89]\d|20[0-4]\d)(?!\d|\.\d{4})")  # 2001.20009 is an arXiv id
SHORT_YEAR = re.compile(r"[A-Za-z]{2,} ?['’‘](\d\d)\b|^[A-Z]{2,10} (\d\d)$")  # CVPR'24, or just CVPR 24
SHORT_YEARS_END = 50  # '98 is left unread
LABELS: dict[str, str] = {
    **dict.fromkeys(("code", "github", "repo", "colab", "代码"), "code"),
    **dict.fromkeys(("project", "project page", "page", "website", "homepage"), "project"),
    **dict.fromkeys(("主页", "项目主页"), "project"),
    **dict.fromkeys(("model", "models", "weights", "checkpoint", "checkpoints"), "weights"),
    **dict.fromkeys(("权重", "模型权重"), "weights"),
    **dict.fromkeys(("hf", "huggingface", "hugging face"), "weights"),
    **dict.fromkeys(("dataset", "data", "download", "downloads"), "data"),
    **dict.fromkeys(("demo",), "demo"),
    **dict.fromkeys(("blog",), "blog"),
    **dict.fromkeys(("video",), "video"),
}
GENERIC = {
    *LABELS,
    *("paper", "papers", "pdf", "arxiv", "openreview", "acl", "cvf", "supp", "bib", "doc", "docs"),
    *("link", "here", "slides", "tweet", "论文", "技术报告"),
}


@dataclass(frozen=True)
class Link:
    text: str
    url: str

    @property
    def generic(self) -> bool:
        """Whether the text only says what sort of thing the link is, as one in brackets of its own does."""
        bracketed = self.text.startswith("[") and self.text.endswith("]")
        return bracketed or self.text.strip("[] :*`").lower() in GENERIC

    @property
    def label_kind(self) -> str:
        """The kind of link its text names, if it names one."""
        return LABELS.get(self.text.strip("[] :*`").lower(), "")


def links(text: str) -> tuple[list[Link], str]:
    """The links of a line, in order, and the text with each replaced by its words."""
    found: list[Link] = []

    def keep(words: str, url: str) -> str:
        link = Link(plain_text(words), url)
        if url.startswith(("http://", "https://")):
            found.append(link)
        return "" if link.generic else link.text

    text = MARK.sub("", text)
    text = LABELLED.sub(r"[[\1]](\2)", text)
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


def bold_by_stars(text: str) -> str:
    """The text with HTML's bold written in Markdown."""
    return BOLD_TAG.sub("**", text)


def leading_link(text: str) -> bool:
    """Whether a line starts with a link or a picture."""
    return bool(re.match(r"\s*(?:\\?\[|!\[|<a\b)", text)) and bool(links(text)[0])


def plain_text(text: str) -> str:
    """Words without Markdown's or HTML's marks."""
    text = TAG.sub("", MARK.sub("", text))
    text = ENTITY.sub(lambda match: html.unescape(match[0]), text).replace("\xa0", " ")
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|])", r"\1", text)
    return re.sub(r"\*\*|__|`", "", text).strip()


def year_in(text: str) -> int | None:
    """The first year a text names, in full or behind a venue as in CVPR'24."""
    if match := YEAR.search(text):
        return int(match[1])
    short = SHORT_YEAR.search(text)
    digits = int(short[1] or short[2]) if short else SHORT_YEARS_END
    return 2000 + digits if digits < SHORT_YEARS_END else None
