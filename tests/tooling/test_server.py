"""When `make run` offers the local demo, and what it says of signing in."""

import os
from pathlib import Path

import pytest
from tooling import environment, server
from tooling.address import Address
from tooling.base import ROOT, ScriptError

LOGIN = "http://127.0.0.1:8000/accounts/login/"
APP = "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET"
NAMES = (
    "HOST",
    "PORT",
    "LOCAL_DEMO",
    "GITHUB_CLIENT_ID",
    "GITHUB_CLIENT_SECRET",
    "SECURE_SSL",
    "BEHIND_PROXY",
    "ALLOWED_HOSTS",
    "SITE_URL",
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the variables, and none left behind."""
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({}, "1"),
        ({"HOST": "localhost"}, "1"),
        ({"HOST": "0.0.0.0"}, None),
        ({"HOST": "192.0.2.1"}, None),
        ({"GITHUB_CLIENT_ID": "app"}, None),
        ({"SECURE_SSL": "1"}, None),
        ({"BEHIND_PROXY": "1"}, None),
        ({"SITE_URL": "https://portal.example.org"}, None),
        ({"ALLOWED_HOSTS": "portal.example.org"}, None),
        ({"LOCAL_DEMO": "0"}, "0"),
    ],
)
def test_the_local_demo_is_for_a_laptop(
    given: dict[str, str], offered: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    server.offer_local_demo()

    assert os.environ.get("LOCAL_DEMO") == offered


def test_starting_migrates_with_the_system_checks_and_seeds_without_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(server, "manage", lambda *arguments, failure: ran.append(arguments))

    server.prepare_data()

    assert ran == [("migrate", "--noinput", "-v", "0"), ("seed", "--skip-checks")]


@pytest.mark.parametrize("text", ["", "10", "30", "3600"])
def test_a_time_limit_is_a_number_of_seconds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUEST_TIMEOUT", text)

    server.require_request_timeout()


@pytest.mark.parametrize("text", ["0", "9", "3601", "-30", "1e2", "30.5", "٣٠", "soon"])
def test_another_time_limit_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUEST_TIMEOUT", text)

    with pytest.raises(ScriptError) as refused:
        server.require_request_timeout()

    assert str(refused.value) == f"REQUEST_TIMEOUT must be a number of seconds from 10 to 3600, not {text!r}."


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"LOCAL_DEMO": "1"},
            f"Sign in       local demo, without a password: choose a contributor or a moderator at {LOGIN}",
        ),
        (
            {"GITHUB_CLIENT_ID": "app", "GITHUB_CLIENT_SECRET": "secret"},
            f"Sign in       with GitHub, at {LOGIN}",
        ),
        ({}, f"Sign in       not needed to read; for GitHub sign-in set {APP} (see README)"),
    ],
)
def test_the_welcome_says_how_to_sign_in(given: dict[str, str], line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert line in server.welcome(Address("127.0.0.1", 8000)).splitlines()


@pytest.mark.parametrize(("given", "runs"), [(None, True), ("", True), ("1", True), ("0", False), ("off", False)])
def test_a_worker_runs_beside_the_server_unless_it_is_turned_off(
    given: str | None, runs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BACKGROUND_WORKER", raising=False)
    if given is not None:
        monkeypatch.setenv("BACKGROUND_WORKER", given)
    monkeypatch.setattr(environment, "require", lambda: Path("python"))

    companion = server.background_worker()

    assert (companion is not None) is runs
    if companion:
        assert companion.command == [Path("python"), ROOT / "manage.py", "worker"]
