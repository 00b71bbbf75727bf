"""What people see while the database is away: pages that need nothing but themselves and their static files."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.conftest import free_port, served, violations

pytestmark = pytest.mark.browser
PAGES = {
    "/papers/": ("Temporarily unavailable", "The database does not answer at the moment."),
    "/status/": ("Status", "The shared cache has not answered since"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose database and whose cache nobody runs."""
    address, nowhere = f"http://127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    services = {"DATABASE_URL": f"postgres://portal@{nowhere}/portal", "REDIS_URL": f"redis://{nowhere}/0"}
    with served(address, tmp_path_factory.mktemp("outage"), **services):
        yield address


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_of_an_outage(site: str, tab: Any, width: int, theme: str) -> None:
    page = tab(viewport={"width": width, "height": 700}, color_scheme=theme)
    for path, (heading, text) in PAGES.items():
        response = page.goto(site + path)

        assert (response.status, page.get_by_role("heading", level=1).inner_text()) == (503, heading)
        assert text in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page) == []
    assert len(tab.errors) == len(PAGES)  # the browser's own word of each status; all styles and scripts were there
    tab.errors.clear()
