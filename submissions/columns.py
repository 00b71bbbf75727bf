"""The values of a field side by side in columns, with the differences marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.forms.display import DisplayItem, Names
from catalog.kinds import Kind
from catalog.ledger.history import payload_differences
from catalog.ledger.own_slugs import own_slugs
from catalog.reading.values import items_of, names_for_payloads
from submissions.text_diff import TextSpan, text_diff


@dataclass(frozen=True)
class ComparisonItem:
    """An item of one column: "kept", "gone" (missing in the other column) or "new"."""

    state: str
    item: DisplayItem


@dataclass(frozen=True)
class ComparisonColumn:
    """One of the columns side by side: a text as `spans`, any other value as `items`; both are empty without a value.

    `shared` are the rows of a list that all columns share: the page collapses them.
    """

    title: str
    spans: list[TextSpan]
    items: list[ComparisonItem]
    shared: list[DisplayItem]


@dataclass(frozen=True)
class FieldColumns:
    """A field in columns."""

    label: str
    columns: list[ComparisonColumn]


def comparison_columns(kind: Kind, field: str, values: list[tuple[str, Any]], names: Names) -> list[ComparisonColumn]:
    """Columns of one field from (title, value) pairs, each compared with the first.

    A third column that equals the first is left out.
    """
    (first, base), (second, changed), *rest = values
    rest = [(title, value) for title, value in rest if value != base]
    columns = [(first, base, changed, "gone")]
    columns += [(title, value, base, "new") for title, value in ((second, changed), *rest)]
    return [_comparison_column(kind, field, column, names) for column in columns]


def _comparison_column(kind: Kind, field: str, column: tuple[str, Any, Any, str], names: Names) -> ComparisonColumn:
    title, value, other, state = column
    if isinstance(value, str) and isinstance(other, str) and value and other and " " in value + other:
        spans = text_diff(other, value) if state == "new" else text_diff(value, other)
        return ComparisonColumn(title, [span for span in spans if span.state in ("kept", state)], [], [])
    if isinstance(value, list):
        other = other if isinstance(other, list) else []
        own, shared = _split_shared_rows(value, other)
        items = [ComparisonItem(state, item) for item in items_of(kind, field, own, names)]
        if not own and len(shared) == len(other) and value != other:  # only the order differs
            items, shared = [ComparisonItem("kept", item) for item in items_of(kind, field, shared, names)], []
        return ComparisonColumn(title, [], items, items_of(kind, field, shared, names))
    mark = "kept" if value == other else state
    return ComparisonColumn(title, [], [ComparisonItem(mark, item) for item in items_of(kind, field, value, names)], [])


def _split_shared_rows(rows: list[Any], others: list[Any]) -> tuple[list[Any], list[Any]]:
    """The rows that only `rows` has, and those that both lists have; equal rows are counted."""
    unmatched, own, shared = list(others), [], []
    for row in rows:
        if row in unmatched:
            unmatched.remove(row)
            shared.append(row)
        else:
            own.append(row)
    return own, shared


def compare_snapshots(
    kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any], titles: tuple[str, str] = ("Before", "After")
) -> list[FieldColumns]:
    """The fields in which two published snapshots differ, side by side; a rename of what they refer to is none."""
    names = names_for_payloads(kind, before, after)
    slugs = own_slugs([(kind, before), (kind, after)])
    return [
        FieldColumns(
            change.label,
            comparison_columns(kind, change.field, [(titles[0], change.before), (titles[1], change.after)], names),
        )
        for change in payload_differences(kind, before, after, slugs)
    ]
