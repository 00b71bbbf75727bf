"""What a freshly seeded site lacks: an entry with older revisions, which is locked, and a retired one."""

from datetime import UTC, datetime

from catalog.ledger.publishing import retire
from submissions.workflow import lock
from tests.factories import make_component, make_revision, trace
from tests.people import moderator


def grow() -> None:
    """The component "Old Hand", born in 2020, corrected in 2021 and locked, and "Gone Away", retired."""
    old = make_component(name="Old Hand", family="Hands", year=2019, at=datetime(2020, 5, 1, tzinfo=UTC))
    make_revision("component", entry=old, year=2020, comment="It is younger.", at=datetime(2021, 5, 1, tzinfo=UTC))
    lock(entry=old, actor=moderator(), reason="An edit war.")
    retire(entry=make_component(name="Gone Away"), trace=trace("It never was."))
