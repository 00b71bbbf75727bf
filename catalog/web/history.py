"""The history of an entry, its revisions and their differences, and the provenance of each value.

These addresses lead to the same entry for ever, also after it was retired or merged into another.
"""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from catalog.forms.display import DisplayItem
from catalog.kinds import BY_PLURAL, Kind
from catalog.ledger.blame import blame
from catalog.ledger.history import differences
from catalog.ledger.payloads import as_object, payload_of, readable_changes, readable_payload
from catalog.models import Revision
from catalog.reading.sources import Mark, marks_of
from catalog.reading.values import items_of, names_for_payloads
from catalog.text.source_names import is_address, source_name
from catalog.web.as_of import takes_as_of
from catalog.web.entry_lookup import entry_view, ledger_entry_of

REVISIONS_A_PAGE = 50
Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class DiffItem:
    """A value before or after a change; `state` is "kept", "gone" or "new"."""

    item: DisplayItem
    state: str

    @property
    def as_list(self) -> list[DisplayItem]:
        return [self.item]


@dataclass(frozen=True)
class FieldDiffRow:
    """The values of a field before and after a change."""

    field: str
    label: str
    before: list[DiffItem]
    after: list[DiffItem]
    prose: bool = False


@dataclass(frozen=True)
class AttributedValue:
    """A value of the entry with the revision that set it, its sources, and whether it was edited in review."""

    label: str
    item: DisplayItem
    revision: Revision
    in_review: bool
    marks: list[Mark] = field(default_factory=list)

    @property
    def as_list(self) -> list[DisplayItem]:
        return [self.item]


@takes_as_of
@entry_view
def entry_history(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """List all revisions, newest first, with a form to compare two of them."""
    kind = BY_PLURAL[plural]
    entry = ledger_entry_of(kind, slug)
    revisions = Revision.objects.of(kind.name, entry.pk).defer("snapshot").order_by("-number")
    page = Paginator(revisions, REVISIONS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (row, [kind.label_of(key) for key in readable_changes(row) if key != "sources"]) for row in page.object_list
    ]
    context = {"kind": kind, "entry": entry, "merged_into": entry.merged_into(), "page": page, "rows": rows}
    return render(request, "catalog/history.html", context)


@takes_as_of
@entry_view
def entry_revision(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponseBase:
    """Show what a revision changed since the one before, or since the one that ?from= names."""
    kind = BY_PLURAL[plural]
    entry = ledger_entry_of(kind, slug)
    base = number_or_default(request.GET.get("from"), number - 1)
    base = number - 1 if base == number else base
    if not 0 < number <= entry.revision or base > entry.revision:
        raise Http404(f"{entry} has revisions 1 to {entry.revision}.")
    numbers = sorted({base, number})
    revisions = {row.number: row for row in Revision.objects.of(kind.name, entry.pk).filter(number__in=numbers)}
    old, new = revisions.get(numbers[0]) if len(numbers) > 1 else None, revisions[numbers[-1]]
    names = names_for_payloads(kind, *(payload_of(revision) for revision in (old, new) if revision))
    context = {
        "kind": kind,
        "entry": entry,
        "merged_into": entry.merged_into(),
        "payload": as_object(payload_of(new)),
        "old": old,
        "revision": new,
        "damaged": [(str(row.number), damaged_labels(kind, row)) for row in (old, new) if row],
        "changes": field_diffs(kind, old, new, names),
        "adjacent": old is None or new.number == old.number + 1,
        "last": entry.revision,
        "source_name": source_name(new.source) if is_address(new.source) else "",
        "previous_number": new.number - 1,
        "next_number": new.number + 1 if new.number < entry.revision else None,
    }
    return render(request, "catalog/revision.html", context)


@takes_as_of
@entry_view
def compare_revisions(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """Compare two revisions, named by ?from= and ?to= as the form of the history page sends them."""
    entry = ledger_entry_of(BY_PLURAL[plural], slug)
    return entry_revision(request, plural, slug, number_or_default(request.GET.get("to"), entry.revision))


@takes_as_of
@entry_view
def entry_blame(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """Show for each value who proposed and approved it, when, and from which source."""
    kind = BY_PLURAL[plural]
    entry = ledger_entry_of(kind, slug)
    revisions = list(Revision.objects.of(kind.name, entry.pk))
    names = names_for_payloads(kind, payload_of(revisions[-1]))
    return render(
        request,
        "catalog/blame.html",
        {
            "kind": kind,
            "entry": entry,
            "merged_into": entry.merged_into(),
            "damaged": damaged_labels(kind, revisions[-1]),
            "groups": attributed_values(kind, revisions, names),
        },
    )


def damaged_labels(kind: Kind, revision: Revision) -> list[str]:
    """The labels of the fields of which a revision holds no readable value."""
    return [kind.label_of(key) for key in readable_payload(revision)[1]]


def attributed_values(kind: Kind, revisions: list[Revision], names: Names) -> list[tuple[str, list[AttributedValue]]]:
    """The values of the newest revision by field label, each with the revision that set it."""
    groups: dict[str, list[AttributedValue]] = {}
    for row in blame(kind, revisions):
        items = items_of(kind, row.field, row.item, names)
        value = AttributedValue(row.label, items[0], row.revision, row.in_review, marks_of(row))
        groups.setdefault(row.label, []).append(value)
    return list(groups.items())


def field_diffs(kind: Kind, before: Revision | None, after: Revision, names: Names) -> list[FieldDiffRow]:
    """The fields that differ between two revisions; sources come last."""
    diffs = []
    for change in sorted(differences(kind, before, after), key=lambda change: change.field == "sources"):
        old, new = items_of(kind, change.field, change.before, names), items_of(kind, change.field, change.after, names)
        diffs.append(
            FieldDiffRow(
                change.field,
                change.label,
                [DiffItem(item, "kept" if item in new else "gone") for item in old],
                [DiffItem(item, "kept" if item in old else "new") for item in new],
            )
        )
    return diffs


def number_or_default(text: str | None, default: int) -> int:
    """A number from the query, or the default if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
