"""Signing in with a real browser: GitHub (its double) and the local demo."""

import pytest
from playwright.sync_api import expect

from tests.github_double import GitHubDouble, Person
from tests.journeys.conftest import ADMIN, follow
from tests.journeys.portal import (
    Portal,
    Tab,
    expect_failed_load,
    github,
    make_staff,
    portal,
    running,
    sign_in,
    sign_out,
    signed_in_as,
)

__all__ = ["github", "portal", "running"]

pytestmark = pytest.mark.browser


def test_sign_in_and_out(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    sign_in(page, portal, path="/accounts/login/?next=/about/")

    assert page.url == f"{portal.address}/about/"
    assert signed_in_as(page) == github.person.login
    assert github.refused == []
    sign_out(page)
    assert page.get_by_role("link", name="Sign in").is_visible()


def test_sign_in_without_scripts(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab(java_script_enabled=False)
    sign_in(page, portal)

    assert signed_in_as(page) == github.person.login


def test_denied_consent(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    sign_in(page, portal, answer="Cancel")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in cancelled")
    page.get_by_role("link", name="Back to sign in").click()
    expect(page.get_by_role("button", name="Sign in with GitHub")).to_be_visible()


def test_state_of_somebody_else(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    page.goto(f"{portal.address}/accounts/github/login/callback/?code=stolen&state=foreign")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in failed")
    expect(page.get_by_text("This sign-in was not started in this browser")).to_be_visible()
    assert github.requested == []
    expect_failed_load(tab)


@pytest.mark.parametrize(
    ("failing", "message"),
    [
        ({"/api/v3/user": "500"}, "GitHub did not answer"),
        ({"/api/v3/user": "silence"}, "GitHub did not answer"),
        ({"/login/oauth/access_token": "500"}, "GitHub did not let us sign you in"),
    ],
)
def test_github_out_of_order(
    failing: dict[str, str], message: str, portal: Portal, github: GitHubDouble, tab: Tab
) -> None:
    page = tab()
    github.failing = failing
    sign_in(page, portal)

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in failed")
    expect(page.get_by_text(message)).to_be_visible()
    expect_failed_load(tab)


def test_no_verified_address(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    unverified = f"{github.person.login}@example.org"
    github.person.emails = [{"email": unverified, "primary": True, "verified": False, "visibility": None}]
    sign_in(page, portal)
    page.goto(f"{portal.address}/accounts/settings/")

    expect(page.get_by_text("We have no verified address of yours, so no mail is sent.")).to_be_visible()
    dump = "\n".join(map(str, portal.rows("SELECT * FROM accounts_user, socialaccount_socialaccount")))
    assert unverified not in dump
    assert portal.rows("SELECT count(*) FROM account_emailaddress") == [(0,)]


def test_a_name_already_taken(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    github.person.login = ADMIN[0]
    sign_in(page, portal)

    assert signed_in_as(page) == f"{ADMIN[0]}-2"


def test_second_sign_in_under_another_login(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    sign_in(page, portal)
    first = signed_in_as(page)
    sign_out(page)
    github.person = Person(number=github.person.number, login="renamed")
    sign_in(page, portal)

    assert signed_in_as(page) == first
    page.goto(f"{portal.address}/accounts/settings/")
    expect(page.get_by_role("link", name="renamed")).to_be_visible()


def test_a_suspended_person_signs_in_and_reads_why(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    sign_in(page, portal)
    make_staff(portal, github.person.login)
    portal.rows(
        "UPDATE accounts_user SET suspended_at = ?, suspended_because = ? WHERE username = ?",
        "2026-11-24 12:00:00",
        "Spam.",
        github.person.login,
    )
    answer = page.goto(f"{portal.address}/admin/")

    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is suspended")
    expect(page.get_by_text("Spam.")).to_be_visible()
    expect_failed_load(tab)


def test_the_local_demo(site: str, tab: Tab) -> None:
    page = tab()
    page.goto(f"{site}/accounts/login/?next=/about/")
    expect(page.get_by_role("heading", name="Local demo: choose who you are")).to_be_visible()
    follow(page.get_by_role("button", name="demo-moderator", exact=True))

    assert page.url == f"{site}/about/"
    expect(page.get_by_text("Local demo: you are demo-moderator")).to_be_visible()
    page.locator(".me summary").click()
    page.get_by_role("link", name="The queue").click()
    expect(page.get_by_role("heading", level=1, name="The queue")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_account_menu_closes_on_escape_and_elsewhere(width: int, site: str, tab: Tab) -> None:
    page = tab(viewport={"width": width, "height": 800})
    page.goto(f"{site}/accounts/login/?next=/about/")
    follow(page.get_by_role("button", name="demo-contributor", exact=True))
    menu, settings = page.locator(".me summary"), page.get_by_role("link", name="Settings", exact=True)

    menu.click()
    settings.focus()
    page.keyboard.press("Escape")
    expect(settings).to_be_hidden()
    expect(menu).to_be_focused()

    menu.click()
    expect(settings).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(settings).to_be_hidden()

    menu.click()
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Tab")
    expect(settings).to_be_hidden()
