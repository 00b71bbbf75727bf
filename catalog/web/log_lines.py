"""Lines of the change log: revisions with the values they changed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from catalog.kinds import KINDS, Kind
from catalog.ledger.as_of import current_revisions
from catalog.ledger.history import differences, previous_revisions
from catalog.ledger.own_slugs import Slugs, own_slugs
from catalog.ledger.payloads import as_object, payload_of, readable_changes
from catalog.models import Revision, RevisionAction
from catalog.reading.values import names_for_payloads, one_line_change
from catalog.text.source_names import is_address, source_name

MAX_FIELDS = 6
MINOR_FIELDS = {"sources", "summary", "notes", "topics", "links", "aliases"}
MAX_EDITS_SCANNED = 400
MAX_CORRECTIONS = 6


@dataclass(frozen=True)
class LoggedField:
    key: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class LogLine:
    """A revision and the first fields it changed; `more` counts the others. `source_name` is empty unless its source is
    an address."""

    revision: Revision
    fields: list[LoggedField]
    more: int
    source_name: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.revision.kind]


def log_lines(revisions: list[Revision]) -> list[LogLine]:
    """The lines of revisions of any kinds, in four queries and one for each kind."""
    earlier = previous_revisions(revisions)
    names: dict[tuple[str, str], str] = {}
    read: list[tuple[Kind, Any]] = []
    for kind in KINDS.values():
        of_kind = [row for row in revisions if row.kind == kind.name and row.pk in earlier]
        if of_kind:
            payloads = [payload_of(row) for revision in of_kind for row in (revision, earlier[revision.pk])]
            names |= names_for_payloads(kind, *payloads)
            read += [(kind, payload) for payload in payloads]
    slugs = own_slugs(read)
    return [_line(revision, earlier.get(revision.pk), names, slugs) for revision in revisions]


def _line(revision: Revision, earlier: Revision | None, names: dict[tuple[str, str], str], slugs: Slugs) -> LogLine:
    kind = KINDS[revision.kind]
    changes = differences(kind, earlier, revision, slugs=slugs) if earlier else []
    shown = [change for change in changes if change.field != "sources"]
    shown.sort(key=lambda change: change.field in MINOR_FIELDS)
    fields = [
        LoggedField(
            change.field,
            change.label,
            *one_line_change(kind, change, names),
        )
        for change in shown[:MAX_FIELDS]
    ]
    return LogLine(
        revision,
        fields,
        max(0, len(shown) - MAX_FIELDS),
        source_name(revision.source) if is_address(revision.source) else "",
    )


def corrections() -> list[LogLine]:
    """The newest edits with a source that replaced one value by another which the entry still has, one for each
    entry."""
    edits = list(
        Revision.objects.filter(action=RevisionAction.EDIT).exclude(source="").latest_first()[:MAX_EDITS_SCANNED]
    )
    changed = [(row, set(readable_changes(row))) for row in edits]
    narrow = [row for row, keys in changed if keys - MINOR_FIELDS and len(keys - {"sources"}) <= 2]
    narrow = one_of_each_batch(narrow)[: 10 * MAX_CORRECTIONS]
    kept = _values_kept(narrow)
    lines, seen = [], set()
    for line in log_lines(narrow):
        still = kept[line.revision.pk]
        replaced = [field for field in line.fields if field.before and field.after and field.key in still]
        if replaced and (line.revision.kind, line.revision.entry_id) not in seen:
            seen.add((line.revision.kind, line.revision.entry_id))
            lines.append(LogLine(line.revision, replaced[:1], 0, line.source_name))
    return lines[:MAX_CORRECTIONS]


def one_of_each_batch(revisions: list[Revision]) -> list[Revision]:
    """The revisions without those of the same account that have the comment of one before: of many edits that say the
    same, one stands for all."""
    firsts: dict[object, Revision] = {}
    for row in revisions:
        firsts.setdefault((row.contributor, row.comment) if row.comment else row.pk, row)
    return list(firsts.values())


def _values_kept(revisions: list[Revision]) -> dict[int, set[str]]:
    """The fields whose value is still that of the revision, by its id; none if the entry left the catalogue."""
    ids = Q()
    for row in revisions:
        ids |= Q(kind=row.kind, entry_id=row.entry_id)
    current = {(row.kind, row.entry_id): row for row in current_revisions().filter(ids)} if revisions else {}
    kept: dict[int, set[str]] = {}
    for row in revisions:
        newest = current.get((row.kind, row.entry_id))
        now, then = as_object(payload_of(newest)) if newest else {}, as_object(payload_of(row))
        kept[row.pk] = {key for key, value in now.items() if key in then and then[key] == value}
    return kept
