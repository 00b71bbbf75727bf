"""A live server with a catalogue, for tests that use the network."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from tests.examples import FULL
from tests.factories import make, make_paper, make_revision


@pytest.fixture
def served(transactional_db: None, live_server: Any, surroundings: None, settings: Any) -> str:
    """Return the URL of a server with an entry of each kind, one that has moved, and models since 2024."""
    settings.SITE_URL = live_server.url
    for name in KINDS:
        make(name, **FULL[name])
    make_revision("paper", make_paper(name="Moved away"), slug="moved")
    for number in range(3):
        make_paper(name=f"Clip {number}", year=2024 + number, organisation="A lab")
    address: str = live_server.url
    return address
