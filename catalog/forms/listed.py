"""Fields that hold a name which another entry lists, such as the split of a result; rows to be added to its list."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Where the names are listed that a field may hold.

    `owner` is the key of the field that refers to the entry which lists them, `rows` the key of the list there.
    `rows_of` gives its rows with all their names, `find` the row with a name in any spelling, `nearest` the names of
    rows that are spelt like another one. `asked` are the cells that forms ask for, besides the name, of a new row.
    """

    owner: str
    rows: str
    rows_of: Callable[[Any], list[dict[str, Any]]]
    find: Callable[[Iterable[Row], str], Row | None]
    nearest: Callable[[Iterable[Row], str], list[str]]
    asked: tuple[str, ...] = ()

    def lists(self, owner: Any, name: str) -> bool:
        """Whether an entry lists a name."""
        return self.find(self.rows_of(owner), name) is not None


def rows_by_list(listed: Mapping[str, Listed], owner: str, additions: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    """The rows to be added to the lists of one owner, each with the key of its list."""
    return ((listed[key].rows, row) for key, row in additions.items() if listed[key].owner == owner)


def with_additions(entry: Any, listed: Mapping[str, Listed], owner: str, additions: Mapping[str, Row]) -> Any:
    """A copy of an entry, which is not to be saved, that lists the additions as well; itself if there are none."""
    added = list(rows_by_list(listed, owner, additions))
    if entry is None or not added:
        return entry
    entry = copy(entry)
    for key, row in added:
        setattr(entry, key, [*getattr(entry, key), dict(row)])
    return entry
