"""Lines of the change log: revisions with the values they changed."""

from dataclasses import dataclass

from catalog.kinds import KINDS, Kind
from catalog.ledger.history import differences, previous_revisions
from catalog.ledger.payloads import payload_of, readable_changes
from catalog.models import Revision, RevisionAction
from catalog.reading.values import names_for_payloads, one_line_text
from catalog.text.source_names import source_name

MAX_FIELDS = 6
MINOR_FIELDS = {"sources", "summary", "notes", "topics", "links", "aliases"}
MAX_EDITS_SCANNED = 400
MAX_CORRECTIONS = 6


@dataclass(frozen=True)
class LoggedField:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class LogLine:
    """A revision and the first fields it changed; `more` counts the others."""

    revision: Revision
    fields: list[LoggedField]
    more: int
    source_name: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.revision.kind]


def log_lines(revisions: list[Revision]) -> list[LogLine]:
    """The lines of revisions of any kinds, in two queries and one for each kind."""
    earlier = previous_revisions(revisions)
    names: dict[tuple[str, str], str] = {}
    for kind in KINDS.values():
        of_kind = [row for row in revisions if row.kind == kind.name and row.pk in earlier]
        if of_kind:
            payloads = [payload_of(row) for revision in of_kind for row in (revision, earlier[revision.pk])]
            names |= names_for_payloads(kind, *payloads)
    return [_line(revision, earlier.get(revision.pk), names) for revision in revisions]


def _line(revision: Revision, earlier: Revision | None, names: dict[tuple[str, str], str]) -> LogLine:
    kind = KINDS[revision.kind]
    changes = differences(kind, earlier, revision) if earlier else []
    shown = [change for change in changes if change.field != "sources"]
    shown.sort(key=lambda change: change.field in MINOR_FIELDS)
    fields = [
        LoggedField(
            change.label,
            one_line_text(kind, change.field, change.before, names),
            one_line_text(kind, change.field, change.after, names),
        )
        for change in shown[:MAX_FIELDS]
    ]
    return LogLine(
        revision,
        fields,
        max(0, len(shown) - MAX_FIELDS),
        source_name(revision.source) if revision.source else "",
    )


def corrections() -> list[LogLine]:
    """The newest edits with a source that replaced one value by another, one for each entry."""
    edits = list(
        Revision.objects.filter(action=RevisionAction.EDIT).exclude(source="").latest_first()[:MAX_EDITS_SCANNED]
    )
    changed = [(row, set(readable_changes(row))) for row in edits]
    narrow = [row for row, keys in changed if keys - MINOR_FIELDS and len(keys - {"sources"}) <= 2]
    lines, seen = [], set()
    for line in log_lines(narrow[: 10 * MAX_CORRECTIONS]):
        replaced = [field for field in line.fields if field.before and field.after]
        if replaced and (line.revision.kind, line.revision.entry_id) not in seen:
            seen.add((line.revision.kind, line.revision.entry_id))
            lines.append(LogLine(line.revision, replaced[:1], 0, line.source_name))
    return lines[:MAX_CORRECTIONS]
