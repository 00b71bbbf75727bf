"""The reference of the API in a browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_request_is_tried_on_the_page(site: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{site}/api/docs/#list_papers")
    operation = page.locator("#list_papers")

    operation.get_by_label("year_min").fill("2024")
    operation.get_by_label("fields", exact=True).select_option("name")
    operation.get_by_role("button", name="Try it").click()

    expect(operation.locator("[data-address]")).to_have_text("GET /api/v1/papers/?year_min=2024&fields=name")
    expect(operation.locator("[data-status]")).to_contain_text('200 OK · RateLimit: "anonymous"')
    expect(operation.locator("[data-content]")).to_contain_text('"kind": "paper"')


def test_a_bad_value_shows_its_problem(site: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{site}/api/docs/#read_paper")
    operation = page.locator("#read_paper")

    operation.get_by_label("slug").fill("no-such-model")
    operation.get_by_role("button", name="Try it").click()

    expect(operation.locator("[data-status]")).to_contain_text("404")
    expect(operation.locator("[data-content]")).to_contain_text("and there never was.")
    assert ["404" in text for text in tab.errors] == [True]  # the browser's own word of the status
    tab.errors.clear()


def test_without_scripts_everything_can_be_read(site: str, tab: Any) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/api/docs/")

    page.locator("#search > summary").click()

    expect(page.locator("#search").get_by_text("Names are found however they are punctuated")).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_have_count(0)
