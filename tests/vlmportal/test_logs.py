"""Email addresses and unsubscribe links are in no log."""

import io
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import got_request_exception
from django.test import Client
from tooling import server

from accounts.redaction import redacted
from accounts.unsubscribe import unsubscribe_url
from tests.people import contributor
from vlmportal.logs import Formatter

CANARY = "canary.o'neil+list@mail.example.org"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's handler writes, at LOG_LEVEL=INFO."""
    handlers = {handler for name in ("", "django.server") for handler in logging.getLogger(name).handlers}
    console = next(handler for handler in handlers if isinstance(handler.formatter, Formatter))
    assert isinstance(console, logging.StreamHandler)
    written = io.StringIO()
    before, root, level = console.setStream(written), logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(level)
    console.setStream(before)


def handlers_of_all_loggers() -> set[logging.Handler]:
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] not in ("pytest", "_pytest")]
    return {handler for name in ["", *names] for handler in logging.getLogger(name).handlers}


def test_every_handler_redacts():
    ours = [handler for handler in handlers_of_all_loggers() if type(handler) is logging.StreamHandler]

    assert ours
    assert [handler for handler in ours if not isinstance(handler.formatter, Formatter)] == []


def test_no_error_mail_is_sent():
    others = {type(handler).__name__ for handler in handlers_of_all_loggers()}

    assert (settings.ADMINS, settings.MANAGERS, "AdminEmailHandler" in others) == ([], [], False)


@pytest.mark.parametrize(
    "name", ["django", "django.request", "django.security.csrf", "django.server", "allauth", "own"]
)
def test_a_record_is_redacted_with_its_arguments_and_its_traceback(name: str, log: io.StringIO):
    try:
        raise ValueError(f"no account of {CANARY}")
    except ValueError:
        logging.getLogger(name).exception("%s at /accounts/unsubscribe/abc:def-ghi/?x=1", {"email": CANARY})

    text = log.getvalue()
    assert "ValueError: no account of " in text
    assert "/accounts/unsubscribe/[token]/" in text
    assert [part for part in (CANARY, "mail.example.org", "abc:def") if part in text] == []


@pytest.mark.django_db
def test_requests_are_logged_without_the_token(log: io.StringIO):
    url = unsubscribe_url(contributor(), "mail_queue").removeprefix(settings.SITE_URL)
    for path in (url, url.replace(":", "", 1), url[:-5], f"{url}more"):
        Client().get(path)
        Client().put(path)

    text, token = log.getvalue(), url.split("/")[3]
    assert "/accounts/unsubscribe/[token]" in text
    assert [part for part in (token, token.split(":")[0], token.split(":")[-1]) if part in text] == []


@pytest.mark.django_db
def test_an_exception_of_a_view_is_logged_without_the_address(log: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    def fail(*arguments: Any, **options: Any) -> None:
        raise RuntimeError(f"cannot write to {CANARY}")

    monkeypatch.setattr("catalog.web.home.kind_counts", fail)
    got_request_exception.receivers, receivers = [], got_request_exception.receivers
    try:
        response = Client(raise_request_exception=False).get(f"/?email={CANARY}")
    finally:
        got_request_exception.receivers = receivers

    assert response.status_code == 500
    assert "RuntimeError: cannot write to [email address]" in log.getvalue()
    assert "mail.example" not in log.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to <ada@example.org>, eve@example.org", "to <[email address]>, [email address]"),
        ("?q=ada%40example.org&x=1", "?q=[email address]&x=1"),
        ("ünal@bücher.example", "[email address]"),
        ("postgres://portal:secret@db.example.org/portal", "postgres://portal:[email address]/portal"),
        ("GET /accounts/unsubscribe/WzEsIm1:1abc:x_y-z/ 200", "GET /accounts/unsubscribe/[token]/ 200"),
        ("@decorator at user@ and a @ b.c", "@decorator at user@ and a @ b.c"),
    ],
)
def test_what_is_redacted(text: str, expected: str):
    assert redacted(text) == expected


@pytest.mark.parametrize("unit", ["a", "a@", "a.", "@a.", "/unsubscribe/", "%40", "a@a.a.a.a.a.a.a.a.a.a."])
def test_redacting_takes_time_in_proportion_to_the_text(unit: str):
    started = time.perf_counter()
    redacted(unit * (100_000 // len(unit)))

    assert time.perf_counter() - started < 5


def test_the_server_writes_no_access_log(monkeypatch: pytest.MonkeyPatch):
    commands: list[list[str]] = []

    def run_until_stopped(command: list[str], *others: object) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(server, "run_until_stopped", run_until_stopped)
    monkeypatch.setattr(server, "require_free", lambda address: None)
    monkeypatch.setenv("SITE_URL", "http://127.0.0.1")

    server.start_server()

    assert "--no-access-log" in commands[0]
