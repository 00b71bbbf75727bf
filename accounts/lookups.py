"""Lookups of text that people send, for the columns of all models.

No column holds a NUL, which PostgreSQL cannot store, so nothing equals or contains one; PostgreSQL refuses even to look
for it, as SQLite does for a long pattern. These lookups find nothing then, without a query: as Django's own do for an
integer that its column cannot hold.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Field, TextField, lookups

MAX_PATTERN_LENGTH = 1_000
"""Longer texts are looked for in none. SQLite takes patterns of 50,000 bytes (https://sqlite.org/limits.html), and
compares one letter by letter at each place of a text."""


class Findable:
    """A lookup of one text."""

    rhs: Any
    max_length: float = float("inf")

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Raise EmptyResultSet for a text that is nowhere."""
        if isinstance(self.rhs, str) and ("\0" in self.rhs or len(self.rhs) > self.max_length):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)  # type: ignore[misc]  # of the lookup


class Pattern(Findable):
    """A lookup of one text by LIKE."""

    max_length = MAX_PATTERN_LENGTH


class Exact(Findable, lookups.Exact):
    pass


class In(lookups.In):
    """A lookup of several texts, of which those with a NUL are left out."""

    def get_prep_lookup(self) -> Any:
        prepared = super().get_prep_lookup()
        if not isinstance(prepared, list):  # a subquery
            return prepared
        return [value for value in prepared if not (isinstance(value, str) and "\0" in value)]


class IExact(Pattern, lookups.IExact):
    pass


class Contains(Pattern, lookups.Contains):
    pass


class IContains(Pattern, lookups.IContains):
    pass


class StartsWith(Pattern, lookups.StartsWith):
    pass


class IStartsWith(Pattern, lookups.IStartsWith):
    pass


class EndsWith(Pattern, lookups.EndsWith):
    pass


class IEndsWith(Pattern, lookups.IEndsWith):
    pass


def register() -> None:
    """Use them instead of Django's."""
    for text_field in (CharField, TextField):
        text_field.register_lookup(Exact)
        text_field.register_lookup(In)
    for pattern in (IExact, Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith):
        Field.register_lookup(pattern)
