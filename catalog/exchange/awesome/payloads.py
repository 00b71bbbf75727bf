"""The payload of one bullet or table row: name, year, links and description, and nothing else."""

import re
from typing import Any

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.describe import link_kind, paper_fields
from catalog.text.identifiers import arxiv_id_of

BULLET = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(\S.*)$")
HTML_ITEM = re.compile(r"^(\s*+)<li\b[^<>]*>\s*+(\S.*?)(?:</li>)?$", re.IGNORECASE)
SEED_BULLET = re.compile(r"^- \*\*(.+?)\*\* \((\d{4})\) - \[")
ESCAPED_TEXT = re.compile(r"(?:\\.|[^\\])*+")
DESTINATION = re.compile(r"^([^()\s]++)\)$")
VENUE = re.compile(r"^(?:\[([^\[\]]{2,40})\]|`([^`]{2,40}\d\d)`)\s+(?=\S)")
CODE_NAME = re.compile(r"^`[^`]{1,40}`\s+(?=\*\*)")
CITATION = re.compile(r"^(?:\*\*[^*]{1,60}\*\*[:,]\s*)?(\[[^\[].*)$")
EMPTY_BRACKETS = re.compile(r"[\[(（]\s*+(?:[,;|/]\s*+)?[\])）]")
REPEATED_COMMAS = re.compile(r"(?<!\s)\s*+([,;，、])(?:\s*+[,;，、])++")
LEADING_DATE = re.compile(r"^[(（]\d{4}(?:[-/.]\d\d?)?[)）]")
EDGE_CHARACTERS = ' :-–—.,;|/"“”：，。、·'
WRAPPING_TAGS = re.compile(r"^(?:<(?:details|summary|p|div|span|i|em|sup|sub)\b[^>]*>\s*)+", re.IGNORECASE)
QUOTED_NAME = re.compile(r"^(?:\"(.+)\"|“(.+)”|«(.+)»|《(.+)》)$")
WORD = re.compile(r"\w+")
TRAILING_YEAR = re.compile(r"(?<!\s)\s*+[(（]?\b(?:19|20)\d\d[)）]?$")
KIND_WORDS = (
    ("dataset", ("dataset", "数据集")),
    ("benchmark", ("benchmark", "基准", "评测")),
    ("paper", ("model", "模型")),
)
MAX_NAME_LENGTH = 300
MAX_NAME_WORDS = 3
MAX_CITATION_WORDS = 12  # after the title of a citation
ComponentNames = dict[str, list[tuple[str, str]]]


def match_bullet(line: str) -> re.Match[str] | None:
    """Match a bullet in Markdown or HTML: its indent and its content."""
    line = line.rstrip("\r\n")
    return BULLET.match(line) or HTML_ITEM.match(line.rstrip())


def bullet_payload(line: str) -> tuple[dict[str, Any] | None, ComponentNames]:
    """The payload of a bullet and the components it names; None if it has no name."""
    if seed := _seed_bullet(line):
        return seed
    body = match_bullet(line)
    return content_payload(body[2] if body else line)


def _seed_bullet(line: str) -> tuple[dict[str, Any], ComponentNames] | None:
    """The payload of a bullet in the seed's own layout, `- **Name** (2024) - [Description](url)`; None for others."""
    head = SEED_BULLET.match(line)
    text, _, end = line[head.end() :].rstrip().rpartition("](") if head else ("", "", "")
    destination = DESTINATION.fullmatch(end)
    if not head or not destination or not ESCAPED_TEXT.fullmatch(text):
        return None
    link = inline.Link(text, destination[1])
    if link.is_generic:
        return None
    text = re.sub(r"\\([\[\]\\])", r"\1", text)
    return entry_payload(inline.plain_text(head[1]), int(head[2]), text, [inline.Link("", link.url)])


def citation_payload(line: str) -> tuple[dict[str, Any] | None, ComponentNames]:
    """The payload of a line without a bullet that starts with a linked title: "[Title](url), ACL 2021 [[code]](url)".

    A task in bold may precede the title. None for other lines, which may be sentences with a link.
    """
    citation = CITATION.match(line.strip())
    if not citation:
        return None, {}
    found_links, text = inline.links(citation[1])
    rest = inline.plain_text(text).removeprefix(found_links[0].text if found_links else "")
    is_short = len(rest.split()) <= MAX_CITATION_WORDS and (
        inline.year_in(rest) or any(link.is_generic for link in found_links)
    )
    return content_payload(citation[1]) if found_links and not found_links[0].is_generic and is_short else (None, {})


def content_payload(content: str) -> tuple[dict[str, Any] | None, ComponentNames]:
    """The payload of the content of a bullet."""
    content = inline.html_bold_to_markdown(WRAPPING_TAGS.sub("", content))
    venue = VENUE.match(content) or CODE_NAME.match(content)
    content = content[venue.end() :] if venue else content
    found_links, text = inline.links(content)
    name = bullet_name(content, found_links, text)
    if not name:
        return None, {}
    year = inline.year_in(inline.plain_text(text)) or (inline.year_in(venue[0]) if venue else None)
    return entry_payload(name, year, description_of(text, name), found_links)


def description_of(text: str, name: str) -> str:
    """The rest of a line without its name and links, and without the punctuation between them."""
    rest = inline.plain_text(text).replace(name, "", 1)
    rest = REPEATED_COMMAS.sub(r"\1", EMPTY_BRACKETS.sub("", EMPTY_BRACKETS.sub("", rest)))
    return LEADING_DATE.sub("", " ".join(rest.split()).strip(EDGE_CHARACTERS)).strip(EDGE_CHARACTERS)


def bullet_name(content: str, found_links: list[inline.Link], text: str) -> str:
    """The name: bold text at the start, else the first link text that is not generic, else the first words; or ""."""
    bold = inline.BOLD.match(content.lstrip("[ "))
    named = next((link for link in found_links if not link.is_generic and link.text), None)
    if bold and found_links:
        name = inline.plain_text(inline.links(bold[1])[1])
    elif named and _ends_a_phrase(inline.plain_text(text.partition(named.text)[0])):
        return ""  # a link within a sentence names no entry
    elif found_links:
        name = named.text if named else first_words(text)
    else:
        return ""
    name = TRAILING_YEAR.sub("", name).strip(" :-–—.,;：，。")
    if quoted := QUOTED_NAME.match(name):
        name = next(filter(None, quoted.groups()))
    return name if len(name) <= MAX_NAME_LENGTH else ""


def _ends_a_phrase(text: str) -> bool:
    """Whether a text ends with a word that another word precedes; a single letter is too short for the only other."""
    words = WORD.findall(text)
    return len(words) > 1 and len("".join(words[1:])) > 1 and text.endswith(words[-1])


def first_words(text: str) -> str:
    """The text before the first dash, bracket or bar, or before a colon that follows at most MAX_NAME_WORDS words."""
    beginning = re.split(r"\s[-–—]\s|\(|\[|\|", inline.plain_text(text), maxsplit=1)[0].strip()
    short, colon, _ = beginning.partition(":")
    return short.strip() if colon and len(short.split()) <= MAX_NAME_WORDS else beginning


def row_payload(
    cells: list[str], meanings: list[str]
) -> tuple[dict[str, Any] | None, dict[str, list[tuple[str, str]]]]:
    """The payload of a table row; None if it has no name. `meanings` are those of the columns (see columns_of)."""
    by_meaning: dict[str, str] = {}
    found_links: list[inline.Link] = []
    year = None
    for cell, meaning in zip(cells, meanings, strict=False):
        links, text = inline.links(cell)
        found_links += links
        year = year or (inline.year_in(text) if meaning == "year" else None)
        by_meaning.setdefault(meaning, inline.plain_text(text) if meaning != "description" else text.strip())
    name = by_meaning.get("name", "")
    if not name and "name" in meanings and found_links:
        name = next((link.text for link in found_links if not link.is_generic and link.text), "")
    if not name or len(name) > MAX_NAME_LENGTH:
        return None, {}
    return entry_payload(name, year, by_meaning.get("description", ""), found_links)


def entry_payload(
    name: str, year: int | None, text: str, found_links: list[inline.Link]
) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
    """The fields of an entry, verbatim, plus those that its description states."""
    fields, parts = paper_fields(text)
    rows = [{"kind": link.label_kind or link_kind(link.url), "url": link.url, "label": ""} for link in found_links]
    payload: dict[str, Any] = {
        "name": name,
        "year": year,
        "summary": text,
        "links": without_repeated_urls(rows),
        **fields,
    }
    if paper := next(filter(None, (arxiv_id_of(link.url) for link in found_links)), ""):
        payload["arxiv_id"] = paper
    return payload, parts


def without_repeated_urls(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows, each URL once."""
    return list({row["url"]: row for row in reversed(rows)}.values())[::-1]


def kind_named_in(text: str) -> str:
    """The kind that a heading or a column names; "" if it names none or several."""
    lower = text.lower()
    kinds = [kind for kind, names in KIND_WORDS if any(name in lower for name in names)]
    if len(kinds) == 1:
        return kinds[0]
    return "paper" if "paper" in lower or "论文" in lower else ""
