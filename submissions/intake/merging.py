"""Merge what a list says of an entry with what the catalogue says, by what both said before (a three-way merge).

Only what the list states can change: an absent value, or a link that was taken out, says nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.forms.fields import is_blank

Payload = Mapping[str, Any]
Links = list[dict[str, Any]]


class Change(StrEnum):
    """Who changed a value since both said the same."""

    NONE = "none"  # or both, to the same value
    LIST = "list"
    CATALOGUE = "catalogue"
    BOTH = "both"


@dataclass(frozen=True)
class FieldChange:
    """A field with its values: what both said before, what the list says, and what the catalogue says. Of links,
    `listed` are those of the catalogue with the changes of the list."""

    key: str
    change: Change
    base: Any
    listed: Any
    live: Any

    @property
    def is_of_list(self) -> bool:
        """Whether the list says something that the catalogue never said."""
        return self.change in (Change.LIST, Change.BOTH)


def merge(listed: Payload, live: Payload, base: Payload, former: Iterable[Payload] = ()) -> list[FieldChange]:
    """The fields that a list states, in its order.

    `base` has the values of the last time when list and catalogue agreed. Where that time is not known for certain,
    `former` are the payloads that the entry had since: a list that repeats one of their values is only behind.
    """
    past = [base, *former]
    return [
        FieldChange(
            key,
            _change(value, live.get(key), base.get(key), [one.get(key) for one in past]),
            base.get(key),
            value,
            live.get(key),
        )
        for key, value in listed.items()
    ]


def _change(listed: Any, live: Any, base: Any, past: Iterable[Any]) -> Change:
    if same(listed, live):
        return Change.NONE
    if any(same(listed, value) for value in past):
        return Change.CATALOGUE
    return Change.LIST if same(live, base) else Change.BOTH


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same: all empty ones are, and texts that differ in white space only."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return bool(one == other)


def in_words(value: Any) -> str:
    """A value as people read it, in one line; “nothing” for an empty one."""
    if is_blank(value):
        return "nothing"
    if isinstance(value, Mapping):
        return str(value.get("url") or value.get("name") or ", ".join(map(str, filter(None, value.values()))))
    if isinstance(value, list):
        return ", ".join(map(in_words, value))
    return " ".join(str(value).split())


def merge_links(listed: Links, live: Links, base: Links, former: Collection[str] = ()) -> FieldChange:
    """The links of the catalogue with those that are new in the list.

    The first new one takes the place of the one that stood in the list before (`base`) and does not any more. If the
    catalogue has no longer that one either, both have changed it. What the entry had once (`former`, URLs) is not new.
    """
    stated, present, before = (_urls(rows) for rows in (listed, live, base))
    added = [row for row in listed if row["url"] not in {*present, *before, *former}]
    if not added:
        change = Change.NONE if set(stated) <= set(present) else Change.CATALOGUE
        return FieldChange("links", change, base, live, live)
    gone = [url for url in before if url not in stated]
    if gone and gone[0] not in present and present:
        return FieldChange("links", Change.BOTH, base, [*added, *live], live)
    replaced = gone[0] if gone else None
    rows = [added[0] if row["url"] == replaced else row for row in live]
    rest = added[1:] if replaced in present else added
    return FieldChange("links", Change.LIST, base, rows + rest, live)


def _urls(rows: Links) -> list[str]:
    return [row["url"] for row in rows]
