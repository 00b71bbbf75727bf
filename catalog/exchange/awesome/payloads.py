"""What one bullet or one row of a table says, as a payload: name, year, links and description, and nothing else."""

import re
from typing import Any

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.describe import arxiv_id, link_kind, paper_fields

BULLET = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(\S.*)$")
ITEM = re.compile(r"^(\s*)<li\b[^>]*>\s*(\S.*?)(?:</li>)?\s*$", re.IGNORECASE)
SEED = re.compile(
    r"^- \*\*(?P<name>.+?)\*\* \((?P<year>\d{4})\) - \[(?P<text>(?:\\.|[^\\])*)\]\((?P<url>[^()\s]+)\)\s*$"
)
VENUE = re.compile(r"^(?:\[([^\[\]]{2,40})\]|`([^`]{2,40}\d\d)`)\s+(?=\S)")
CODE_NAME = re.compile(r"^`[^`]{1,40}`\s+(?=\*\*)")
CITED = re.compile(r"^(?:\*\*[^*]{1,60}\*\*[:,]\s*)?(\[[^\[].*)$")
EMPTY = re.compile(r"[\[(（]\s*[,;|/]?\s*[\])）]")
BETWEEN = re.compile(r"\s*([,;，、])(?:\s*[,;，、])+")
DATED = re.compile(r"^[(（]\d{4}(?:[-/.]\d\d?)?[)）]")
EDGES = ' :-–—.,;|/"“”：，。、·'
WRAPPING = re.compile(r"^(?:<(?:details|summary|p|div|span|i|em|sup|sub)\b[^>]*>\s*)+", re.IGNORECASE)
QUOTED = re.compile(r"^(?:\"(.+)\"|“(.+)”|«(.+)»|《(.+)》)$")
SENTENCE = re.compile(r"\w+\W+\w.*\w$", re.DOTALL)
KINDS = (("dataset", ("dataset", "数据集")), ("benchmark", ("benchmark", "基准", "评测")), ("paper", ("model", "模型")))
MAX_CHARACTERS = 300
SHORT_NAME = 3
MAX_WORDS = 12  # of a citation, behind its title
Parts = dict[str, list[tuple[str, str]]]


def match_bullet(line: str) -> re.Match[str] | None:
    """The indent and the content of a bullet, written in Markdown or in HTML."""
    line = line.rstrip("\r\n")
    return BULLET.match(line) or ITEM.match(line)


def bullet_payload(line: str) -> tuple[dict[str, Any] | None, Parts]:
    """A payload from a bullet, with the parts it names; None when no name can be found."""
    match = SEED.match(line.rstrip("\r\n"))
    if match and not inline.Link(match["text"], match["url"]).generic:
        text = re.sub(r"\\([\[\]\\])", r"\1", match["text"])
        return entry_payload(
            inline.plain_text(match["name"]), int(match["year"]), text, [inline.Link("", match["url"])]
        )
    body = match_bullet(line)
    return content_payload(body[2] if body else line)


def citation_payload(line: str) -> tuple[dict[str, Any] | None, Parts]:
    """A payload from a line of its own that starts with a linked title, a task in bold before it or not: "[Title](url),
    ACL 2021 [[code]](url)". None for any other line, which may well be a sentence with a link."""
    cited = CITED.match(line.strip())
    if not cited:
        return None, {}
    found, words = inline.links(cited[1])
    rest = inline.plain_text(words).removeprefix(found[0].text if found else "")
    short = len(rest.split()) <= MAX_WORDS and (inline.year_in(rest) or any(link.generic for link in found))
    return content_payload(cited[1]) if found and not found[0].generic and short else (None, {})


def content_payload(content: str) -> tuple[dict[str, Any] | None, Parts]:
    """A payload from what stands behind a bullet's mark."""
    content = inline.bold_by_stars(WRAPPING.sub("", content))
    venue = VENUE.match(content) or CODE_NAME.match(content)
    content = content[venue.end() :] if venue else content
    found, words = inline.links(content)
    name = bullet_name(content, found, words)
    if not name:
        return None, {}
    year = inline.year_in(inline.plain_text(words)) or (inline.year_in(venue[0]) if venue else None)
    return entry_payload(name, year, described(words, name), found)


def described(words: str, name: str) -> str:
    """What a line says besides its name and its links, without the marks that stood between them."""
    rest = inline.plain_text(words).replace(name, "", 1)
    rest = BETWEEN.sub(r"\1", EMPTY.sub("", EMPTY.sub("", rest)))
    return DATED.sub("", " ".join(rest.split()).strip(EDGES)).strip(EDGES)


def bullet_name(content: str, found: list[inline.Link], words: str) -> str:
    """The name: what is bold at the start, else the first link that is one, else the first words; "" for none."""
    bold = inline.BOLD.match(content.lstrip("[ "))
    named = next((link for link in found if not link.generic and link.text), None)
    if bold and found:
        name = inline.plain_text(inline.links(bold[1])[1])
    elif named and SENTENCE.search(inline.plain_text(words.partition(named.text)[0])):
        return ""  # a link within a sentence names no entry
    elif found:
        name = named.text if named else first_words(words)
    else:
        return ""
    name = re.sub(r"\s*[(（]?\b(19|20)\d\d[)）]?$", "", name).strip(" :-–—.,;：，。")
    if quoted := QUOTED.match(name):
        name = next(filter(None, quoted.groups()))
    return name if len(name) <= MAX_CHARACTERS else ""


def first_words(text: str) -> str:
    """What stands before the first dash, bracket or bar; a colon ends it too when what it ends is short."""
    words = re.split(r"\s[-–—]\s|\(|\[|\|", inline.plain_text(text), maxsplit=1)[0].strip()
    short, colon, _ = words.partition(":")
    return short.strip() if colon and len(short.split()) <= SHORT_NAME else words


def row_payload(
    cells: list[str], meanings: list[str]
) -> tuple[dict[str, Any] | None, dict[str, list[tuple[str, str]]]]:
    """A payload from a table's row, by what its columns mean; None when the cell of the name is empty."""
    by_meaning: dict[str, str] = {}
    found: list[inline.Link] = []
    year = None
    for cell, meaning in zip(cells, meanings, strict=False):
        links, words = inline.links(cell)
        found += links
        year = year or (inline.year_in(words) if meaning == "year" else None)
        by_meaning.setdefault(meaning, inline.plain_text(words) if meaning != "description" else words.strip())
    name = by_meaning.get("name", "")
    if not name and "name" in meanings and found:
        name = next((link.text for link in found if not link.generic and link.text), "")
    if not name or len(name) > MAX_CHARACTERS:
        return None, {}
    return entry_payload(name, year, by_meaning.get("description", ""), found)


def entry_payload(
    name: str, year: int | None, text: str, found: list[inline.Link]
) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
    """The fields of an entry, verbatim, and what its description states besides."""
    fields, parts = paper_fields(text)
    rows = [{"kind": link.label_kind or link_kind(link.url), "url": link.url, "label": ""} for link in found]
    payload: dict[str, Any] = {"name": name, "year": year, "summary": text, "links": unique(rows), **fields}
    if paper := next(filter(None, (arxiv_id(link.url) for link in found)), ""):
        payload["arxiv_id"] = paper
    return payload, parts


def unique(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows without repeated addresses."""
    return list({row["url"]: row for row in reversed(rows)}.values())[::-1]


def kind_told(words: str) -> str:
    """The kind that a heading or a column's name tells: none when it names two, or none."""
    lower = words.lower()
    told = [kind for kind, names in KINDS if any(name in lower for name in names)]
    if len(told) == 1:
        return told[0]
    return "paper" if "paper" in lower or "论文" in lower else ""
