"""Inline Markdown and HTML of lists: links, badges, bold names, years."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

IMAGE_OR_COMMENT = re.compile(
    r"<!--(?:(?!<!--|-->).){0,500}-->|!\[[^\]]{0,300}\]\([^()\s]*\)|<img\b[^<>]*>", re.IGNORECASE
)
BRACKET = re.compile(r"\\.|[\[\]]")
DESTINATION = re.compile(r"\(\s*+<?((?:[^()\s<>]|\([^()\s]*\))++)>?(?:\s++\"[^\"]*\")?\s*+\)")
BRACKETED_LINK = re.compile(r"\\?\[\[([^\[\]]{1,60})\]\(([^()\s]+)\)\\?\]")
ANCHOR = re.compile(r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']([^\"'<>]+)[\"'][^<>]{0,300}>(.{0,500}?)</a>", re.IGNORECASE)
BARE_URL = re.compile(r"<?(https?://[^\s<>)\]|`]+)>?")
TAG = re.compile(r"(?<!\\)</?[a-zA-Z][^<>]{0,1000}>")
BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)")
BOLD_TAG = re.compile(r"</?(?:b|strong)\b[^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"(?<!\\)&(?!lt;|gt;)[a-zA-Z]{2,8};")
MARKUP = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&=])|\*\*|__|`")
"""Escapes, which stand for their character, and the marks of emphasis and code."""
LABEL_EDGES = re.compile(r"[^\w./+#'-]")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
YEAR = re.compile(r"(?<![\d./-])(19[89]\d|20[0-4]\d)(?!\d|\.\d{4})")  # 2001.20009 is an arXiv id
SHORT_YEAR = re.compile(r"[A-Za-z]{2} ?['’‘](\d\d)\b|^[A-Z]{2,10} ?(\d\d)$")  # CVPR'24, or just CVPR 24
SHORT_YEAR_LIMIT = 50  # '98 is not read as a year
LINK_KINDS: dict[str, str] = {
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
GENERIC_TEXTS = {
    *LINK_KINDS,
    *("paper", "papers", "pdf", "arxiv", "openreview", "acl", "cvf", "supp", "bib", "doc", "docs", "html", "abs"),
    *("link", "links", "here", "slides", "tweet", "poster", "talk", "bibtex", "appendix", "notebook", "source", "url"),
    *("paper link", "code link", "github repo", "github repository", "repository", "source code", "official code"),
    *("pytorch code", "official website", "web page", "webpage", "web", "site", "project website", "project link"),
    *("pypi", "conda", "npm", "docker", "model card", "model zoo", "arxiv paper", "technical report", "report"),
    *("huggingface paper", "hugging face paper", "hf paper", "hf model", "hf dataset", "modelscope", "zhihu"),
    *("dataset link", "data link", "download link", "star", "stars", "image", "tutorial", "documentation", "readme"),
    *("论文", "技术报告", "论文链接", "代码链接", "链接", "项目", "数据", "数据集"),
    *("模型", "演示", "博客", "视频", "解读"),
}


@dataclass(frozen=True)
class Link:
    text: str
    url: str

    @property
    def is_generic(self) -> bool:
        """Whether the text only says what the link leads to, as in "[[code]](url)"."""
        bracketed = self.text.startswith("[") and self.text.endswith("]")
        return bracketed or is_label(self.text)

    @property
    def label_kind(self) -> str:
        """The link type that the text names; "" if none."""
        return LINK_KINDS.get(" ".join(LABEL_EDGES.sub(" ", self.text).split()).lower(), "")


def is_label(text: str) -> bool:
    """Whether a text is only a label of a link, such as "Paper:" or "📄 [PDF]"."""
    return " ".join(LABEL_EDGES.sub(" ", text).split()).lower() in GENERIC_TEXTS


def links(text: str) -> tuple[list[Link], str]:
    """The links of a line, in order, and the line with each link replaced by its text."""
    found_links, shown = _links(text)
    return [*found_links], shown


@lru_cache(maxsize=64)
def _links(text: str) -> tuple[tuple[Link, ...], str]:
    """The same; the last ones are kept, since a line is looked at from several sides."""
    found_links: list[Link] = []

    def keep(label: str, url: str) -> str:
        link = Link(plain_text(label), url)
        if url.startswith(("http://", "https://")):
            found_links.append(link)
        return "" if link.is_generic else link.text

    text = IMAGE_OR_COMMENT.sub("", text)
    text = BRACKETED_LINK.sub(r"[[\1]](\2)", text)
    text = ANCHOR.sub(lambda m: keep(m[2], m[1]), text)
    text = _with_links_replaced(text, keep)
    text = BARE_URL.sub(lambda m: keep("", m[1]), text)
    return tuple(found_links), text


def _with_links_replaced(text: str, replace: Callable[[str, str], str]) -> str:
    """A text with each inline link replaced by what `replace` makes of its label and URL.

    Brackets are paired in one pass, since a pattern would search for the closing one from each opening one.
    """
    parts: list[str] = []
    opened: list[int] = []
    end = 0  # of the last link
    for bracket in BRACKET.finditer(text):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif bracket[0] == "]" and opened:
            start = opened.pop()
            destination = DESTINATION.match(text, bracket.end()) if start >= end else None
            if destination:
                parts += [text[end:start], replace(text[start + 1 : bracket.start()], destination[1])]
                end = destination.end()
    return "".join([*parts, text[end:]])


DEFINITION = re.compile(r"^ {0,3}\[([^\]]{1,200})\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?$")
REFERENCE = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])++)\](?:\[([^\[\]]*)\])?(?![(:])")


def definitions(lines: Iterable[str]) -> dict[str, str]:
    """The URLs of reference links by name, as lines of the form "[name]: url" define them."""
    matches = (DEFINITION.match(line.rstrip("\r\n")) for line in lines)
    return {match[1].strip().casefold(): match[2] for match in matches if match}


def with_reference_links_expanded(text: str, definitions: dict[str, str]) -> str:
    """A line with its reference links ([text][name], [name]) made inline links; `definitions` are URLs by name."""

    def write_out(match: re.Match[str]) -> str:
        url = definitions.get((match[2] or match[1]).strip().casefold())
        return f"[{match[1]}]({url})" if url else match[0]

    return REFERENCE.sub(write_out, text) if definitions else text


def html_bold_to_markdown(text: str) -> str:
    """The text with HTML's bold tags replaced by Markdown's."""
    return BOLD_TAG.sub("**", text)


def with_anchors_as_links(text: str) -> str:
    """The text with HTML's links as Markdown's, in which no picture is left."""
    return ANCHOR.sub(lambda match: f"[{IMAGE_OR_COMMENT.sub('', match[2])}]({match[1]})", text)


def plain_text(text: str) -> str:
    """The text without Markdown and HTML markup."""
    text = TAG.sub("", IMAGE_OR_COMMENT.sub("", text))
    text = ENTITY.sub(lambda match: html.unescape(match[0]), text).replace("\xa0", " ")
    return MARKUP.sub(lambda match: match[1] or "", text).strip()


def unescaped(text: str) -> str:
    """The text with each escaped sign of Markdown as itself; emphasis and code stay."""
    return ESCAPED.sub(r"\1", text)


def year_in(text: str) -> int | None:
    """The first year in a text, in full or after a venue as in CVPR'24."""
    if match := YEAR.search(text):
        return int(match[1])
    short = SHORT_YEAR.search(text)
    digits = int(short[1] or short[2]) if short else SHORT_YEAR_LIMIT
    return 2000 + digits if digits < SHORT_YEAR_LIMIT else None
