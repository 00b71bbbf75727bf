"""From a pasted table to decisions: a contributor brings twelve rows, a moderator decides on them as one table."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import follow, violations
from tests.journeys.test_contribute import NARROW, enter

pytestmark = pytest.mark.browser
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
SOURCE = "https://mmmu-benchmark.github.io/"
TABLE = """Model\tMMMU, val\tMMMU-Pro
InternVL2.5-78B\t70.1\t48.6
InternVL2.5-26B\t600\t37.1
Qwen2.5-VL 7B\t58.6\t38.3
Qwen2.5-VL 3B\t53.1\t31.6
Qwen2.5-VL 72B\t64.5*\t46.2*
Qwen2-VL-72B\t64.5\t46.2
Gemma 3-27B\t600\t-
Llama 3.2 90B\t60.3\t39.5
Llama 3.2 11B\t50.7\t28.4
NVLM-H 1.0 78B\t60.2\t–
CogVLM\t32.1\tn/a
LLaVA-1.5-13B\t36.4\t
"""


def read(page: Page, site: str, source: str) -> None:
    """Paste the table and have it read."""
    page.goto(f"{site}/contribute/table/")
    page.get_by_label("A table, or the content of a file").fill(TABLE)
    page.get_by_label("Address of the source").fill(source)
    page.get_by_label("Place in it").fill("Overall")
    follow(page.get_by_role("button", name="Preview", exact=True))


def tell(page: Page) -> None:
    """Answer what the unknown names mean."""
    for name in ("InternVL2.5-78B", "InternVL2.5-26B"):
        page.get_by_label(f"Model “{name}”").select_option("Leave it out")
    page.get_by_label("Model “Llama 3.2 90B”").select_option("Llama 3.2-Vision: Llama 3.2 90B Vision")
    page.get_by_label("Model “Llama 3.2 11B”").select_option("Llama 3.2-Vision: Llama 3.2 11B Vision")
    page.get_by_label("Model “NVLM-H 1.0 78B”").select_option("NVLM 1.0: NVLM-H-72B")
    follow(page.get_by_role("button", name="Preview again").first)


@WITH_AND_WITHOUT
def test_a_table_is_pasted_told_and_sent_and_decided_as_one(site: str, tab: Any, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    enter(page, site, "/contribute/")
    read(page, site, f"{SOURCE}?{scripts}")
    expect(page.locator(".lead")).to_contain_text("20 values")
    expect(page.locator("tr.unmatched")).to_have_count(9)
    tell(page)
    expect(page.locator("tr.unmatched")).to_have_count(0)
    expect(page.locator("tr.out-of-bounds")).to_contain_text("600")
    if scripts:
        assert violations(page) == []
    follow(page.get_by_role("button", name="Submit what is ticked"))
    expect(page.get_by_text("Thank you. 15 proposals are in the queue.")).to_be_visible()
    expect(page.locator(".batch-table tbody tr")).to_have_count(15)
    address = page.url.rstrip("/").rpartition("/")[2]

    desk = tab(java_script_enabled=scripts)
    enter(desk, site, f"/admin/submissions/proposal/batch/{address}/table/", "demo-moderator")
    expect(desk.locator("[data-row]")).to_have_count(15)
    rival = desk.locator("[data-row].rival").first
    expect(rival.get_by_label("Leave")).to_be_checked()
    expect(desk.locator("[data-row]:is(.new, .second-source)").first.get_by_label("Approve")).to_be_checked()
    rival.get_by_label("Reject").check()
    rival.get_by_label("Reason for row").fill("These are the numbers of Qwen2-VL.")
    if scripts:
        assert violations(desk) == []
    follow(desk.get_by_role("button", name="Record decisions"))
    expect(desk.locator(".told li").filter(has_text="Rejected.")).to_have_count(1)
    expect(desk.locator(".told li").filter(has_text="Approved.").first).to_be_visible()
    expect(desk.locator(".told li.left")).to_have_count(0)

    page.reload()
    expect(page.locator(".batch-table .state.rejected")).to_have_count(1)


def test_a_table_is_decided_by_keyboard(site: str, tab: Any) -> None:
    page = tab()
    enter(page, site, "/contribute/", "demo-contributor-2")
    read(page, site, f"{SOURCE}?keys")
    follow(page.get_by_role("button", name="Submit what is ticked"))
    address = page.url.rstrip("/").rpartition("/")[2]

    desk = tab()
    enter(desk, site, f"/admin/submissions/proposal/batch/{address}/table/", "demo-moderator")
    expect(desk.locator("[data-tally]")).to_contain_text("approve")
    rows = desk.locator("[data-row]")
    desk.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    desk.keyboard.press("l")
    expect(rows.nth(0).get_by_label("Leave")).to_be_checked()
    expect(rows.nth(1)).to_be_focused()
    desk.keyboard.press("r")
    expect(rows.nth(1).get_by_label("Reason for row")).to_be_focused()
    desk.keyboard.type("No.")
    desk.keyboard.press("Enter")
    expect(rows.nth(2)).to_be_focused()
    with desk.expect_navigation():
        desk.keyboard.press("Control+Enter")
    expect(desk.locator(".told li").filter(has_text="Rejected.")).to_have_count(1)


def test_the_pages_fit_a_narrow_screen(site: str, tab: Any) -> None:
    page = tab(viewport=NARROW)
    enter(page, site, "/contribute/")
    read(page, site, f"{SOURCE}?narrow")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    follow(page.get_by_role("button", name="Submit what is ticked"))
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    address = page.url.rstrip("/").rpartition("/")[2]

    desk = tab(viewport=NARROW)
    enter(desk, site, f"/admin/submissions/proposal/batch/{address}/table/", "demo-moderator")

    assert desk.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert violations(desk) == []
