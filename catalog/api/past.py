"""Reads of the API that are answered from a past catalogue (catalog.ledger.past).

Lists, entries and boards read a past time from the ledger itself, which takes longer and costs the same for a catalogue
of any size.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime

from django.utils import timezone

from catalog.api.problems import Problem
from catalog.ledger import past

RETRY_AFTER = 10  # seconds


@contextmanager
def catalogue_of(at: datetime | None) -> Iterator[None]:
    """Read the catalogue as of a time (None: now) in this thread.

    Raises Problem: 400 if the ledger is too long, 503 while another past catalogue is being built.
    """
    opened = past.reading(at) if at and at < timezone.now() else nullcontext()
    try:
        with opened:
            yield
    except past.TooManyRevisions as error:
        errors = {"as_of": ["The ledger is too long for this. Lists, entries and leaderboards of a benchmark take it."]}
        raise Problem(400, "Not right in the query: as_of.", kind="bad-parameter", errors=errors) from error
    except past.Busy as error:
        text = "Another past day is being prepared."
        raise Problem(503, text, kind="preparing", headers={"Retry-After": str(RETRY_AFTER)}) from error
