"""Inline Markdown and HTML of lists: links, badges, bold names, years."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import unquote

from catalog.exchange.awesome import labels

IMAGE_OR_COMMENT = re.compile(
    r"<!--(?:(?!<!--|-->).){0,500}-->|!\[[^\]]{0,300}\]\([^()\s]*\)|<img\b[^<>]*>", re.IGNORECASE
)
PICTURE = re.compile(r"!\[([^\]]{0,300})\]\(([^()\s]*)|<img\b[^<>]*>", re.IGNORECASE)
BADGE = re.compile(r"img\.shields\.io/badge/([^?\s\"'<>/]{1,200})")
BRACKET = re.compile(r"\\.|[\[\]]")
DESTINATION = re.compile(r"\(\s*+<?((?:[^()\s<>]|\([^()\s]*\))*+)>?(?:\s++\"[^\"]*\")?\s*+\)")
BRACKETED_LINK = re.compile(r"\\?\[\[([^\[\]]{1,60})\]\(([^()\s]+)\)\\?\]")
ANCHOR = re.compile(
    r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']?([^\"'<>\s]+)[\"']?[^<>]{0,300}>(.{0,500}?)</a>", re.IGNORECASE
)
BARE_URL = re.compile(r"<?(https?://[^\s<>)\]|`]+)>?")
TAG = re.compile(r"(?<!\\)</?[a-zA-Z][^<>]{0,1000}>")
BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)")
BOLD_TAG = re.compile(r"</?(?:b|strong)\b[^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"(?<!\\)&(?!lt;|gt;)[a-zA-Z]{2,8};")
MARKUP = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&=])|\*\*|__|`")
"""Escapes, which stand for their character, and the marks of emphasis and code."""
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
YEAR = re.compile(r"(?:(?<![\d./-])|(?<=[A-Za-z][.-]))(19[5-9]\d|20\d\d)(?!\d|\.\d{4})")  # 2001.20009 is an arXiv id
SHORT_YEAR = re.compile(r"[A-Za-z]{2} ?['’‘](\d\d)\b|^[A-Z]{2,10} ?(\d\d)$")  # CVPR'24, or just CVPR 24; '98 is none


@dataclass(frozen=True)
class Link:
    text: str
    url: str

    @property
    def is_generic(self) -> bool:
        """Whether the text only says what the link leads to, as in "[[code]](url)"."""
        bracketed = self.text.startswith("[") and self.text.endswith("]")
        return bracketed or labels.is_label(self.text)

    @property
    def label_kind(self) -> str:
        """The link type that the text names; "" if none."""
        return labels.kind_of_label(self.text)


def links(text: str) -> tuple[list[Link], str]:
    """The links of a line, in order, and the line with each link replaced by its text."""
    found_links, shown = _links(text)
    return [*found_links], shown


@lru_cache(maxsize=64)
def _links(text: str) -> tuple[tuple[Link, ...], str]:
    """The same; the last ones are kept, since a line is looked at from several sides."""
    found_links: list[Link] = []

    def keep(link: Link) -> str:
        if link.url.startswith(("http://", "https://")):
            found_links.append(link)
        return "" if link.is_generic else link.text

    shown = with_links_as(text, keep)
    return tuple(found_links), shown


def with_links_as(text: str, show: Callable[[Link], str]) -> str:
    """A text without pictures and comments, and with each link as `show` writes it."""

    def keep(label: str, url: str) -> str:
        return show(Link(plain_text(label), url))

    text = IMAGE_OR_COMMENT.sub("", text)
    text = BRACKETED_LINK.sub(r"[[\1]](\2)", text)
    text = ANCHOR.sub(lambda m: keep(m[2], m[1]), text)
    text = _with_links_replaced(text, keep)
    return BARE_URL.sub(lambda m: keep("", m[1]), text)


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


def texts_of_pictures(text: str) -> list[str]:
    """What the pictures in a text say: their descriptions, and the words in the addresses of badges."""
    found: list[str] = []
    for picture in PICTURE.finditer(text):
        badge = BADGE.search(picture[2] or picture[0])
        words = re.split(r"(?<!-)-(?!-)", unquote(badge[1]))[:-1] if badge else []
        words = [word.replace("_", " ").replace("--", "-") for word in words]
        found += [picture[1] or "", " ".join(words), *words]
    return [one for one in found if one.strip()]


def plain_text(text: str) -> str:
    """The text without Markdown and HTML markup."""
    text = TAG.sub("", IMAGE_OR_COMMENT.sub("", text))
    text = ENTITY.sub(lambda match: html.unescape(match[0]), text).replace("\xa0", " ")
    return MARKUP.sub(lambda match: match[1] or "", text).strip()


def unescaped(text: str) -> str:
    """The text with each escaped sign of Markdown as itself; emphasis and code stay."""
    return ESCAPED.sub(r"\1", text)


def year_in(text: str) -> int | None:
    """The first year of publication in a text, in full or after a venue as in CVPR'24; none is later than next year."""
    latest = datetime.now(UTC).year + 1
    years = (int(match[1]) for match in YEAR.finditer(text))
    if year := next((year for year in years if year <= latest), None):
        return year
    short = SHORT_YEAR.search(text)
    year = 2000 + int(short[1] or short[2]) if short else latest + 1
    return year if year <= latest else None
