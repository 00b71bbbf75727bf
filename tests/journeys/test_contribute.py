"""The way in, by mouse, by keyboard, on a phone and without scripts: from a pasted line to a decision."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import follow, violations

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]
PHONE = {"width": 390, "height": 780}
NARROW = {"width": 320, "height": 640}
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def enter(page: Page, site: str, path: str, who: str = "demo-contributor") -> None:
    """Sign in as one of the demo accounts and go on to a page."""
    page.goto(f"{site}/accounts/login/?next={path}")
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"**{path}")


def submit(page: Page) -> None:
    follow(page.get_by_role("button", name="Submit for review").last)


def error_lines(page: Page) -> list[str]:
    return page.locator(".troubles li").all_inner_texts()


def stored_work(page: Page) -> list[str]:
    """The unsent work in this browser."""
    script = "Object.entries(localStorage).filter(([key]) => key.startsWith('unsent:')).map(([, text]) => text)"
    return list(page.evaluate(script))


def wait_until_stored(page: Page, text: str) -> None:
    """Typing is stored a moment after the last key. (The page's policy forbids playwright's own way to wait.)"""
    end = time.monotonic() + 10
    while not any(text in work for work in stored_work(page)):
        assert time.monotonic() < end, f"{text} is not stored"
        page.wait_for_timeout(50)


def expect_refusal(tab: Any) -> None:
    """The browser's own word of a status from 400, and nothing else."""
    assert {"Failed to load resource" in text for text in tab.errors} <= {True}
    tab.errors.clear()


@WITH_AND_WITHOUT
def test_from_a_pasted_line_to_a_submitted_proposal_in_three_steps(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    enter(page, site, "/contribute/")

    page.get_by_label("Paste one thing").fill(  # 1
        f"2024 | Pasted {scripts} | https://arxiv.org/abs/2401.0{int(scripts) + 1:04} | Takes images and video"
    )
    page.get_by_role("button", name="Read it").click()  # 2
    expect(page.get_by_label("Name required")).to_have_value(f"Pasted {scripts}")
    submit(page)  # 3

    expect(page.get_by_text("Thank you. Your proposal is in the queue.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Pasted {scripts}")
    page.goto(f"{site}/submissions/")
    expect(page.locator(".log li").first).to_contain_text(f"Pasted {scripts}")
    expect(page.locator(".log li").first).to_contain_text("in the queue")


def test_control_and_enter_read_what_is_pasted(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/contribute/")
    box = page.get_by_label("Paste one thing")
    box.fill("2024 | Keyed in | https://arxiv.org/abs/2401.00777 | Takes images")

    box.press("Enter")
    expect(box).to_have_value("2024 | Keyed in | https://arxiv.org/abs/2401.00777 | Takes images\n")
    box.press("Control+Enter")

    expect(page.get_by_label("Name required")).to_have_value("Keyed in")


@WITH_AND_WITHOUT
def test_a_stranger_pastes_signs_in_and_goes_on(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    page.goto(f"{site}/contribute/")
    page.get_by_label("Paste one thing").fill("COCO-X | image, text | 330K images | CC BY 4.0")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("What you wrote is kept")).to_be_visible()

    page.get_by_role("button", name="demo-contributor", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Propose a dataset")
    expect(page.get_by_label("Name required")).to_have_value("COCO-X")


@WITH_AND_WITHOUT
def test_a_refused_value_is_reported_at_its_field_and_nothing_is_lost(site: str, tab: Any, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts, viewport=PHONE)
    enter(page, site, "/papers/flamingo/edit/")
    page.get_by_label("Summary").fill("Typed on the way.")
    page.get_by_label("Year").fill("2222")
    page.locator("#q-links-2-url").fill("javascript:alert(1)")
    submit(page)

    assert error_lines(page) == [
        "Year: Ensure this value is less than or equal to 2100.",
        "Links, row 3, Address: Not an address that starts with http:// or https://.",
        "Source of your change: Give a source: its URL, or how to find it.",
    ]
    expect(page.get_by_label("Summary")).to_have_value("Typed on the way.")
    described = page.locator("#q-links-2-url").get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{described}")).to_contain_text("Not an address")
    expect_refusal(tab)

    page.get_by_label("Year").fill("2022")
    page.locator("#q-links-2-url").fill("")
    page.get_by_label("Source of your change").fill("https://arxiv.org/abs/2204.14198")
    page.get_by_label("What changes, and why").fill(f"With scripts: {scripts}.")
    submit(page)
    expect(page.get_by_role("heading", name="What it changes")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn. Nothing of it was published.")).to_be_visible()

    follow(page.get_by_role("link", name="Propose it again"))
    expect(page.get_by_label("Summary")).to_have_value("Typed on the way.")
    submit(page)
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()


def test_a_locked_entry_says_why_and_has_no_form(site: str, tab: Any) -> None:
    page = tab(viewport=PHONE)
    enter(page, site, "/components/old-hand/edit/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Old Hand is locked")
    expect(page.get_by_text("This entry is locked: An edit war.")).to_be_visible()
    assert page.locator("form.sheet").count() == 0
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect_refusal(tab)
    follow(page.get_by_role("link", name="Tell the moderators what is wrong"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Flag Old Hand")


@WITH_AND_WITHOUT
def test_rows_are_added_and_removed(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    enter(page, site, "/papers/blip-2/edit/")
    sizes = page.locator("[data-rows=variants]")
    before = sizes.locator("[data-row]").count()

    sizes.get_by_role("button", name="Add another row").click()
    expect(page.locator("[data-rows=variants] [data-row]")).to_have_count(before + 1)
    last = page.locator("[data-rows=variants] [data-row]").last
    last.get_by_label("Name").fill(f"BLIP-2 {scripts}")
    page.locator("[data-rows=variants] [data-row]").first.get_by_label("Remove").check()
    page.get_by_label("Source of your change").fill("https://arxiv.org/abs/2301.12597")
    submit(page)

    changed = page.locator("#field-variants")
    expect(changed.locator("ins")).to_contain_text([f"BLIP-2 {scripts}"])
    expect(changed.locator("del").first).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()


def test_likely_duplicates_appear_while_typing_and_lead_to_an_edit(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/contribute/papers/")
    page.get_by_label("Name required").press_sequentially("Flamngo")

    expect(page.locator(".twins")).to_contain_text("similar name")
    page.get_by_label("Name required").fill("")
    page.get_by_label("arXiv id").fill("2301.12597")
    expect(page.locator(".twins")).to_contain_text("same arXiv id 2301.12597")
    page.get_by_role("link", name="Edit it instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit BLIP-2")


def test_a_result_is_added_by_the_full_form_and_keyboard(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/benchmarks/mmmu/")
    page.get_by_role("link", name="Add a result").click()
    page.get_by_role("link", name="The full form").click()
    expect(page.get_by_label("Benchmark required")).to_have_value("mmmu")

    page.get_by_label("Paper or model required").press_sequentially("flamingo")
    expect(page.get_by_role("option", name="Flamingo", exact=False).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Paper or model required")).to_have_value("flamingo")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.get_by_label("Metric").fill("accuracy")
    page.get_by_label("Source of your change").fill("https://arxiv.org/abs/2204.14198")
    page.get_by_label("Value required").fill("28.80")
    page.get_by_label("Value required").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Flamingo on MMMU: Accuracy")
    expect(page.locator("#field-value")).to_contain_text("28.80")


def test_what_was_typed_before_the_script_arrived_is_answered_too(site: str, tab: Tab) -> None:
    page, held = tab(), list[Route]()
    enter(page, site, "/benchmarks/mmmu/")
    page.route("**/js/pick*.js", lambda route: held.append(route))  # noqa: PLW0108 -- playwright marks the function
    page.goto(f"{site}/contribute/results/", wait_until="commit")
    page.get_by_label("Paper or model required").press_sequentially("flamingo")
    expect(page.get_by_role("combobox", name="Paper or model needed")).to_have_count(0)
    held[0].continue_()

    expect(page.get_by_role("option", name="Flamingo", exact=False).first).to_be_visible()


def test_a_merge_names_the_entry_that_stays(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/papers/blip-2/")
    page.get_by_role("link", name="Retire or merge it").click()
    page.get_by_label("Merge it").check()
    page.get_by_label("The entry that stays").press_sequentially("flam")
    page.get_by_role("option", name="Flamingo", exact=False).first.click()
    page.get_by_label("Why").fill("To see it work.")
    page.get_by_role("button", name="Submit for review").click()

    expect(page.get_by_text("Two moderators look at this before anything goes.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("To be merged into Flamingo.")
    page.get_by_role("button", name="Withdraw").click()


def test_unsent_work_is_offered_again_and_forgotten_once_sent_or_signed_out(site: str, tab: Tab) -> None:
    page = tab(locale="en-US", timezone_id="UTC")
    enter(page, site, "/contribute/topics/")
    page.get_by_label("Name required").fill("Kept for later")
    page.get_by_text("Other names, topics").click()
    page.locator("#q-links-0-url").fill("https://a.example/")
    page.get_by_role("button", name="Add another row").first.click()
    page.locator("#q-links-1-url").fill("https://b.example/")
    wait_until_stored(page, "b.example")
    page.goto(f"{site}/contribute/topics/")
    expect(page.get_by_label("Name required")).to_have_value("")
    expect(page.locator("[data-kept] time")).to_have_text(re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d$"))

    page.get_by_role("button", name="Fill it in again").click()
    expect(page.get_by_label("Name required")).to_have_value("Kept for later")
    expect(page.locator("#q-links-1-url")).to_have_value("https://b.example/")
    submit(page)
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert stored_work(page) == []

    page.goto(f"{site}/contribute/topics/")
    page.get_by_label("Name required").fill("Nobody else's business")
    wait_until_stored(page, "Nobody else's business")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert stored_work(page) == []


def test_a_double_click_sends_one_proposal(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/contribute/components/", "demo-contributor-2")
    page.get_by_label("Name required").fill("Clicked twice")
    page.get_by_label("Source of your change").fill("The report")
    page.get_by_role("button", name="Submit for review").last.dblclick()

    expect(page.get_by_text("Thank you. Your proposal is in the queue.")).to_be_visible()
    page.goto(f"{site}/submissions/")
    expect(page.get_by_role("link", name="Clicked twice")).to_have_count(1)


def test_markdown_is_shown_while_one_writes(site: str, tab: Tab) -> None:
    page = tab()
    enter(page, site, "/contribute/papers/")
    page.get_by_label("Summary").fill("A **bold** claim")
    page.locator(".as-shown summary").first.click()

    expect(page.locator(".as-shown strong").first).to_have_text("bold")


@WITH_AND_WITHOUT
def test_a_list_is_read_chosen_from_and_sent(site: str, tab: Any, scripts: bool, tmp_path: Path) -> None:
    page = tab(java_script_enabled=scripts)
    records = "".join(f"@misc{{k{n},\n  title={{Batch {scripts} {n}}}\n}}\n" for n in range(30))
    file = tmp_path / "mine.bib"
    file.write_text(records + "@misc{flamingo,\n  title={Flamingo},\n  year={2022}\n}\n@misc{broken, title={x\n")
    enter(page, site, "/contribute/batch/")
    page.get_by_label("Or a file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".lead")).to_contain_text("30 new")
    expect(page.locator(".lead")).to_contain_text("1 could not be read")
    expect(page.locator("#unreadable")).to_contain_text("95")

    if scripts:
        page.locator("#new").get_by_label("Take", exact=True).uncheck()
        page.locator("#new").get_by_label("Take", exact=True).check()
    page.get_by_label(f"Take Batch {scripts} 0", exact=True).uncheck()
    page.get_by_label("Take Flamingo", exact=True).uncheck()
    page.get_by_role("button", name="Submit what is ticked").click()
    expect(page.locator("#source-error")).to_be_visible()
    expect_refusal(tab)
    page.get_by_label("Where the list stands").fill("https://example.org/mine.bib")
    page.get_by_role("button", name="Submit what is ticked").click()

    expect(page.get_by_text("Thank you. 29 proposals are in the queue.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("mine.bib")
    expect(page.locator(".lead")).to_have_text("29 waiting for review.")


@WITH_AND_WITHOUT
def test_a_large_list_is_pressed_twice_and_submitted_once_in_the_background(site: str, tab: Any, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    text = "".join(f"@misc{{k{n},\n  title={{Background {scripts} {n}}}\n}}\n" for n in range(230))
    enter(page, site, "/contribute/batch/")
    for _ in range(2):
        page.goto(f"{site}/contribute/batch/")
        page.locator("#text").fill(text)
        page.get_by_role("button", name="Read it").click()
        expect(page.locator(".lead")).to_contain_text("If you tick more than 200")
        page.get_by_label("Where the list stands").fill("https://example.org/large.bib")
        page.get_by_role("button", name="Submit what is ticked").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A pasted list")
    expect(page.get_by_text("You have sent exactly this before.")).to_be_visible()

    for _ in range(60):
        if not page.locator("[data-progress]").count():
            break
        page.wait_for_timeout(1000)
        if not scripts:
            page.reload()
    expect(page.locator(".lead")).to_have_text("230 waiting for review.", timeout=60_000)


def test_author_and_reviewer_talk_until_it_is_right(site: str, tab: Tab) -> None:
    author, reviewer = tab(), tab()
    enter(author, site, "/contribute/papers/", "demo-contributor-2")
    author.get_by_label("Name required").fill("Talked about")
    author.get_by_label("Source of your change").fill("The report")
    submit(author)
    address = author.url.removeprefix(site)
    enter(reviewer, site, address, "demo-moderator")
    reviewer.get_by_label("Write to the author").fill("Which year?")
    follow(reviewer.get_by_role("button", name="Comment", exact=True))

    author.goto(f"{site}/submissions/")
    expect(author.locator(".log li").first).to_contain_text("demo-moderator: Which year?")
    author.get_by_role("link", name="Talked about").click()
    author.get_by_role("link", name="Revise").click()
    author.get_by_label("Year").fill("2024")
    author.get_by_role("button", name="Submit the revision").last.click()

    expect(author.get_by_text("Revised, and back in the queue.")).to_be_visible()
    reviewer.goto(site + address)
    expect(reviewer.locator("#field-year")).to_contain_text("2024")


FORMS = [
    "/contribute/",
    "/contribute/papers/",
    "/contribute/datasets/",
    "/contribute/benchmarks/",
    "/contribute/results/?benchmark=mmmu",
    "/benchmarks/mmmu/leaderboard/add/",
    "/benchmarks/flickr30k-retrieval/leaderboard/add/",
    "/contribute/topics/",
    "/contribute/components/",
    "/contribute/batch/",
    "/papers/blip-2/edit/",
    "/papers/flamingo/edit/",
    "/papers/flamingo/retire/",
    "/papers/flamingo/flag/",
    "/submissions/",
    "/people/curation/",
    "/accounts/settings/",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_form(site: str, tab: Tab, theme: str) -> None:
    page = tab(color_scheme=theme)
    enter(page, site, "/contribute/")

    by_page = {}
    for path in FORMS:
        page.goto(site + path)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        by_page[path] = violations(page)

    assert {path: problems for path, problems in by_page.items() if problems} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_something_happened(site: str, tab: Any, theme: str) -> None:
    page = tab(color_scheme=theme)
    enter(page, site, "/papers/flamingo/edit/")
    by_page = {}
    page.get_by_label("Year").fill("2222")
    submit(page)
    by_page["refused"] = violations(page)
    page.goto(f"{site}/contribute/papers/")
    page.get_by_label("Name required").fill(f"Flamingo {theme}")
    page.get_by_label("Source of your change").fill("The report")
    page.get_by_label("Summary").fill("A **claim**")
    follow(page.get_by_role("button", name="Preview", exact=True))
    by_page["preview"] = violations(page)
    submit(page)
    by_page["detail"] = violations(page)
    page.goto(f"{site}/submissions/")
    by_page["mine"] = violations(page)
    page.goto(f"{site}/contribute/batch/")
    page.get_by_label("An awesome-list README").fill(
        f"@misc{{a,\n title={{Axe {theme}}}}}\n@misc{{f,\n title={{Flamingo}}, year={{2021}}}}\n@misc{{b, title={{x\n"
    )
    follow(page.get_by_role("button", name="Read it"))
    by_page["batch preview"] = violations(page)
    follow(page.get_by_role("button", name="Submit what is ticked"))
    by_page["batch refused"] = violations(page)

    assert {name: problems for name, problems in by_page.items() if problems} == {}
    expect_refusal(tab)


@pytest.mark.parametrize("viewport", [PHONE, NARROW], ids=["390", "320"])
def test_nothing_scrolls_sideways_on_a_phone(site: str, tab: Tab, viewport: dict[str, int]) -> None:
    page = tab(viewport=viewport)
    enter(page, site, "/contribute/")

    wide = {}
    for path in FORMS:
        page.goto(site + path)
        page.evaluate("for (const part of document.querySelectorAll('details.group, .rows-question')) part.open = true")
        wide[path] = page.evaluate("document.documentElement.scrollWidth") - viewport["width"]

    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}


def add_by_keyboard(page: Page) -> None:
    """Fill the row in with keys alone; the first field has the focus of whoever tabs into the form."""
    page.get_by_label("Model or variant").focus()
    for text in ("Qwen2.5-VL-72B", "12.34", "https://arxiv.org/abs/2502.13923", "Table 3"):
        page.keyboard.type(text)
        page.keyboard.press("Escape")  # the suggestions, if there are some
        page.keyboard.press("Tab")


@WITH_AND_WITHOUT
def test_a_row_of_a_board_takes_four_inputs_and_the_keyboard(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    enter(page, site, "/benchmarks/mmmu/leaderboard/")
    began = time.monotonic()
    page.get_by_role("link", name="Add a result").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Add a result: MMMU")
    fields = page.locator("form.sheet :is(input, select, textarea):visible")
    assert fields.count() == 4
    assert not scripts or violations(page) == []
    add_by_keyboard(page)
    page.get_by_label("Place in the source").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_text("Thank you. Your proposal is in the queue.")).to_be_visible()
    expect(page.get_by_text("12.34").first).to_be_visible()
    assert time.monotonic() - began < 60
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn").first).to_be_visible()


def test_the_picker_of_a_row_offers_variants(site: str, tab: Tab) -> None:
    page = tab(viewport=NARROW)
    enter(page, site, "/benchmarks/mmmu/leaderboard/add/")
    picker = page.get_by_label("Model or variant")
    picker.focus()
    page.keyboard.type("Qwen2.5-VL-7")
    expect(page.get_by_role("option").first).to_contain_text("Qwen2.5-VL-7")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picker).to_have_value(re.compile(r"^qwen2-5-vl: Qwen2\.5-VL-7"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


@WITH_AND_WITHOUT
def test_a_new_variant_is_ticked_to_be_added(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    enter(page, site, "/benchmarks/mmmu/leaderboard/")
    page.goto(f"{site}/benchmarks/mmmu/leaderboard/add/?paper=qwen2-5-vl&variant=Qwen2.5-VL-700B")
    page.get_by_label("Source required").fill("https://arxiv.org/abs/2502.13923")
    page.locator("[name=value-0]").fill(f"11.{int(scripts)}1")
    submit(page)
    assert not scripts or violations(page) == []
    page.get_by_label("Add “Qwen2.5-VL-700B” to the sizes of Qwen2.5-VL").check()
    submit(page)

    expect(page.get_by_text("This proposal also adds to the sizes of Qwen2.5-VL")).to_be_visible()
    assert page.locator(".message b").inner_text() == "Qwen2.5-VL-700B"
    expect_refusal(tab)
