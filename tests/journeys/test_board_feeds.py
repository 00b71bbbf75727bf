"""From a board to its feed, and the examples of the documentation that read boards."""

import re
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.browser
ATOM = "{http://www.w3.org/2005/Atom}"
DOCS = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"curl -s 'https://example\.org(/api/v1/(?:leaderboards|compare)/[^']*)'")


def test_the_feed_of_a_board_is_found_on_its_page(site: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{site}/benchmarks/mmmu/leaderboard/?split=validation")
    link = page.get_by_role("link", name="Feed of this board")

    declared = page.locator("link[rel=alternate][type='application/atom+xml']").get_attribute("href")
    assert link.get_attribute("href") == declared
    response = page.request.get(f"{site}{declared}")

    feed = ElementTree.fromstring(response.text())  # noqa: S314 -- our own
    said = [entry.findtext(f"{ATOM}summary") for entry in feed.iter(f"{ATOM}entry")]
    assert response.headers["content-type"].startswith("application/atom+xml")
    assert said
    assert all("MMMU" in str(entry.findtext(f"{ATOM}title")) for entry in feed.iter(f"{ATOM}entry"))


@pytest.mark.parametrize("path", EXAMPLE.findall(DOCS.read_text()))
def test_the_examples_of_the_documentation_run(site: str, path: str) -> None:
    with urllib.request.urlopen(f"{site}{path}") as response:  # noqa: S310 -- our own site
        assert response.status == 200
