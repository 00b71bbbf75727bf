"""Identifiers that belong to one entry, and the entries that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass

Identifiers = Mapping[str, str]
"""The payload key that each identifier stands in, by identifier. An identifier is written as a duplicate key."""


@dataclass(frozen=True)
class Holder:
    """An entry that has an identifier; `shares_with` are the slugs of the entries that it names as having the same.

    An entry that is not saved yet has neither `pk` nor `slug`.
    """

    pk: int | None
    slug: str
    name: str
    shares_with: frozenset[str] = frozenset()

    def may_share_with(self, other: "Holder") -> bool:
        """Whether one of the two names the other."""
        return self.slug in other.shares_with or other.slug in self.shares_with


Holders = dict[str, list[Holder]]
"""The entries that have an identifier, by identifier."""


@dataclass(frozen=True)
class TakenIdentifier:
    """An identifier in the payload field `key` that `other` has and does not share; `message` says what to do."""

    key: str
    other: Holder
    message: str
