"""Build the result of parsing a list from its parts, in the order of the file."""

from typing import Any

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.blocks import Heading
from catalog.exchange.awesome.describe import card_fields, paper_fields, stated_licences
from catalog.exchange.awesome.lines import Lines, matters
from catalog.exchange.awesome.outline import sections_in_use
from catalog.exchange.awesome.parsed import (
    READ,
    REFUSED,
    SKIPPED,
    Account,
    ParsedEntry,
    ParsedList,
    ParsedSection,
    Problem,
    Style,
    SummaryRow,
)
from catalog.exchange.awesome.payloads import ComponentNames
from catalog.text.slugs import numbered, slug_for


class ListBuilder:
    """A parsed list in the making. Whoever adds text says of its lines what became of them."""

    def __init__(self, lines: Lines) -> None:
        self.result = ParsedList()
        self.verbatim: list[str] = []
        self.lines = lines
        self.accounts: dict[int, Account] = {}
        self.section_slugs: dict[str, str] = {}
        self.slug_numbers: dict[str, int] = {}

    def finish(self) -> ParsedList:
        """The list, with the licences that the notes state and without sections that hold no entries."""
        self.flush()
        _add_licences(self.result)
        with_entries = {entry.section for entry in self.result.entries}
        self.result.sections = sections_in_use(self.result.sections, with_entries)
        self.result.accounts = self.all_accounts()
        return self.result

    def keep(self, text: str) -> None:
        """Add verbatim text."""
        self.verbatim.append(text)

    def flush(self) -> None:
        """End the block of verbatim text."""
        if self.verbatim:
            self.result.blocks.append("".join(self.verbatim))
            self.verbatim = []

    def account(self, line: int, last: int, outcome: str, text: str) -> None:
        """Say what became of these lines, of which a later call may say more."""
        account = Account(line, last, outcome, text)
        self.accounts |= dict.fromkeys(range(line, last + 1), account)

    def all_accounts(self) -> list[Account]:
        """What became of each line that matters, with neighbours of the same fate together."""
        found: list[Account] = []
        for line, raw in enumerate(self.lines.raw, 1):
            if not matters(raw):
                continue
            account = self.accounts.get(line) or Account(line, line, SKIPPED, self.reason_for(line, raw))
            last = found[-1] if found else None
            if last and account.outcome == SKIPPED and (last.outcome, last.text) == (SKIPPED, account.text):
                found[-1] = Account(last.line, line, SKIPPED, last.text)
            elif last is not account:
                found.append(account)
        return found

    def reason_for(self, line: int, raw: str) -> str:
        """Why a line is in no block that says so itself."""
        if reason := self.lines.hidden.get(line - 1):
            return reason
        return "where a link leads to" if inline.definitions([raw]) else "not part of an entry"

    def add_problem(self, line: int, text: str, last: int = 0) -> None:
        self.result.problems.append(Problem(line, text))
        self.account(line, last or line, REFUSED, text)

    def add_repair(self, line: int, text: str) -> None:
        self.result.repairs.append(Problem(line, text))

    def add_note(self, text: str) -> None:
        self.result.notes.append(text)

    def add_section(self, heading: Heading, emoji: str, name: str) -> ParsedSection:
        """Add the section of a heading and return it."""
        position = len(self.result.sections)
        section = ParsedSection(self.section_slug(name), name, emoji, heading.level, position, heading.line)
        self.result.sections.append(section)
        return section

    def section_slug(self, name: str) -> str:
        """The slug of a section: that of an earlier one of the same name, else one that no other has."""
        if name not in self.section_slugs:
            base = slug_for(name)
            number = self.slug_numbers[base] = self.slug_numbers.get(base, 0) + 1
            self.section_slugs[name] = base if number == 1 else numbered(base, number)
        return self.section_slugs[name]

    def add_summary_row(self, line: int, cells: list[str], raw: str, widths: list[int]) -> None:
        """Add a row of the summary table: a category, and names between commas."""
        labels = [label.strip() for label in cells[1].split(",")] if len(cells) > 1 else []
        self.flush()
        self.account(line, line, READ, "a row of the summary table")
        self.result.blocks.append(SummaryRow(cells[0] if cells else "", labels, raw, widths))

    def add_entry(  # noqa: PLR0917 -- the section and the parts of a ParsedEntry
        self,
        section: ParsedSection | None,
        kind: str,
        lines: tuple[int, int],
        raw: str,
        style: Style,
        payload: dict[str, Any],
        components: ComponentNames | None = None,
    ) -> None:
        """Add an entry, whose first and last lines these are. Its section is of the kind of its first entry."""
        self.flush()
        derived = paper_fields(payload.get("summary", ""))[0]
        if kind in ("dataset", "benchmark"):
            derived = {key: value for key, value in derived.items() if key == "languages"}
            derived |= {} if payload.get("size") else card_fields(payload.get("summary", ""))
            counted = card_fields(payload.get("size", ""))
            payload = {**counted, **payload, **derived}
            derived |= {key: value for key, value in counted.items() if key != "size"}
        if section:
            section.kind = section.kind or kind
        entry = ParsedEntry(kind, lines[0], raw, section.slug if section else None, style, payload)
        entry.derived = tuple(derived)
        self.account(*lines, READ, f"{kind} “{entry.name}”")
        if kind == "paper":
            entry.components = components or {}
            modalities = entry.payload.pop("modalities", [])
            entry.payload |= {"modalities_in": modalities} if modalities else {}
            for key in ("size", "licence"):
                entry.payload.pop(key, None)
        else:
            for key in ("architecture", "variants", "modalities_in", "arxiv_id", "doi", "venue"):
                entry.payload.pop(key, None)
        self.result.blocks.append(entry)


def _add_licences(result: ParsedList) -> None:
    """Add the licences of datasets that the notes state."""
    licences = {name: licence for note in result.notes for name, licence in stated_licences(note).items()}
    for entry in result.entries if licences else ():
        if entry.kind == "dataset" and entry.name in licences:
            entry.payload["licence"] = licences[entry.name]
            entry.derived = (*entry.derived, "licence")
