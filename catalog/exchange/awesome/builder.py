"""Build the result of parsing a list from its parts, in the order of the file."""

from typing import Any

from catalog.exchange.awesome.blocks import Heading
from catalog.exchange.awesome.describe import card_fields, stated_licences
from catalog.exchange.awesome.outline import sections_in_use
from catalog.exchange.awesome.parsed import ParsedEntry, ParsedList, ParsedSection, Problem, Style, SummaryRow
from catalog.exchange.awesome.payloads import ComponentNames
from catalog.text.slugs import slug_for


class ListBuilder:
    """A parsed list in the making."""

    def __init__(self) -> None:
        self.result = ParsedList()
        self.verbatim: list[str] = []

    def finish(self) -> ParsedList:
        """The list, with the licences that the notes state and without sections that hold no entries."""
        self.flush()
        _add_licences(self.result)
        with_entries = {entry.section for entry in self.result.entries}
        self.result.sections = sections_in_use(self.result.sections, with_entries)
        return self.result

    def keep(self, text: str) -> None:
        """Add verbatim text."""
        self.verbatim.append(text)

    def flush(self) -> None:
        """End the block of verbatim text."""
        if self.verbatim:
            self.result.blocks.append("".join(self.verbatim))
            self.verbatim = []

    def add_problem(self, line: int, text: str) -> None:
        self.result.problems.append(Problem(line, text))

    def add_repair(self, line: int, text: str) -> None:
        self.result.repairs.append(Problem(line, text))

    def add_note(self, text: str) -> None:
        self.result.notes.append(text)

    def add_section(self, heading: Heading, emoji: str, name: str) -> ParsedSection:
        """Add the section of a heading and return it."""
        position = len(self.result.sections)
        section = ParsedSection(slug_for(name), name, emoji, heading.level, position, heading.line)
        self.result.sections.append(section)
        return section

    def add_summary_row(self, cells: list[str], raw: str, widths: list[int]) -> None:
        """Add a row of the summary table: a category, and names between commas."""
        labels = [label.strip() for label in cells[1].split(",")] if len(cells) > 1 else []
        self.flush()
        self.result.blocks.append(SummaryRow(cells[0] if cells else "", labels, raw, widths))

    def add_entry(  # noqa: PLR0917 -- the section and the parts of a ParsedEntry
        self,
        section: ParsedSection | None,
        kind: str,
        line: int,
        raw: str,
        style: Style,
        payload: dict[str, Any],
        components: ComponentNames | None = None,
    ) -> None:
        """Add an entry. Its section is of the kind of its first entry."""
        self.flush()
        if kind in ("dataset", "benchmark"):
            payload = {**payload, **card_fields(payload.get("summary", ""))}
        if section:
            section.kind = section.kind or kind
        entry = ParsedEntry(kind, line, raw, section.slug if section else None, style, payload)
        if kind == "paper":
            entry.components = components or {}
        else:
            for key in ("architecture", "variants", "modalities_in", "arxiv_id"):
                entry.payload.pop(key, None)
        self.result.blocks.append(entry)


def _add_licences(result: ParsedList) -> None:
    """Add the licences of datasets that the notes state."""
    for note in result.notes:
        licences = stated_licences(note)
        for entry in result.entries if licences else ():
            if entry.kind == "dataset" and entry.name in licences:
                entry.payload["licence"] = licences[entry.name]
