"""Ways from a page to the same page of a past day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from catalog.models import Entry

DAYS_AGO = (30, 90)


@dataclass(frozen=True)
class PastDay:
    """A day, and the page as of it, where it says what has changed since."""

    day: datetime
    url: str


@dataclass(frozen=True)
class LookBack:
    """The days that a page offers, as far as its entry was there, and the query that other days keep."""

    days: list[PastDay]
    hidden_inputs: list[tuple[str, str]]


def look_back(entry: Entry, query: Mapping[str, str]) -> LookBack:
    """The past days of a page of an entry with this query."""
    today = timezone.now()
    days = [day for number in DAYS_AGO if entry.created < (day := today - timedelta(days=number))]
    return LookBack(
        [PastDay(day, f"?{urlencode({**query, 'as_of': f'{day:%Y-%m-%d}'})}#changes") for day in days],
        list(query.items()),
    )
