"""A portal that signs people in through GitHub's double, for journeys; and the steps they share."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.github_double import CLIENT_ID, CLIENT_SECRET, GitHubDouble
from tests.journeys.conftest import BARE, free_port, manage, served
from tests.totp import totp

Tab = Any  # opens pages, and holds the errors of their consoles


class Portal:
    """A running portal that asks the double: its address, and its database to look into."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.path = address, folder / "db.sqlite3"

    def rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.path, timeout=20)) as connection, connection:
            return connection.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, GitHubDouble]]:
    address, folder = f"http://localhost:{free_port()}", tmp_path_factory.mktemp("signin")
    with GitHubDouble(f"{address}/accounts/github/login/callback/") as double:
        app = {"GITHUB_URL": double.url, "GITHUB_CLIENT_ID": CLIENT_ID, "GITHUB_CLIENT_SECRET": CLIENT_SECRET}
        with served(address, folder, **app):
            yield Portal(address, folder), double


@pytest.fixture
def portal(running: tuple[Portal, GitHubDouble]) -> Portal:
    return running[0]


@pytest.fixture
def github(running: tuple[Portal, GitHubDouble]) -> GitHubDouble:
    """The double with a person of its own, so that tests do not meet."""
    double = running[1]
    double.reset()
    double.person.number = max(numbers(running[0]), default=1000) + 1
    double.person.login = f"cat{double.person.number}"
    return double


def numbers(portal: Portal) -> list[int]:
    return [int(uid) for (uid,) in portal.rows("SELECT uid FROM socialaccount_socialaccount")]


def sign_in(page: Page, portal: Portal, answer: str = "Authorize", path: str = "/accounts/login/") -> None:
    """Through GitHub and back."""
    page.goto(portal.address + path)
    page.get_by_role("button", name="Sign in with GitHub").click()
    page.get_by_role("button", name=answer, exact=True).click()


def signed_in_as(page: Page) -> str:
    return page.locator(".me summary").inner_text()


def sign_out(page: Page) -> None:
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def expect_failed_load(tab: Tab) -> None:
    """The browser's own word of the status, and nothing else."""
    assert [("Failed to load resource" in text) for text in tab.errors] == [True]
    tab.errors.clear()


AGE = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    store = SessionStore(row.session_key)
    for record in store.get("account_authentication_methods", []):
        record["at"] -= 16 * 60
    store.save()
"""


def sixteen_minutes_later(portal: Portal) -> None:
    """Let all sessions have signed in 16 minutes earlier."""
    env = {**os.environ, **BARE, "DATA_DIR": str(portal.path.parent)}
    manage("shell", "-v0", "-c", AGE, env=env)


def make_staff(portal: Portal, name: str) -> None:
    portal.rows("UPDATE accounts_user SET is_staff = 1 WHERE username = ?", name)


def set_up_app(page: Page) -> str:
    """An authenticator app by hand, from the page of second factors; gives its secret."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return secret
