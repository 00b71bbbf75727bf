"""The second factor with a real browser, and the look of all pages about oneself."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.github_double import GitHubDouble
from tests.journeys.conftest import ADMIN, follow, violations
from tests.journeys.portal import (
    Portal,
    Tab,
    github,
    make_staff,
    portal,
    running,
    set_up_app,
    sign_in,
    sign_out,
    sixteen_minutes_later,
)
from tests.totp import totp

__all__ = ["github", "portal", "running"]

pytestmark = pytest.mark.browser


def test_staff_set_up_an_app_and_come_back_with_a_recovery_code(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    sign_in(page, portal)
    make_staff(portal, github.person.login)
    page.goto(f"{portal.address}/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    expect(page.get_by_role("status")).to_contain_text("The admin opens once your account has a second factor")
    set_up_app(page)
    codes = page.locator("#recovery_codes li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="Open the admin").click()
    expect(page.get_by_role("heading", name="The queue")).to_be_visible()

    page.goto(portal.address)
    sign_out(page)
    sign_in(page, portal, path="/accounts/login/?next=/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="The queue")).to_be_visible()

    page.goto(portal.address)
    sign_out(page)
    sign_in(page, portal)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()


def plug_in_key(page: Page) -> None:
    """A virtual authenticator that says yes to everything (WebAuthn Automation by the DevTools protocol)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_staff_add_a_passkey_and_come_back_with_it(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab()
    plug_in_key(page)
    sign_in(page, portal)
    make_staff(portal, github.person.login)
    page.goto(f"{portal.address}/admin/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(portal.address)
    sign_out(page)

    sign_in(page, portal, path="/accounts/login/?next=/admin/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="The queue")).to_be_visible()

    sixteen_minutes_later(portal)
    page.goto(f"{portal.address}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename Laptop").click()
    page.wait_for_url("**/reauthenticate/**")
    page.get_by_role("link", name="security key").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have no passkeys yet.")).to_be_visible()
    page.goto(f"{portal.address}/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")


def test_setting_one_up_signs_out_the_other_browser(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page, other = tab(), tab()
    for browser in (page, other):
        sign_in(browser, portal)
    page.goto(f"{portal.address}/accounts/2fa/")
    set_up_app(page)
    expect(page.get_by_text("Your account is signed out everywhere else.")).to_be_visible()

    other.goto(f"{portal.address}/accounts/settings/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto(f"{portal.address}/accounts/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def test_an_account_without_one_confirms_with_github(portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    page = tab(viewport={"width": 390, "height": 800})
    sign_in(page, portal)
    sixteen_minutes_later(portal)
    page.goto(f"{portal.address}/accounts/settings/tokens/")
    page.get_by_label("Name").fill("nightly sync")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    assert problems(page, 390) == []
    page.get_by_role("button", name="Confirm with GitHub").click()
    page.get_by_role("button", name="Authorize", exact=True).click()
    expect(page.get_by_text("Thank you, that is confirmed.")).to_be_visible()
    expect(page.get_by_text("Nothing was made yet.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("nightly sync")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="nightly sync: copy it now")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_admin_gives_a_role_after_confirming(width: int, portal: Portal, github: GitHubDouble, tab: Tab) -> None:
    sign_in(tab(), portal)
    page = tab(viewport={"width": width, "height": 800})
    portal.rows(
        "DELETE FROM mfa_authenticator WHERE user_id = (SELECT id FROM accounts_user WHERE username = ?)", ADMIN[0]
    )
    page.goto(f"{portal.address}/accounts/login/?next=/admin/")
    page.get_by_text("With a password", exact=True).click()
    page.get_by_label("Username").fill(ADMIN[0])
    page.get_by_label("Password").fill(ADMIN[1])
    page.get_by_role("button", name="Sign in with a password").click()
    secret = set_up_app(page)
    page.goto(f"{portal.address}/admin/accounts/user/?q={github.person.login}&is_staff__exact=0")
    page.get_by_role("link", name=github.person.login, exact=True).click()
    page.get_by_label("Staff status").check()
    sixteen_minutes_later(portal)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    expect(page.get_by_text("What you sent is kept, and done once you have confirmed.")).to_be_visible()
    assert problems(page, width) == []
    page.get_by_label("Code").fill(totp(secret, time.time() + 30))  # that of this period set up the app
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    rows = portal.rows("SELECT is_staff FROM accounts_user WHERE username = ?", github.person.login)
    assert rows == [(1,)]


def test_a_passkey_that_fails_says_why(site: str, tab: Tab) -> None:
    """At an address that is a number no browser makes passkeys."""
    page = tab()
    page.goto(f"{site}/accounts/login/")
    follow(page.get_by_role("button", name="demo-contributor-2", exact=True))
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()

    expect(page.locator("[data-passkey-problem]")).to_contain_text("On your own machine open http://localhost:")


OWN_PAGES = [
    "settings/",
    "logout/",
    "inactive/",
    "3rdparty/",
    "3rdparty/login/cancelled/",
    "reauthenticate/github/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]
KEYED_PAGES = ["2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/"]


def problems(page: Page, width: int) -> list[Any]:
    """What axe finds, and whether the page scrolls sideways."""
    axe_problems = violations(page)
    return axe_problems + [("wide", page.url)] * (page.evaluate("document.documentElement.scrollWidth") > width)


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_pages_of_the_account_are_accessible_and_quiet(
    theme: str, width: int, portal: Portal, github: GitHubDouble, tab: Callable[..., Page]
) -> None:
    page = tab(color_scheme=theme, viewport={"width": width, "height": 800})
    page.goto(f"{portal.address}/accounts/login/")
    by_page = {"login/": problems(page, width)}
    sign_in(page, portal)
    for path in OWN_PAGES:
        page.goto(f"{portal.address}/accounts/{path}")
        by_page[path] = problems(page, width)
    page.goto(f"{portal.address}/accounts/2fa/")
    set_up_app(page)
    for path in KEYED_PAGES:
        page.goto(f"{portal.address}/accounts/{path}")
        by_page[f"with a key: {path}"] = problems(page, width)
    page.locator(".me summary").click()
    by_page["menu"] = problems(page, width)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, portal)
    by_page["second step"] = problems(page, width)

    assert {path: bad for path, bad in by_page.items() if bad} == {}
