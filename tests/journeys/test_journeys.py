"""What people come for, done with a mouse, by keyboard, without scripts, and on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import follow

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]


def test_a_reader_finds_a_model_and_the_source_of_a_number(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("qwen2 vl")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Qwen2-VL", exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Qwen2-VL")
    row = page.locator("table tbody tr", has_text="MMMU").filter(has_text="72B")
    expect(row).to_contain_text("64.5")
    page.get_by_role("link", name="Sources and contributors").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sources and contributors")
    expect(page.locator("table.blame")).to_contain_text("curation")


def test_facets_apply_at_once_and_keep_the_address(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/")
    page.get_by_label("Encoder-decoder").check()
    page.wait_for_url("**architecture=encoder-decoder**")

    expect(page.locator(".rows > li")).to_have_count(3)
    page.get_by_role("link", name="Architecture: Encoder-decoder").click()
    expect(page.locator(".rows > li")).to_have_count(25)
    assert page.url.endswith("/papers/?")


@pytest.mark.parametrize("scripts", [True, False])
def test_back_ticks_and_sorts_as_the_address_says(site: str, tab: Tab, scripts: bool) -> None:
    page = tab(java_script_enabled=scripts)
    page.goto(f"{site}/papers/")
    page.get_by_label("Encoder-decoder").check()
    page.get_by_label("Sort").select_option(index=1)
    if scripts:
        page.wait_for_url("**architecture=encoder-decoder**")
    else:
        follow(page.get_by_role("button", name="Apply"))

    page.go_back()

    assert page.url.endswith("/papers/")
    expect(page.get_by_label("Encoder-decoder")).not_to_be_checked()
    assert page.get_by_label("Sort").evaluate("select => select.selectedIndex") == 0


def test_a_page_from_the_browsers_cache_ticks_as_its_address_says(site: str, tab: Tab) -> None:
    """Chromium keeps no page while it is automated: the event that it would send is sent by hand."""
    page = tab()
    page.goto(f"{site}/papers/?architecture=encoder-decoder")
    tick, sort = page.get_by_label("Encoder-decoder"), page.get_by_label("Sort")
    tick.evaluate("field => { field.checked = false }")
    sort.evaluate("field => { field.selectedIndex = 1 }")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    expect(tick).to_be_checked()
    assert sort.evaluate("select => select.selectedIndex") == 0


def test_facets_work_without_scripts(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/papers/")
    page.get_by_label("Encoder-decoder").check()
    page.get_by_role("button", name="Apply").click()

    expect(page.locator(".rows > li")).to_have_count(3)


def test_on_a_phone_the_facets_fold_away_and_say_how_many_are_on(site: str, tab: Tab) -> None:
    page = tab(viewport={"width": 390, "height": 780})
    page.goto(f"{site}/papers/?year=2024")

    expect(page.get_by_label("Encoder-decoder")).to_be_hidden()
    page.get_by_text("Filters 1 on").click()
    page.get_by_label("Decoder-only").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".rows > li")).to_have_count(7)


def test_a_board_sorts_by_its_heads(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/benchmarks/mmmu/leaderboard/")
    board = page.locator("table.ranking").first
    first = board.locator("tbody tr:not(.level-head)", has=page.locator(".name")).first
    expect(first).to_contain_text("70.2")
    board.get_by_role("button", name="Accuracy").click()
    board.get_by_role("button", name="Accuracy").click()

    expect(first).to_contain_text("37.0")
    expect(board.locator("th[aria-sort=ascending]")).to_contain_text("Accuracy")


def test_a_board_is_sorted_by_keyboard_without_a_request(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/benchmarks/flickr30k-retrieval/leaderboard/")
    board = page.locator("table.ranking")
    button = board.get_by_role("button", name="Reported")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    button.focus()
    page.keyboard.press("Enter")

    expect(board.locator("th[aria-sort=descending]")).to_contain_text("Reported")
    dates = [date for date in board.locator("td.when time").evaluate_all("all => all.map(one => one.dateTime)") if date]
    assert dates == sorted(dates, reverse=True)
    assert [url for url in requests if "/leaderboard/" in url] == []


def test_without_scripts_a_column_leads_to_the_board_ranked_by_it(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/benchmarks/flickr30k-retrieval/leaderboard/")
    heads = page.locator("table.ranking thead th.score a")
    name = heads.first.inner_text()
    follow(heads.first)

    expect(page.locator("table.ranking thead th.score.main")).to_have_text(name)


def test_a_row_has_a_link_that_leads_to_it(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/benchmarks/mmmu/leaderboard/")
    row = page.locator("table.ranking tbody tr[id]").nth(12)
    name = row.get_attribute("id")
    link = row.get_by_role("link", name="Link to the row of")
    expect(link).to_have_css("opacity", "0")
    row.hover()
    expect(link).to_have_css("opacity", "1")
    link.click()

    assert page.url.endswith(f"#{name}")
    expect(page.locator("tr:target")).to_have_attribute("id", str(name))
    expect(page.locator("tr:target")).to_be_in_viewport()


def test_the_page_of_a_result_leads_to_its_row(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/results/qwen2-vl-72b-mmmu-val-accuracy/")
    follow(page.get_by_role("link", name="Its row on the board"))

    expect(page.locator("tr:target")).to_contain_text("Qwen2-VL 72B")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_filters_a_board_and_keeps_the_filter_on_the_next(site: str, tab: Tab, width: int) -> None:
    page = tab(viewport={"width": width, "height": 900})
    page.goto(f"{site}/benchmarks/mmmu/leaderboard/")
    if width < 800:
        expect(page.get_by_label("Parameters, up to")).not_to_be_visible()
        page.locator("summary", has_text="Filters").click()
    page.get_by_label("Parameters, up to").fill("8")
    follow(page.get_by_role("button", name="Apply"))

    expect(page.get_by_text("ranked rows; places are those among all")).to_be_visible()
    follow(page.get_by_role("link", name="Test, as reported"))
    assert "parameters=8" in page.url


def test_one_board_is_chosen_filtered_and_read_without_scripts(site: str, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    page.goto(f"{site}/benchmarks/mmmu/")
    page.get_by_role("link", name="Whole board, filters and charts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("MMMU, validation, as reported")
    expect(page.get_by_role("figure")).to_have_count(2)

    page.get_by_label("Parameters, up to (billion)").fill("5")
    page.get_by_role("button", name="Apply").click()
    rows = page.locator("table.ranking .name")
    expect(rows.filter(has_text="Qwen2.5-VL")).to_have_count(1)
    expect(rows.filter(has_text="NVLM")).to_have_count(0)

    page.get_by_role("link", name="Test, as reported").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("MMMU, test, as reported")


def test_exposed_models_are_found_and_the_path_is_read(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/benchmarks/vqav2/")
    page.get_by_role("link", name="Whole board, filters and charts").click()
    page.get_by_label("Exposure").select_option("Exposed")
    page.get_by_role("button", name="Apply").click()
    rows = page.locator("table.ranking tbody tr", has=page.locator(".name"))
    expect(rows.filter(has_text="Qwen-VL")).not_to_have_count(0)
    expect(rows.filter(has_text="InternVL")).to_have_count(0)
    expect(rows.filter(has_text="Flamingo")).to_contain_text("fine-tuned for it")

    row = rows.filter(has_text="PaLM-E").first
    row.get_by_text("exposed", exact=True).press("Enter")
    expect(row).to_contain_text("trained on Visual Question Answering v2.0, on which VQAv2 is built")
    row.get_by_role("link", name="What this means").click()
    expect(page.get_by_role("heading", name="Exposure", exact=True)).to_be_in_viewport()


def test_the_theme_is_chosen_and_stays(site: str, tab: Tab) -> None:
    page = tab(color_scheme="light")
    page.goto(site)
    button = page.get_by_role("button", name="Theme: auto")
    button.click()
    page.get_by_role("button", name="Theme: light").click()
    page.goto(f"{site}/about/")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"


def test_two_revisions_are_compared(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/qwen2-vl/history/")
    page.get_by_label("Compare from revision 1").check()
    page.get_by_role("button", name="Compare the two").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("revision 1 to 4")
    expect(page.locator(".diff")).to_contain_text("7B-14B")
    expect(page.locator(".diff del").filter(has_text="EVA-CLIP ViT-L").first).to_be_visible()


def test_the_way_by_keyboard_starts_with_a_skip_link_and_is_always_seen(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        ring = page.evaluate(
            "getComputedStyle(document.activeElement.closest('.search') || document.activeElement).outlineStyle"
        )
        assert "none" not in (outline, ring) or outline != ring


@pytest.mark.parametrize(
    "path", ["/", "/papers/qwen2-vl/", "/benchmarks/mmmu/", "/search/?q=clip", "/papers/clip/history/"]
)
def test_pages_are_complete_without_scripts(site: str, tab: Tab, path: str) -> None:
    page = tab(java_script_enabled=False)
    page.goto(site + path)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("button[data-copy]:visible, button[data-theme-switch]:visible").count() == 0


def test_a_page_prints_on_white_without_its_frame(site: str, tab: Tab) -> None:
    page = tab(color_scheme="dark")
    page.goto(f"{site}/papers/qwen2-vl/")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")

    for frame in (".top nav", ".top .tools", "footer.foot", ".aside .button", ".as-of"):
        expect(page.locator(frame).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".scores").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 246)"


def shape_of(page: Page, mark: str) -> str:
    """The character that is drawn before the first such mark of a source, and its colour."""
    drawn: str = page.locator(mark).first.evaluate("element => getComputedStyle(element, '::before').content")
    return drawn


def test_sources_are_told_apart_on_paper_and_name_their_address(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/qwen2-vl/")
    page.emulate_media(media="print")

    source = page.locator("#fact-title a.src.primary")
    after = source.evaluate("element => getComputedStyle(element, '::after').content")
    assert (source.get_attribute("href") or "none") in after or "attr(href)" in after
    expect(source.locator(".hidden")).to_have_css("position", "static")
    expect(source).to_contain_text("Primary source:")
    shapes = [shape_of(page, f".mark-key .{name}") for name in ("primary", "copy", "index", "by-others", "unverified")]
    assert ["●" in shapes[0], "◐" in shapes[1], "◇" in shapes[2], "○" in shapes[3], "◌" in shapes[4]] == [True] * 5


@pytest.mark.parametrize("path", ["/papers/qwen2-vl/", "/papers/qwen2-vl/blame/", "/benchmarks/mmmu/"])
def test_sources_are_told_apart_in_forced_colours(site: str, tab: Tab, path: str) -> None:
    page = tab(forced_colors="active")
    page.goto(f"{site}{path}")

    mark = page.locator("main a.src.primary").first
    assert "●" in shape_of(page, "main a.src.primary")
    colours = mark.evaluate(
        "element => [getComputedStyle(element, '::before').color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours[0] != colours[1]
    borders = page.locator(".top nav a").evaluate_all(
        "links => links.map(link => [link.hasAttribute('aria-current'), getComputedStyle(link).borderBottomColor])"
    )
    assert {colour for current, colour in borders if current}.isdisjoint(
        {colour for current, colour in borders if not current}
    )


def test_who_wants_no_motion_gets_none(site: str, tab: Tab) -> None:
    page = tab(reduced_motion="reduce")
    page.goto(f"{site}/papers/")

    moving = (
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration)).length"
    )
    assert page.evaluate(moving) == 0


def test_an_entry_is_seen_as_of_a_day(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/components/old-hand/")
    expect(page.locator("#fact-year")).to_contain_text("2020")
    page.get_by_label("As of a date").fill("2020-12-31")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("status")).to_contain_text("the catalogue as it stood on 31 December 2020")
    expect(page.locator(".facts")).to_contain_text("2019")
    follow(page.get_by_role("link", name="This page as it is now"))
    assert page.url == f"{site}/components/old-hand/"


def test_search_and_filters_work_by_keyboard_alone(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/")

    def reach(what: str) -> None:
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", what):
                return
        pytest.fail(f"Tab never reaches {what}")

    reach("input[name=architecture][value=encoder-decoder]")
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.value") == "encoder-decoder"  # the focus stays
    reach(".rows .name")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/*/")
    reach("a[href$='/history/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/history/")
    reach("input[name=from]")
    page.keyboard.press("ArrowDown")
    reach("form button[type=submit]:not(.link)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("revision")


def test_a_citation_is_copied(site: str, tab: Any) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/papers/clip/")
    page.get_by_role("button", name="Copy BibTeX").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@inproceedings{radford2021learning,")


def test_a_wrong_address_suggests_the_right_one(site: str, tab: Any) -> None:
    page = tab()
    page.goto(f"{site}/papers/qwen2-5-lv/")

    page.get_by_role("link", name="Qwen2.5-VL", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qwen2.5-VL")
    assert len(tab.errors) == 1  # the browser's own word of the 404
    tab.errors.clear()
