"""Reading a list: headings, bullets with bold names, tables, topics with points, notes, a summary table."""

import re
from typing import Any

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.describe import arxiv_id, card_fields, link_kind, paper_fields
from catalog.exchange.awesome.parsed import ParsedEntry, ParsedList, ParsedSection, Problem, Style, SummaryRow
from catalog.exchange.awesome.tables import Table, columns_of, is_separator, split_row, widths_of
from catalog.slugs import slug_for

HEADING = re.compile(r"^(#{1,6})\s*(\S.*?)\s*#*\s*$")
BULLET = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(\S.*)$")
SEED = re.compile(
    r"^- \*\*(?P<name>.+?)\*\* \((?P<year>\d{4})\) - \[(?P<text>(?:\\.|[^\\])*)\]\((?P<url>[^()\s]+)\)\s*$"
)
OPEN_LINK = re.compile(r"\]\([^()\s]*$")
TAG = re.compile(r"^\[([^\[\]]{2,40})\]\s+(?=\S)")
UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
FENCE = re.compile(r"^\s*(```|~~~)")

FAMILIES = {
    "research direction": "research-directions",
    "challenge": "current-challenges",
    "emerging": "emerging-areas",
    "ethic": "ethics-and-practice",
}
# Headings below which nothing is an entry, however deep; and headings that only their own lines belong to.
ASIDE = re.compile(
    r"\b(contents?|toc|contribut\w*|licen[cs]es?|citations?|citing|acknowledge?ments?|star history|contact"
    r"|maintainers?|disclaimer|related (?:lists|awesome|repos\w*))\b",
    re.IGNORECASE,
)
NEARBY = re.compile(r"\b(news|updates?|changelog|todo|about|support|authors?|menu)\b", re.IGNORECASE)
NOTES = re.compile(r"^notes?\b", re.IGNORECASE)
SUMMARY = re.compile(r"^summary\b", re.IGNORECASE)
KIND_WORDS = {"dataset": "dataset", "benchmark": "benchmark", "paper": "model"}
LICENCES = re.compile(r"^For licenses?: (.+)$")
NAMED_LICENCE = re.compile(r"([^,()]+) \(([^()]+)\)")
MOST_CHARACTERS = 300
SHORT_NAME = 3


def parse(text: str) -> ParsedList:
    """Read a list. Never raises on any text; what it cannot read stands in `problems`."""
    reader = _Reader(text)
    reader.read()
    return reader.result


class _Reader:
    """One pass over the lines; every line ends up in exactly one block."""

    def __init__(self, text: str) -> None:
        self.lines = text.removeprefix("\ufeff").splitlines(keepends=True)
        self.result = ParsedList()
        self.at = 0
        self.path: list[ParsedSection] = []
        self.text: list[str] = ["\ufeff"] if text.startswith("\ufeff") else []
        self.fenced = False
        found = (inline.DEFINITION.match(line.rstrip("\r\n")) for line in self.lines)
        self.definitions = {match[1].strip().casefold(): match[2] for match in found if match}

    def read(self) -> None:
        while self.at < len(self.lines):
            self.step()
        self.flush()
        _settle(self.result)

    def step(self) -> None:
        """Read the block that starts at this line."""
        line = self.lines[self.at]
        if FENCE.match(line):
            self.fenced = not self.fenced
        elif not self.fenced:
            if heading := HEADING.match(line):
                return self.heading(len(heading[1]), heading[2], 1)
            if level := self.underlined(line):
                return self.heading(level, line.strip(), 2)
            if "|" in line and self.at + 1 < len(self.lines) and is_separator(self.lines[self.at + 1]):
                return self.table()
            if bullet := BULLET.match(line.rstrip("\r\n")):
                return self.bullet(bullet)
        self.keep(1)
        return None

    def keep(self, count: int) -> None:
        """Leave lines as they are."""
        self.text += self.lines[self.at : self.at + count]
        self.at += count

    def flush(self) -> None:
        if self.text:
            self.result.blocks.append("".join(self.text))
            self.text = []

    # -- headings

    def underlined(self, line: str) -> int:
        """The level of a heading that is underlined by = or -, 0 for any other line."""
        following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        rule = UNDERLINE.match(following) if line.strip() and line[0] not in " \t-*+>|#=[<" else None
        return (1 if rule[1][0] == "=" else 2) if rule else 0

    def heading(self, level: int, text: str, count: int) -> None:
        """Open the section that a heading of `count` lines names, or read the topic that it is."""
        emoji, name = split_emoji(inline.plain(inline.links(text)[1]))
        self.path = [section for section in self.path if section.level < level]
        family = self.family
        if family and not ASIDE.search(name):
            points = self.points_ahead()
            if points:
                return self.topic(emoji, name, points)
        section = ParsedSection(slug_for(name), name, emoji, level, len(self.result.sections), self.at + 1)
        section.parent = self.path[-1].slug if self.path else None
        section.family = next((key for word, key in FAMILIES.items() if word in name.lower()), "") if not family else ""
        self.result.sections.append(section)
        self.path.append(section)
        self.keep(count)
        return None

    @property
    def family(self) -> str:
        return next((section.family for section in self.path if section.family), "")

    @property
    def aside(self) -> bool:
        """Whether the lines here are about the list rather than in it."""
        nearest = bool(self.path) and bool(NEARBY.search(self.path[-1].name))
        return nearest or any(ASIDE.search(one.name) for one in self.path)

    @property
    def section(self) -> ParsedSection | None:
        return self.path[-1] if self.path else None

    def points_ahead(self) -> list[str]:
        """The bullets right below this heading, when all are plain words."""
        points: list[str] = []
        for line in self.lines[self.at + 1 :]:
            bullet = BULLET.match(line.rstrip("\r\n"))
            if not bullet:
                if line.strip() or points:
                    break
                continue
            found, words = inline.links(bullet[2])
            if found or bullet[1]:
                return []
            points.append(words.strip())
        return points

    def topic(self, emoji: str, name: str, points: list[str]) -> None:
        start = self.at
        seen = 0
        while seen < len(points):
            self.at += 1
            seen += bool(BULLET.match(self.lines[self.at].rstrip("\r\n")))
        self.at += 1
        raw = "".join(self.lines[start : self.at])
        payload = {"name": name, "emoji": emoji, "family": self.family, "points": points}
        heading = self.lines[start].rstrip("\r\n")
        self.add("topic", start + 1, raw, Style("topic", heading=heading), payload)

    # -- bullets

    def bullet(self, match: re.Match[str]) -> None:
        start, line = self.at, self.lines[self.at]
        section = self.section
        if section is None or self.aside:
            return self.keep(1)
        if NOTES.match(section.name):
            self.result.notes.append(match[2].strip())
            return self.keep(1)
        count, line = self.mended(line)
        payload, components = bullet_payload(inline.expanded(line, self.definitions))
        if payload is None:
            if inline.links(line)[0]:
                self.result.problems.append(Problem(start + 1, f"No name found in “{line.strip()[:80]}”."))
            return self.keep(1)
        self.at += count
        self.add(table_kind("", section, self.path), start + 1, line, Style("bullet"), payload, components)
        return None

    def mended(self, line: str) -> tuple[int, str]:
        """The bullet as one line, with a link that is broken over two put together again."""
        following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        if OPEN_LINK.search(line.rstrip("\r\n")) and following.lstrip().startswith(")"):
            self.result.repairs.append(Problem(self.at + 1, "The link is broken over two lines; they were joined."))
            return 2, line.rstrip("\r\n") + following.lstrip()
        return 1, line

    # -- tables

    def table(self) -> None:
        table = Table(split_row(self.lines[self.at]), widths_of(self.lines[self.at]))
        section = self.section
        self.keep(2)
        outside = section is None or self.aside or any(NOTES.match(one.name) for one in self.path)
        while self.at < len(self.lines) and "|" in self.lines[self.at]:
            raw = self.lines[self.at]
            if section is not None and SUMMARY.match(section.name):
                self.summary_row(raw, table)
            elif outside or section is None:
                self.keep(1)
            else:
                self.row(raw, table, section)

    def summary_row(self, raw: str, table: Table) -> None:
        cells = [inline.plain(cell) for cell in split_row(raw)]
        labels = [label.strip() for label in cells[1].split(",")] if len(cells) > 1 else []
        self.flush()
        self.result.blocks.append(SummaryRow(cells[0] if cells else "", labels, raw, table.widths))
        self.at += 1

    def row(self, raw: str, table: Table, section: ParsedSection) -> None:
        meanings = columns_of(table.header)
        payload, components = row_payload(split_row(inline.expanded(raw, self.definitions)), meanings)
        if payload is None:
            self.result.problems.append(Problem(self.at + 1, f"No name found in the row “{raw.strip()[:80]}”."))
            return self.keep(1)
        kind = table_kind(table.header[0] if table.header else "", section, self.path)
        line = self.at + 1
        self.at += 1
        self.add(kind, line, raw, Style("row", meanings, table.widths), payload, components)
        return None

    def add(  # noqa: PLR0917 -- the parts of a ParsedEntry, in its order
        self,
        kind: str,
        line: int,
        raw: str,
        style: Style,
        payload: dict[str, Any],
        components: dict[str, list[tuple[str, str]]] | None = None,
    ) -> None:
        self.flush()
        if kind in ("dataset", "benchmark"):
            payload = {**payload, **card_fields(payload.get("summary", ""))}
        section = self.section
        if section:
            section.kind = section.kind or kind
        entry = ParsedEntry(kind, line, raw, section.slug if section else None, style, payload)
        if kind == "paper":
            entry.components = components or {}
        else:
            for key in ("architecture", "variants", "modalities_in", "arxiv_id"):
                entry.payload.pop(key, None)
        self.result.blocks.append(entry)


def split_emoji(heading: str) -> tuple[str, str]:
    """The emoji a heading starts with, and the rest: "🎯 Alignment" gives ("🎯", "Alignment")."""
    match = re.match(r"^([^\w\s\"'“(\[#&/-][^\w\s]*)?\s*(.*)$", heading)
    return ((match[1] or "")[:16], match[2].strip() or heading) if match else ("", heading)


def bullet_payload(line: str) -> tuple[dict[str, Any] | None, dict[str, list[tuple[str, str]]]]:
    """A payload from a bullet, with the parts it names; None when no name can be found."""
    if match := SEED.match(line.rstrip("\r\n")):
        text = re.sub(r"\\([\[\]\\])", r"\1", match["text"])
        return entry_payload(inline.plain(match["name"]), int(match["year"]), text, [inline.Link("", match["url"])])
    body = BULLET.match(line.rstrip("\r\n"))
    content = body[2] if body else line
    tag = TAG.match(content)
    found, words = inline.links(content[tag.end() :] if tag else content)
    if not found:
        return None, {}
    content = content[tag.end() :] if tag else content
    bold = inline.BOLD.match(content.lstrip("[ "))
    named = next((link for link in found if not link.generic and link.text), None)
    name = inline.plain(inline.links(bold[1])[1]) if bold else named.text if named else first_words(words)
    name = re.sub(r"\s*\(?\b(19|20)\d\d\)?$", "", name).strip(" :-–—.,;")
    if not name or len(name) > MOST_CHARACTERS:
        return None, {}
    rest = inline.plain(words).replace(name, "", 1).strip(" :-–—.,;|[]()")
    year = inline.year_in(inline.plain(words)) or (inline.year_in(tag[1]) if tag else None)
    return entry_payload(name, year, rest, found)


def first_words(text: str) -> str:
    """What stands before the first dash, bracket or bar; a colon ends it too when what it ends is short."""
    words = re.split(r"\s[-–—]\s|\(|\[|\|", inline.plain(text), maxsplit=1)[0].strip()
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
        by_meaning.setdefault(meaning, inline.plain(words) if meaning != "description" else words.strip())
    name = by_meaning.get("name", "")
    if not name and "name" in meanings and found:
        name = next((link.text for link in found if not link.generic and link.text), "")
    if not name or len(name) > MOST_CHARACTERS:
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


def table_kind(first_column: str, section: ParsedSection, path: list[ParsedSection]) -> str:
    """The kind of the entries of a table or list: by its first column, else by the nearest heading that tells."""
    for words in (first_column, *(one.name for one in reversed(path))):
        lower = words.lower()
        told = [
            kind
            for kind, word in (("dataset", "dataset"), ("benchmark", "benchmark"), ("paper", "model"))
            if word in lower
        ]
        if len(told) == 1:
            return told[0]
        if "paper" in lower:
            return "paper"
    return "paper"


def _settle(result: ParsedList) -> None:
    """What can be said only at the end: licences that the notes state, slugs that stand once."""
    for note in result.notes:
        if stated := LICENCES.match(note):
            licences = {name.strip(): licence for name, licence in NAMED_LICENCE.findall(stated[1])}
            for entry in result.entries:
                if entry.kind == "dataset" and entry.name in licences:
                    entry.payload["licence"] = licences[entry.name]
    holds = {entry.section for entry in result.entries}
    parents = {section.parent for section in result.sections if section.slug in holds}
    result.sections = [
        section
        for section in result.sections
        if section.slug in holds or (section.slug in parents and section.level > 1)
    ]
    kept = {section.slug for section in result.sections}
    for section in result.sections:
        section.parent = section.parent if section.parent in kept else None
