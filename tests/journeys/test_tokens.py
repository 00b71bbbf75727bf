"""API tokens and webhooks with a real browser: made, used, seen, revoked; the same in both themes and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]


def signed_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/accounts/settings/")
    page.get_by_role("button", name="demo-contributor", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def violations(page: Page) -> list[Any]:
    problems = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in problems]


def status_with(site: str, key: str) -> int:
    """The status of reading one's proposals with a token."""
    headers = {"Authorization": f"Bearer {key}"}
    return requests.get(f"{site}/api/v1/proposals/", headers=headers, timeout=10).status_code


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_a_token_is_made_used_and_revoked(site: str, tab: Tab, theme: str, width: int) -> None:
    page = tab(color_scheme=theme, viewport={"width": width, "height": 800})
    signed_in(page, site)
    page.get_by_role("link", name="Manage API tokens").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert violations(page) == []

    page.get_by_label("Name").fill("nightly sync")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("status")).to_contain_text("nightly sync: copy it now")
    key = page.locator("#key").inner_text()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert status_with(site, key) == 200

    page.get_by_role("link", name="I have it").click()
    expect(page.locator(".keys")).to_contain_text("last used")
    assert key not in page.content()
    page.get_by_role("button", name="Revoke nightly sync").click()
    expect(page.get_by_role("status")).to_have_text("The token is revoked: nothing that uses it works any more.")
    assert status_with(site, key) == 401


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_a_webhook_is_added_and_its_deliveries_are_seen(site: str, tab: Tab, theme: str, width: int) -> None:
    page = tab(color_scheme=theme, viewport={"width": width, "height": 800})
    signed_in(page, site)
    page.get_by_role("link", name="Manage webhooks").click()
    page.get_by_role("textbox", name="Address").fill("https://hooks.invalid/vlm")
    page.get_by_role("button", name="Add the webhook").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    assert violations(page) == []

    page.get_by_role("link", name="I have it").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("status")).to_have_text("A test is on its way.")
    failed = page.get_by_text("This is not the address of a public server.")
    for _ in range(40):
        if failed.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(failed).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
