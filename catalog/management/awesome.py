"""Import a list into the catalogue through `publish`, in one transaction."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.exchange.awesome.parsed import ParsedEntry, ParsedList, ParsedSection, Problem, SummaryRow
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.writer import stated_values_of
from catalog.forms.fields import refuse_invisible
from catalog.kinds import KINDS
from catalog.ledger.identity import Match, best_match, fetch_candidates, identity_of, keys_to_look_up
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


@dataclass
class ImportReport:
    """The outcome of an import: entries by outcome, and the lines that could not be parsed or were repaired."""

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    components: int = 0
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


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
    """Publish the entries of a list that are not in the catalogue, in one transaction.

    An existing entry (by its identifiers, then by its names) is not changed, and reported as differing if the list
    states other values than the entry's first revision, or has its identifier under another name. `name` identifies the
    list's layout; a later import of the same list replaces it. With `dry_run`, everything is rolled back.
    """
    parsed = parse(text)
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
        self.report = ImportReport(problems=parsed.problems, repairs=parsed.repairs)
        self.sections: dict[str, Section] = {}
        self.ids: dict[int, tuple[str, int]] = {}

    def run(self, text: str) -> None:
        for section in self.parsed.sections:
            self.sections[section.slug] = self.import_section(section)
        entries = self.parsed.entries
        for number, entry in enumerate(entries, 1):
            self.ids[id(entry)] = (entry.kind, self.import_entry(entry))
            self.report.counts[entry.kind] = self.report.counts.get(entry.kind, 0) + 1
            if self.progress:
                self.progress(number, len(entries))
        self.store_layout(text)

    def import_section(self, parsed: ParsedSection) -> Section:
        """Save a section. Raises PayloadError if its name holds what nobody sees."""
        try:
            refuse_invisible(parsed.name)
        except ValidationError as error:
            raise PayloadError(
                {f"line {parsed.line}, heading": [str(message) for message in error.messages]}
            ) from error
        values = {
            "name": parsed.name[:200],
            "emoji": parsed.emoji,
            "kind": parsed.kind,
            "level": parsed.level,
            "position": parsed.position,
            "parent": self.sections.get(parsed.parent or ""),
        }
        return Section.objects.update_or_create(slug=parsed.slug, defaults=values)[0]

    def import_entry(self, entry: ParsedEntry) -> int:
        """Publish an entry unless it exists; return its id."""
        if match := existing_match(entry):
            self.report_existing(entry, match)
            return match.found
        payload = {**entry.payload, "section": entry.section}
        for key, parts in entry.components.items():
            payload[key] = [
                {"component": self.import_component(name, key), "variants": [], "note": note} for name, note in parts
            ]
        revision = self.publish(entry.kind, payload, f"From the list, line {entry.line}.")
        self.report.created.append(f"{entry.kind} {revision.slug}")
        return revision.entry_id

    def report_existing(self, entry: ParsedEntry, match: Match[int]) -> None:
        line = f"line {entry.line}: {entry.kind} {entry.name}"
        if match.under_another_name:
            self.report.differing.append(f"{line}: an entry of another name has the {match.under_another_name}")
            return
        first = Revision.objects.of(entry.kind, match.found).first()
        same = first is not None and stated_values_of(payload_of(first)) == stated_values_of(entry.payload)
        (self.report.present if same else self.report.differing).append(line)

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
        names = {entry.name: self.ids[id(entry)] for entry in self.parsed.entries}
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
        kind, entry_id = self.ids[id(block)]
        style = {
            "form": block.style.form,
            "columns": block.style.columns,
            "widths": block.style.widths,
            "heading": block.style.heading,
        }
        slot = {"kind": kind, "id": entry_id, "section": block.section, "raw": block.raw, "style": style}
        return {"entry": {**slot, "parsed": stated_values_of(block.payload)}}


def existing_match(entry: ParsedEntry) -> Match[int] | None:
    """The live or retired entry that a parsed one describes, by its identifiers and names; None if there is none.

    One that was renamed, merged or retired is known by the name that it had.
    """
    kind = KINDS[entry.kind]
    identity = identity_of(kind, entry.payload)
    keys = keys_to_look_up(identity)
    found = fetch_candidates(kind, keys)
    match = best_match(identity, (one for key in sorted(keys) for one in found.get(key, ())))
    if match and not match.is_weak:
        return Match(match.found.pk, match.under_another_name)
    former = FormerSlug.objects.entry_ids(entry.kind, [slug_for(entry.name)])
    revisions = Revision.objects.filter(kind=entry.kind, slug=slug_for(entry.name))
    earlier = ((revision.entry_id, identity_of(kind, payload_of(revision))) for revision in revisions)
    named = ((pk, one) for pk, one in earlier if identity.names & one.names)
    if known := best_match(identity, named):
        return Match(next(iter(former.values()), known.found))
    return None


def summary_member(label: str, names: dict[str, tuple[str, int]]) -> dict[str, Any]:
    """A name in the summary table, with the one entry whose name equals it or begins with it, if any."""
    matches = [name for name in names if name == label] or [name for name in names if name.startswith(label)]
    kind, entry_id = names[matches[0]] if len(matches) == 1 else ("", None)
    return {"label": label, "kind": kind, "id": entry_id, "name": matches[0] if len(matches) == 1 else ""}
