"""Revisions as lines of a log: what changed, from what to what."""

from dataclasses import dataclass

from catalog.kinds import KINDS, Kind
from catalog.ledger.history import before_each, differences
from catalog.ledger.payloads import payload_of, readable_changes
from catalog.models import Revision, RevisionAction
from catalog.reading.values import names_for_payloads, short
from catalog.text.addresses import source_name

FIELDS_A_LINE = 6
QUIET = {"sources", "summary", "notes", "topics", "links", "aliases"}
MAX_EDITS_SCANNED = 400
CORRECTIONS = 6


@dataclass(frozen=True)
class LoggedField:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class LogLine:
    """A revision and the fields it changed, in short."""

    revision: Revision
    fields: list[LoggedField]
    more: int
    source_name: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.revision.kind]


def entries_of_log(revisions: list[Revision]) -> list[LogLine]:
    """Lines of a log for revisions of any kinds, in two queries and one a kind for the names."""
    earlier = before_each(revisions)
    names: dict[tuple[str, str], str] = {}
    for kind in KINDS.values():
        mine = [row for row in revisions if row.kind == kind.name and row.pk in earlier]
        if mine:
            payloads = [payload_of(row) for revision in mine for row in (revision, earlier[revision.pk])]
            names |= names_for_payloads(kind, *payloads)
    return [_line(revision, earlier.get(revision.pk), names) for revision in revisions]


def _line(revision: Revision, earlier: Revision | None, names: dict[tuple[str, str], str]) -> LogLine:
    kind = KINDS[revision.kind]
    changes = differences(kind, earlier, revision) if earlier else []
    told = [change for change in changes if change.field != "sources"]
    told.sort(key=lambda change: change.field in QUIET)
    fields = [
        LoggedField(
            change.label,
            short(kind, change.field, change.before, names),
            short(kind, change.field, change.after, names),
        )
        for change in told[:FIELDS_A_LINE]
    ]
    return LogLine(
        revision,
        fields,
        max(0, len(told) - FIELDS_A_LINE),
        source_name(revision.source) if revision.source else "",
    )


def corrections() -> list[LogLine]:
    """The newest edits that put one value in another's place: the promise at work."""
    edits = list(
        Revision.objects.filter(action=RevisionAction.EDIT).exclude(source="").latest_first()[:MAX_EDITS_SCANNED]
    )
    changed = [(row, set(readable_changes(row))) for row in edits]
    narrow = [row for row, keys in changed if keys - QUIET and len(keys - {"sources"}) <= 2]
    lines, seen = [], set()
    for line in entries_of_log(narrow[: 10 * CORRECTIONS]):
        replaced = [field for field in line.fields if field.before and field.after]
        if replaced and (line.revision.kind, line.revision.entry_id) not in seen:
            seen.add((line.revision.kind, line.revision.entry_id))
            lines.append(LogLine(line.revision, replaced[:1], 0, line.source_name))
    return lines[:CORRECTIONS]
