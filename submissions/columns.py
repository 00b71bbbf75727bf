"""The values of a field in columns, side by side, with what differs marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.forms.showing import Item, Names
from catalog.kinds import Kind
from catalog.ledger.history import payload_differences
from catalog.reading.values import items_of, names_in
from submissions import diff
from submissions.diff import Span


@dataclass(frozen=True)
class Piece:
    """An item of one side: "kept", "gone" (the other side lacks it) or "new"."""

    state: str
    item: Item


@dataclass(frozen=True)
class Side:
    """One of the columns that stand side by side: a text as `spans`, else `pieces`; nothing where both are empty.

    `kept` are the rows of a list that all sides share: they are folded away.
    """

    title: str
    spans: list[Span]
    pieces: list[Piece]
    kept: list[Item]


@dataclass(frozen=True)
class Columns:
    """A field by its name, in columns."""

    label: str
    sides: list[Side]


def sides_of(kind: Kind, field: str, values: list[tuple[str, Any]], names: Names) -> list[Side]:
    """Columns of one field, each against the first: (title, value), the first being what it was. A third column that
    says the same as the first is left out."""
    (first, base), (second, changed), *rest = values
    rest = [(title, value) for title, value in rest if value != base]
    columns = [(first, base, changed, "gone")]
    columns += [(title, value, base, "new") for title, value in ((second, changed), *rest)]
    return [_side(kind, field, column, names) for column in columns]


def _side(kind: Kind, field: str, column: tuple[str, Any, Any, str], names: Names) -> Side:
    title, value, other, state = column
    if isinstance(value, str) and isinstance(other, str) and value and other and " " in value + other:
        spans = diff.words(other, value) if state == "new" else diff.words(value, other)
        return Side(title, [span for span in spans if span.state in ("kept", state)], [], [])
    if isinstance(value, list):
        own, shared = _parted(value, other or [])
        pieces = [Piece(state, item) for item in items_of(kind, field, own, names)]
        if not own and len(shared) == len(other or []) and value != other:  # the order alone differs: it is shown
            pieces, shared = [Piece("kept", item) for item in items_of(kind, field, shared, names)], []
        return Side(title, [], pieces, items_of(kind, field, shared, names))
    mark = "kept" if value == other else state
    return Side(title, [], [Piece(mark, item) for item in items_of(kind, field, value, names)], [])


def _parted(rows: list[Any], others: list[Any]) -> tuple[list[Any], list[Any]]:
    """The rows that the other list lacks, and those that both have; a row that stands twice counts twice."""
    left, own, shared = list(others), [], []
    for row in rows:
        if row in left:
            left.remove(row)
            shared.append(row)
        else:
            own.append(row)
    return own, shared


def changes_between(
    kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any], titles: tuple[str, str] = ("Before", "After")
) -> list[Columns]:
    """The fields in which two published snapshots differ, side by side."""
    names = names_in(kind, before, after)
    return [
        Columns(
            change.label, sides_of(kind, change.field, [(titles[0], change.before), (titles[1], change.after)], names)
        )
        for change in payload_differences(kind, before, after)
    ]
