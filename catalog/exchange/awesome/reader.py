"""Parse a list: headings, bullets with bold names, tables, topics with points, notes, a summary table."""

import re
from collections.abc import Callable
from typing import Any

from catalog.exchange.awesome import headings, inline
from catalog.exchange.awesome.describe import card_fields
from catalog.exchange.awesome.parsed import ParsedEntry, ParsedList, ParsedSection, Problem, Style, SummaryRow
from catalog.exchange.awesome.payloads import (
    ComponentNames,
    bullet_payload,
    citation_payload,
    kind_named_in,
    match_bullet,
    row_payload,
)
from catalog.exchange.awesome.tables import Table, columns_of, is_separator, split_row, widths_of
from catalog.text.slugs import slug_for

HEADING = re.compile(r"^(#{1,6})\s*(\S.*?)\s*#*\s*$")
OPEN_LINK = re.compile(r"\]\([^()\s]*$")
UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
MAX_LINE_LENGTH = 5_000  # a longer line is an embedded image, not an entry
MAX_LINK_LINES = 5  # lines of links below an entry
FENCE = re.compile(r"^\s*(```|~~~)")

LICENCES = re.compile(r"^For licenses?: (.+)$")
NAMED_LICENCE = re.compile(r"([^,()]+) \(([^()]+)\)")


def parse(text: str) -> ParsedList:
    """Parse a list. Never raises; lines that cannot be parsed are in `problems`."""
    reader = _Reader(text)
    reader.read()
    return reader.result


class _Reader:
    """One pass over the lines; every line ends up in exactly one block."""

    def __init__(self, text: str) -> None:
        self.lines = text.removeprefix("\ufeff").splitlines(keepends=True)
        self.result = ParsedList()
        self.position = 0
        self.path: list[ParsedSection] = []
        self.verbatim: list[str] = ["\ufeff"] if text.startswith("\ufeff") else []
        self.fenced = False
        matches = (inline.DEFINITION.match(line.rstrip("\r\n")) for line in self.lines)
        self.definitions = {match[1].strip().casefold(): match[2] for match in matches if match}

    def read(self) -> None:
        while self.position < len(self.lines):
            self.read_block()
        self.flush()
        _finish(self.result)

    def read_block(self) -> None:
        """Parse the block that starts at this line."""
        line = self.lines[self.position]
        if FENCE.match(line):
            self.fenced = not self.fenced
        elif len(line) > MAX_LINE_LENGTH:
            self.result.problems.append(
                Problem(self.position + 1, f"The line is longer than {MAX_LINE_LENGTH} characters.")
            )
        elif not self.fenced:
            if heading := HEADING.match(line):
                return self.read_heading(len(heading[1]), heading[2], 1)
            if level := self.underlined_level(line):
                return self.read_heading(level, line.strip(), 2)
            if "|" in line and self.position + 1 < len(self.lines) and is_separator(self.lines[self.position + 1]):
                return self.read_table()
            if bullet := match_bullet(line):
                return self.read_bullet(bullet)
            if line.startswith(("[", "**")):
                return self.read_citation()
        self.keep_verbatim(1)
        return None

    def keep_verbatim(self, count: int) -> None:
        """Add the next `count` lines to the verbatim text."""
        self.verbatim += self.lines[self.position : self.position + count]
        self.position += count

    def flush(self) -> None:
        if self.verbatim:
            self.result.blocks.append("".join(self.verbatim))
            self.verbatim = []

    # -- headings

    def underlined_level(self, line: str) -> int:
        """The level of a heading that is underlined with = or -; 0 for other lines."""
        next_line = self.lines[self.position + 1] if self.position + 1 < len(self.lines) else ""
        rule = UNDERLINE.match(next_line) if line.strip() and line[0] not in " \t-*+>|#=[<" else None
        return (1 if rule[1][0] == "=" else 2) if rule else 0

    def read_heading(self, level: int, text: str, count: int) -> None:
        """Begin the section of a heading, which takes `count` lines; or parse it as a topic."""
        emoji, name = headings.split_emoji(inline.plain_text(inline.links(text)[1]))
        self.path = [section for section in self.path if section.level < level]
        family = self.family
        if family and not headings.NON_ENTRY_HEADING.search(name):
            points = self.points_below()
            if points:
                return self.read_topic(emoji, name, points)
        section = ParsedSection(slug_for(name), name, emoji, level, len(self.result.sections), self.position + 1)
        section.parent = self.path[-1].slug if self.path else None
        section.family = (
            next((key for word, key in headings.FAMILIES.items() if word in name.lower()), "") if not family else ""
        )
        self.result.sections.append(section)
        self.path.append(section)
        self.keep_verbatim(count)
        return None

    @property
    def family(self) -> str:
        return next((section.family for section in self.path if section.family), "")

    @property
    def is_outside_list(self) -> bool:
        """Whether the lines below the current headings are about the list and are no entries."""
        nearest = bool(self.path) and bool(headings.NON_ENTRY_LINES_HEADING.search(self.path[-1].name))
        return nearest or any(headings.NON_ENTRY_HEADING.search(section.name) for section in self.path)

    @property
    def section(self) -> ParsedSection | None:
        return self.path[-1] if self.path else None

    def kind_here(self, first_column: str) -> str:
        """The kind of the entries here: named by the table's first column, else by the nearest heading with one."""
        names = (first_column, *(section.name for section in reversed(self.path)))
        return next(filter(None, map(kind_named_in, names)), "paper")

    def points_below(self) -> list[str]:
        """The bullets directly below this heading if none has a link or an indent, else []."""
        points: list[str] = []
        for line in self.lines[self.position + 1 :]:
            bullet = match_bullet(line)
            if not bullet:
                if line.strip() or points:
                    break
                continue
            found_links, text = inline.links(bullet[2])
            if found_links or bullet[1]:
                return []
            points.append(text.strip())
        return points

    def read_topic(self, emoji: str, name: str, points: list[str]) -> None:
        start = self.position
        bullets = 0
        while bullets < len(points):
            self.position += 1
            bullets += bool(match_bullet(self.lines[self.position]))
        self.position += 1
        raw = "".join(self.lines[start : self.position])
        payload = {"name": name, "emoji": emoji, "family": self.family, "points": points}
        heading = self.lines[start].rstrip("\r\n")
        self.add_entry("topic", start + 1, raw, Style("topic", heading=heading), payload)

    # -- bullets

    def read_bullet(self, match: re.Match[str]) -> None:
        start, line = self.position, self.lines[self.position]
        section = self.section
        if section is None or self.is_outside_list:
            return self.keep_verbatim(1)
        if headings.NOTES_HEADING.match(section.name):
            self.result.notes.append(match[2].strip())
            return self.keep_verbatim(1)
        count, line = self.join_broken_link(line)
        if not self.read_entry(count, line, bullet_payload):
            if inline.links(line)[0]:
                self.result.problems.append(Problem(start + 1, f"No name found in “{line.strip()[:80]}”."))
            self.keep_verbatim(1)
        return None

    def read_citation(self) -> None:
        """Parse a line without a bullet as an entry, else keep it."""
        skip = self.section is None or self.is_outside_list
        if skip or not self.read_entry(1, self.lines[self.position], citation_payload):
            self.keep_verbatim(1)

    def read_entry(
        self, count: int, line: str, payload_of: Callable[[str], tuple[dict[str, Any] | None, ComponentNames]]
    ) -> bool:
        """Add the entry in `line` (of `count` lines) and the links below it; return False if it is no entry."""
        link_lines = self.links_below(count)
        text = " ".join([line.rstrip(), *(one.strip() for one in link_lines)])
        payload, components = payload_of(inline.with_reference_links_expanded(text, self.definitions))
        if payload is None:
            return False
        start = self.position
        self.position += count + len(link_lines)
        self.add_entry(
            self.kind_here(""), start + 1, "".join([line, *link_lines]), Style("bullet"), payload, components
        )
        return True

    def links_below(self, count: int) -> list[str]:
        """The lines after these `count` that hold further links of the same entry."""
        link_lines: list[str] = []
        for line in self.lines[self.position + count : self.position + count + MAX_LINK_LINES]:
            if not inline.starts_with_link(line) or citation_payload(line)[0]:
                break
            link_lines.append(line)
        return link_lines

    def join_broken_link(self, line: str) -> tuple[int, str]:
        """The number of lines of a bullet and its text; a link that is broken over two lines is joined."""
        next_line = self.lines[self.position + 1] if self.position + 1 < len(self.lines) else ""
        if OPEN_LINK.search(line.rstrip("\r\n")) and next_line.lstrip().startswith(")"):
            self.result.repairs.append(
                Problem(self.position + 1, "The link is broken over two lines; they were joined.")
            )
            return 2, line.rstrip("\r\n") + next_line.lstrip()
        return 1, line

    # -- tables

    def read_table(self) -> None:
        table = Table(split_row(self.lines[self.position]), widths_of(self.lines[self.position]))
        section = self.section
        self.keep_verbatim(2)
        skip = (
            section is None or self.is_outside_list or any(headings.NOTES_HEADING.match(one.name) for one in self.path)
        )
        while self.position < len(self.lines) and "|" in self.lines[self.position]:
            raw = self.lines[self.position]
            if section is not None and headings.SUMMARY_HEADING.match(section.name):
                self.read_summary_row(raw, table)
            elif skip or section is None:
                self.keep_verbatim(1)
            else:
                self.read_row(raw, table, section)

    def read_summary_row(self, raw: str, table: Table) -> None:
        cells = [inline.plain_text(cell) for cell in split_row(raw)]
        labels = [label.strip() for label in cells[1].split(",")] if len(cells) > 1 else []
        self.flush()
        self.result.blocks.append(SummaryRow(cells[0] if cells else "", labels, raw, table.widths))
        self.position += 1

    def read_row(self, raw: str, table: Table, section: ParsedSection) -> None:
        meanings = columns_of(table.header)
        payload, components = row_payload(
            split_row(inline.with_reference_links_expanded(raw, self.definitions)), meanings
        )
        if payload is None:
            self.result.problems.append(Problem(self.position + 1, f"No name found in the row “{raw.strip()[:80]}”."))
            return self.keep_verbatim(1)
        kind = self.kind_here(table.header[0] if table.header else "")
        line = self.position + 1
        self.position += 1
        self.add_entry(kind, line, raw, Style("row", meanings, table.widths), payload, components)
        return None

    def add_entry(  # noqa: PLR0917 -- the parts of a ParsedEntry, in its order
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


def _finish(result: ParsedList) -> None:
    """Finish the result: add licences that the notes state, remove sections without entries."""
    for note in result.notes:
        if stated := LICENCES.match(note):
            licences = {name.strip(): licence for name, licence in NAMED_LICENCE.findall(stated[1])}
            for entry in result.entries:
                if entry.kind == "dataset" and entry.name in licences:
                    entry.payload["licence"] = licences[entry.name]
    with_entries = {entry.section for entry in result.entries}
    parents = {section.parent for section in result.sections if section.slug in with_entries}
    result.sections = [
        section
        for section in result.sections
        if section.slug in with_entries or (section.slug in parents and section.level > 1)
    ]
    kept_slugs = {section.slug for section in result.sections}
    for section in result.sections:
        section.parent = section.parent if section.parent in kept_slugs else None
