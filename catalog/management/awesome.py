"""Import a list into the catalogue through `publish`, in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.exchange.awesome.parsed import (
    REFUSED,
    Account,
    ParsedEntry,
    ParsedList,
    ParsedSection,
    Problem,
    SummaryRow,
)
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.writer import stated_values_of
from catalog.forms.fields import refuse_invisible
from catalog.kinds import KINDS
from catalog.ledger.former_entries import former_matches
from catalog.ledger.identity import KEYS_PER_QUERY, ByIdentity, Identity, identity_of, known_entries
from catalog.ledger.payloads import payload_of
from catalog.ledger.publishing import PayloadError, publish
from catalog.ledger.trace import Trace
from catalog.models import FormerSlug, ListLayout, Revision, Section
from catalog.text.slugs import slug_for

COMPONENT_TYPES = {
    "vision_encoders": "vision-encoder",
    "language_backbones": "language-model",
    "other_encoders": "audio-encoder",
}
Progress = Callable[[int, int], None]


PUBLISHED, PRESENT, DIFFERS, TWICE = "published", "there already", "differs", "twice"
ASKED = "there under another name?"


@dataclass
class ImportReport:
    """The outcome of an import.

    `created`, `present`, `differing`, `questions` (there under another name?) and `twice` are entries by outcome,
    `problems` the lines that could not be read or were refused, `repairs` those that were mended. `lines` say of every
    line that holds a link or looks like an item what became of it: READ stands in none of them any more.
    """

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    components: int = 0
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lines: list[Account] = field(default_factory=list)


class DryRunRollback(Exception):
    """Raised to roll a dry run back."""


def import_list(
    text: str,
    *,
    name: str,
    contributor: AbstractBaseUser,
    approver: AbstractBaseUser,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Publish the entries of a list that are not in the catalogue, in one transaction; what is refused is reported.

    An existing entry (by its identifiers, then by its names, present or former) is not changed, and reported as
    differing if the list states other values than each of the entry's revisions. Nor is a line published whose
    identifier an entry or an earlier line has under another name: which of both it is, is reported as a question.
    `name` identifies the list's layout; a later import of the same list replaces it. With `dry_run`, everything is
    rolled back.
    """
    parsed = parse(text)
    parsed.leave_out_links_to(settings.SITE_URL)
    importer = _Importer(parsed, name, contributor, approver, progress)
    try:
        with transaction.atomic():
            importer.run(text)
            if dry_run:
                raise DryRunRollback
    except DryRunRollback:
        pass  # rolled back, as requested
    return importer.report


class _Importer:
    def __init__(
        self,
        parsed: ParsedList,
        name: str,
        contributor: AbstractBaseUser,
        approver: AbstractBaseUser,
        progress: Progress | None,
    ) -> None:
        self.parsed, self.name = parsed, name
        self.contributor, self.approver = contributor, approver
        self.progress = progress
        self.report = ImportReport(problems=[*parsed.problems], repairs=parsed.repairs)
        self.past: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self.sections: dict[str, Section] = {}
        self.slots: dict[int, _Slot] = {}
        self.outcomes: dict[int, tuple[str, str]] = {}

    def run(self, text: str) -> None:
        for section in self.parsed.sections:
            self.import_section(section)
        entries = self.parsed.entries
        Revision.objects.take_publish_lock()  # so that no other import publishes what is not found here
        identities = [identity_of(KINDS[entry.kind], entry.payload) for entry in entries]
        existing = existing_matches(entries, identities)
        self.past = past_values((entry.kind, match.id) for entry, match in zip(entries, existing, strict=True) if match)
        seen = ByIdentity[ParsedEntry]()
        for number, (entry, identity, match) in enumerate(zip(entries, identities, existing, strict=True), 1):
            self.import_entry(entry, identity, match, seen)
            if id(entry) in self.slots and self.outcomes.get(entry.line, ("",))[0] != TWICE:
                seen.add(KINDS[entry.kind], identity, entry)
            self.report.counts[entry.kind] = self.report.counts.get(entry.kind, 0) + 1
            if self.progress:
                self.progress(number, len(entries))
        self.report.lines = [self.final(account) for account in self.parsed.accounts]
        self.report.problems.sort(key=lambda problem: problem.line)
        self.store_layout(text)

    def final(self, account: Account) -> Account:
        """What became of lines that were read."""
        outcome, text = self.outcomes.get(account.line, (account.outcome, account.text))
        return Account(account.line, account.last, outcome, text)

    def import_section(self, parsed: ParsedSection) -> None:
        """Save a section, or report that its name is refused; its entries then stand in none."""
        try:
            refuse_invisible(parsed.name)
        except ValidationError as error:
            reasons = " ".join(str(message) for message in error.messages)
            self.report.problems.append(
                Problem(parsed.line, f"The heading is refused, its entries stand in no section. {reasons}")
            )
            return
        values = {
            "name": parsed.name[:200],
            "emoji": parsed.emoji,
            "kind": parsed.kind,
            "level": parsed.level,
            "position": parsed.position,
            "parent": self.sections.get(parsed.parent or ""),
        }
        self.sections[parsed.slug] = Section.objects.update_or_create(slug=parsed.slug, defaults=values)[0]

    def import_entry(
        self, entry: ParsedEntry, identity: Identity, match: "_Existing | None", seen: ByIdentity[ParsedEntry]
    ) -> None:
        """Publish an entry unless the catalogue or an earlier line has it, perhaps under another name."""
        earlier = seen.find(KINDS[entry.kind], identity)
        if earlier and not earlier.doubt:
            self.report_twice(entry, earlier.found)
        elif match:
            self.report_existing(entry, match)
        elif earlier and not earlier.is_weak:
            other = earlier.found
            self.ask(entry, f"line {other.line}, “{other.name}”, {earlier.doubt}")
            self.stand_for(entry, other)
        else:
            self.import_new(entry)

    def import_new(self, entry: ParsedEntry) -> None:
        """Publish an entry, or report why it is refused."""
        what = f"{entry.kind} {entry.name}"
        try:
            with transaction.atomic():
                revision = self.publish_entry(entry)
        except PayloadError as error:
            self.report.problems.append(Problem(entry.line, f"“{entry.name}” is refused: {error}"))
            self.outcomes[entry.line] = (REFUSED, f"{what}: {error}")
            return
        self.report.created.append(f"{entry.kind} {revision.slug}")
        self.outcomes[entry.line] = (PUBLISHED, what)
        written = stated_values_of(payload_of(revision))
        self.slots[id(entry)] = _Slot(entry.kind, revision.entry_id, written, is_own=True)

    def publish_entry(self, entry: ParsedEntry) -> Revision:
        payload = {**entry.payload, "section": entry.section if entry.section in self.sections else None}
        for key, parts in entry.components.items():
            payload[key] = [
                {"component": self.import_component(name, key), "variants": [], "note": note} for name, note in parts
            ]
        return self.publish(entry.kind, payload, f"From the list, line {entry.line}.")

    def report_existing(self, entry: ParsedEntry, match: "_Existing") -> None:
        """Report an entry that the catalogue has, or may have under another name."""
        what, stated = f"{entry.kind} {entry.name}", stated_values_of(entry.payload)
        is_same = stated in self.past[entry.kind, match.id]
        if match.doubt:
            self.ask(entry, match.doubt)
        else:
            rows = self.report.present if is_same else self.report.differing
            rows.append(f"line {entry.line}: {what}")
            self.outcomes[entry.line] = (PRESENT if is_same else DIFFERS, what)
        self.slots[id(entry)] = _Slot(entry.kind, match.id, stated, is_own=is_same)

    def report_twice(self, entry: ParsedEntry, earlier: ParsedEntry) -> None:
        """Report a second mention of an entry."""
        what = f"{entry.kind} {entry.name}, the same as line {earlier.line}"
        self.report.twice.append(f"line {entry.line}: {what}")
        self.outcomes[entry.line] = (TWICE, what)
        self.stand_for(entry, earlier)

    def stand_for(self, entry: ParsedEntry, earlier: ParsedEntry) -> None:
        """Keep a line as one about the entry of an earlier line: it stays as it is unless it says just the same."""
        slot = self.slots[id(earlier)]
        is_own = slot.is_own and stated_values_of(entry.payload) == slot.stated
        self.slots[id(entry)] = replace(slot, is_own=is_own)

    def ask(self, entry: ParsedEntry, reason: str) -> None:
        """Report that an entry may be there under another name, which a person has to say."""
        what = f"{entry.kind} {entry.name}: {reason}"
        self.report.questions.append(f"line {entry.line}: {what}")
        self.outcomes[entry.line] = (ASKED, what)

    def import_component(self, name: str, key: str) -> str:
        """The slug of the component with this name, which is published if it is new."""
        slug = slug_for(name)
        model = KINDS["component"].model
        if model.objects.filter(slug=slug).exists():
            return slug
        ids = FormerSlug.objects.entry_ids("component", [slug]).values()
        if live := model.objects.filter(pk__in=ids).first():
            return live.slug
        self.report.components += 1
        payload = {"name": name, "type": COMPONENT_TYPES[key]}
        return self.publish("component", payload, "Named in the list.").slug

    def publish(self, kind: str, payload: dict[str, Any], comment: str) -> Revision:
        return publish(
            kind=KINDS[kind],
            payload=payload,
            trace=Trace(self.contributor, self.approver, self.name, comment),
        )

    def store_layout(self, text: str) -> None:
        """Store the layout of the list, unless that of the same file is stored already."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        if ListLayout.objects.filter(name=self.name, digest=digest).exists():
            return
        slots = [(entry.name, self.slots[id(entry)]) for entry in self.parsed.entries if id(entry) in self.slots]
        names = {name: (slot.kind, slot.id) for name, slot in slots}
        blocks = [self.layout_block(block, names) for block in self.parsed.blocks]
        values = {"blocks": blocks, "notes": self.parsed.notes, "digest": digest, "imported_at": timezone.now()}
        ListLayout.objects.update_or_create(name=self.name, defaults=values)

    def layout_block(self, block: str | ParsedEntry | SummaryRow, names: dict[str, tuple[str, int]]) -> dict[str, Any]:
        if isinstance(block, str):
            return {"text": block}
        if isinstance(block, SummaryRow):
            members = [summary_member(label, names) for label in block.labels]
            return {
                "summary": {"category": block.category, "members": members, "raw": block.raw, "widths": block.widths}
            }
        slot = self.slots.get(id(block))
        if slot is None:
            return {"text": block.raw}
        style = {
            "form": block.style.form,
            "columns": block.style.columns,
            "widths": block.style.widths,
            "heading": block.style.heading,
        }
        row = {"kind": slot.kind, "id": slot.id, "section": block.section, "raw": block.raw, "style": style}
        return {"entry": {**row, "parsed": slot.stated, **({} if slot.is_own else {"kept": True})}}


@dataclass(frozen=True)
class _Slot:
    """The entry that lines of the list are about: the values with which it came from them, if it did (`is_own`)."""

    kind: str
    id: int
    stated: dict[str, Any]
    is_own: bool


def past_values(refs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What a list would have stated of entries, by kind and id, at each of their revisions: one query for every 5,000
    entries of a kind."""
    ids: dict[str, list[int]] = {}
    for kind, pk in sorted(set(refs)):
        ids.setdefault(kind, []).append(pk)
    past: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for kind, of_kind in ids.items():
        for start in range(0, len(of_kind), KEYS_PER_QUERY):
            some = of_kind[start : start + KEYS_PER_QUERY]
            for revision in Revision.objects.filter(kind=kind, entry_id__in=some).iterator():
                past.setdefault((kind, revision.entry_id), []).append(stated_values_of(payload_of(revision)))
    return past


@dataclass(frozen=True)
class _Existing:
    """The entry that a line is about, and why that is doubtful; "" if it is certain."""

    id: int
    doubt: str


def existing_matches(entries: Sequence[ParsedEntry], identities: Sequence[Identity]) -> list[_Existing | None]:
    """The entries that parsed ones describe, by their identifiers and names of today or before; None for new ones.
    Code alone says nothing, since several models have one repository."""
    kinds = [KINDS[entry.kind] for entry in entries]
    live = known_entries(zip(kinds, identities, strict=True))
    found: dict[int, _Existing] = {}
    for number, (kind, identity) in enumerate(zip(kinds, identities, strict=True)):
        if (match := live.find(kind, identity)) and not match.is_weak:
            found[number] = _Existing(match.found.pk, match.doubt and f"an entry of the catalogue {match.doubt}")
    others = [number for number in range(len(entries)) if number not in found]
    for number, former in zip(
        others, former_matches([(kinds[n], identities[n], entries[n].name) for n in others]), strict=True
    ):
        if former:
            doubt = former.doubt and f"an entry that was renamed, merged or retired {former.doubt}"
            found[number] = _Existing(former.found, doubt)
    return [found.get(number) for number in range(len(entries))]


def summary_member(label: str, names: dict[str, tuple[str, int]]) -> dict[str, Any]:
    """A name in the summary table, with the one entry whose name equals it or begins with it, if any."""
    matches = [name for name in names if name == label] or [name for name in names if name.startswith(label)]
    kind, entry_id = names[matches[0]] if len(matches) == 1 else ("", None)
    return {"label": label, "kind": kind, "id": entry_id, "name": matches[0] if len(matches) == 1 else ""}
