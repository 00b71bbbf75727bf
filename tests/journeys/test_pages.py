"""Every type of page in a real browser: accessible, complete at every width, without console errors, quick to load."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ADMIN, violations
from tests.journeys.portal import set_up_app

pytestmark = pytest.mark.browser
Tab = Callable[..., Page]

PAGES = [
    "/",
    "/papers/",
    "/papers/?architecture=decoder-only&year=2024",
    "/papers/?year=1066",
    "/datasets/",
    "/benchmarks/",
    "/results/",
    "/topics/",
    "/components/",
    "/papers/qwen2-vl/",
    "/papers/many-hands/",
    "/topics/handiwork/",
    "/datasets/laion-5b/",
    "/benchmarks/mmmu/",
    "/benchmarks/mmmu/leaderboard/",
    "/benchmarks/flickr30k-retrieval/leaderboard/",
    "/verification/",
    "/benchmarks/metaprompt/",
    "/topics/architecture-optimization/",
    "/components/siglip-400m/",
    "/results/qwen2-vl-72b-mmmu-val-accuracy/",
    "/papers/clip/history/",
    "/papers/clip/history/2/",
    "/papers/clip/history/compare/?from=1&to=4",
    "/components/old-hand/?as_of=2020-12-31",
    "/papers/clip/blame/",
    "/search/",
    "/search/?q=qwen2.5+vl",
    "/search/?q=zzzzzzzz",
    "/changes/",
    "/changes/?kind=papers&action=edit&page=2",
    "/about/",
    "/verification/",
    "/contribute/?kind=paper&slug=clip",
    "/export/",
    "/feeds/",
    "/status/",
    "/accounts/login/",
]
ERROR_PAGES = {
    "/nothing/": 404,
    "/papers/qwen2-5-lv/": 404,
    "/papers/clip/history/99/": 404,
    "/components/old-hand/?as_of=2019-12-31": 404,
    "/components/old-hand/?as_of=odd": 400,
    "/components/gone-away/": 410,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(site: str, tab: Tab, path: str, theme: str) -> None:
    page = tab(color_scheme=theme)
    page.goto(site + path)

    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_error_pages(site: str, tab: Any, theme: str) -> None:
    page = tab(color_scheme=theme)
    for path, status in ERROR_PAGES.items():
        assert page.goto(site + path).status == status
        assert (path, violations(page)) == (path, [])
    assert len(tab.errors) == len(ERROR_PAGES)  # the browser's own word of each status
    tab.errors.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(site: str, tab: Tab, theme: str) -> None:
    page = tab(viewport={"width": 320, "height": 640}, color_scheme=theme)
    large = ("/papers/many-hands/", "/topics/handiwork/")
    for path in (
        *large,
        "/",
        "/papers/",
        "/results/",
        "/papers/qwen2-vl/",
        "/benchmarks/mmmu/",
        "/papers/clip/history/",
    ):
        page.goto(site + path)
        assert (path, violations(page)) == (path, [])


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways(site: str, tab: Tab, width: int) -> None:
    page = tab(viewport={"width": width, "height": 800})
    wide = []
    for path in PAGES:
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


@pytest.mark.parametrize(
    "path",
    ["/", "/papers/", "/datasets/", "/benchmarks/", "/results/", "/topics/", "/components/", "/papers/?size=100"],
)
def test_a_first_visit_weighs_at_most_60_kb_and_nothing_moves(site: str, tab: Tab, path: str) -> None:
    page = tab()
    weights: dict[str, int] = {}

    def weigh(request: Any) -> None:
        if request.resource_type != "image":
            sizes = request.sizes()
            weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("requestfinished", weigh)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver("
        "list => { for (const e of list.getEntries()) window.shift += e.value; }"
        ").observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(site + path, wait_until="networkidle")

    assert sum(weights.values()) <= 60 * 1024, weights
    assert page.evaluate("window.shift") == 0


def test_nothing_blocks_the_first_paint_but_the_styles(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/papers/")

    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)"
    )
    assert [name for name in blocking if ".css" not in name] == []


def test_the_first_paint_waits_for_no_script_and_no_font(site: str, tab: Tab) -> None:
    page = tab()
    page.route("**/*.js", lambda route: None)  # neither is ever answered
    page.route("**/*.woff2", lambda route: None)
    page.goto(f"{site}/papers/", wait_until="commit")

    painted = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => list.getEntries().forEach("
        "e => e.name === 'first-contentful-paint' && done(e.startTime))).observe({type: 'paint', buffered: true}))"
    )
    assert painted > 0
    expect(page.get_by_role("heading", level=1)).to_have_text("Papers & models")
    page.unroute_all(behavior="ignoreErrors")


def test_the_admin_is_quiet_under_the_strict_policy(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/admin/")
    page.get_by_text("With a password", exact=True).click()
    page.get_by_label("Username").fill(ADMIN[0])
    page.get_by_label("Password").fill(ADMIN[1])
    page.get_by_role("button", name="Sign in with a password").click()
    page.wait_for_url("**/accounts/2fa/")
    set_up_app(page)
    page.goto(f"{site}/admin/tables/")
    sections = page.locator("#content-main th a").evaluate_all("links => links.map(link => link.pathname)")
    assert len(sections) > 8
    for path in ("/admin/tables/", "/admin/accounts/user/add/", "/admin/password_change/", *sections):
        assert page.goto(site + path).status == 200  # type: ignore[union-attr]
    page.goto(f"{site}/admin/catalog/revision/")
    page.click("#result_list tbody a")
    assert "/change/" in page.url


@pytest.mark.parametrize(
    "path", ["/", "/admin/login/", "/papers/", "/accounts/login/", "/nothing/", "/export/papers.json"]
)
def test_every_reply_carries_the_strict_policy(site: str, tab: Any, path: str) -> None:
    policy = tab().request.get(site + path).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
TEXT_SPACING += " p { margin-block-end: 2em !important }"
"""What readers may set (WCAG 2.2, 1.4.12)."""


def test_no_page_is_wider_than_a_phone_whatever_the_spacing_of_its_text(site: str, tab: Tab) -> None:
    page = tab(viewport={"width": 320, "height": 640}, bypass_csp=True)
    wide = {}
    for path in PAGES:
        page.goto(f"{site}{path}")
        page.add_style_tag(content=TEXT_SPACING)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[path] = (width, page.evaluate(OVERFLOWING))

    assert wide == {}


OVERFLOWING = """
() => [...document.querySelectorAll("body *")]
  .filter(one => one.getBoundingClientRect().right > 321 && getComputedStyle(one).position !== "absolute")
  .slice(0, 6).map(one => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`)
"""
"""What sticks out on the right, of at most six elements."""
