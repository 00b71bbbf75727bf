"""The database is away: 503 with Retry-After, as a page and as a problem, wherever a request notices it."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from tests.journeys.conftest import free_port
from tests.people import contributor, propose, signed_in
from vlmportal.errors import RETRY_AFTER
from vlmportal.health import newest_migrations

pytestmark = pytest.mark.django_db(transaction=True)

ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite's errors")
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="about PostgreSQL's errors")
SENTENCE = "The database does not answer at the moment"


@contextmanager
def away() -> Iterator[None]:
    """No connection can be opened: there is no such folder, or nobody listens."""
    names = {"NAME": "/nowhere/db.sqlite3"} if connection.vendor == "sqlite" else {"PORT": free_port()}
    with connected(**names):
        yield


@contextmanager
def connected(**changes: Any) -> Iterator[None]:
    """Connections opened inside the block, in any thread, have these settings."""
    before = {name: connection.settings_dict[name] for name in changes}
    connection.close()
    connection.settings_dict.update(changes)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def client() -> Client:
    """A client that gets a page for an exception, as a browser does."""
    return Client(raise_request_exception=False)


@pytest.fixture
def writer() -> Client:
    """A signed-in contributor, as a browser."""
    client = signed_in(contributor())
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("path", ["/", "/papers/", "/papers/clip/", "/search/?q=x", "/accounts/settings/", "/nowhere/"])
def test_a_page_is_503_and_says_when_to_try_again(path: str, writer: Client) -> None:
    """With a session, so that middleware and templates look for the account too."""
    with away():
        response = writer.get(path)

    assert (response.status_code, response.headers["Retry-After"]) == (503, str(RETRY_AFTER))
    assert response.headers["Cache-Control"] == "no-store"
    assert SENTENCE in response.content.decode()


def test_a_page_without_a_session_is_503(client: Client) -> None:
    with away():
        response = client.get("/papers/")

    assert (response.status_code, SENTENCE in response.content.decode()) == (503, True)


def test_an_address_of_the_api_answers_with_a_problem(writer: Client) -> None:
    for client in (writer, Client(raise_request_exception=False)):
        with away():
            response = client.get("/api/v1/papers/")

        assert (response.status_code, response.headers["Retry-After"]) == (503, str(RETRY_AFTER))
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json() == {
            "type": "http://127.0.0.1:8000/api/docs/#problem-service-unavailable",
            "title": "Service unavailable",
            "status": 503,
            "detail": f"{SENTENCE}; try again later.",
            "instance": "/api/v1/papers/",
        }


def test_a_form_that_is_sent_is_503(writer: Client) -> None:
    proposal = propose()
    with away():
        response = writer.post(f"/submissions/{proposal.pk}/comment/", {"text": "Noted."})

    assert (response.status_code, response.headers["Retry-After"]) == (503, str(RETRY_AFTER))
    assert not proposal.events.filter(comment="Noted.").exists()


def test_the_site_is_back_with_the_database(writer: Client) -> None:
    with away():
        assert writer.get("/accounts/settings/").status_code == 503

    assert writer.get("/accounts/settings/").status_code == 200


def test_an_outage_takes_one_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with away():
        client.get("/papers/")

    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert (record.levelno, record.exc_info) == (logging.ERROR, None)
    assert record.getMessage().startswith("Service Unavailable: /papers/: ")
    assert "\n" not in record.getMessage()


def test_a_process_is_live_and_not_ready(client: Client) -> None:
    with away():
        answers = {path: client.get(f"/healthz{path}") for path in ("", "/live", "/ready")}

    assert {path: answer.status_code for path, answer in answers.items()} == {"": 200, "/live": 200, "/ready": 503}
    assert answers["/ready"].content == b"database: does not answer\ncache: not shared\n"
    assert answers["/ready"].headers["Retry-After"] == str(RETRY_AFTER)


def test_a_process_is_ready_with_a_migrated_database(client: Client) -> None:
    response = client.get("/healthz/ready")

    assert (response.status_code, response.content) == (200, b"database: answers\ncache: not shared\n")
    assert "no-store" in response.headers["Cache-Control"]


def test_a_process_is_not_ready_before_its_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later = newest_migrations() | {("catalog", "9999_later")}
    monkeypatch.setattr("vlmportal.health.newest_migrations", lambda: later)

    response = client.get("/healthz/ready")

    assert (response.status_code, response.content) == (503, b"database: lacks migrations\ncache: not shared\n")


def test_the_status_page_says_that_the_database_is_away(writer: Client) -> None:
    with away():
        response = writer.get("/status/")

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, str(RETRY_AFTER))
    assert "The database does not answer." in page
    assert "<h2>Cache</h2>" in page


def test_the_status_page_says_that_the_database_answers(writer: Client) -> None:
    response = writer.get("/status/")

    assert response.status_code == 200
    assert "The database answers." in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


@ON_SQLITE
def test_a_locked_database_is_503(writer: Client) -> None:
    proposal = propose()
    options = {**connection.settings_dict["OPTIONS"], "timeout": 0.1}
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with connected(OPTIONS=options):
            response = writer.post(f"/submissions/{proposal.pk}/comment/", {"text": "Noted."})
    finally:
        other.close()

    assert (response.status_code, response.headers["Retry-After"]) == (503, str(RETRY_AFTER))


@ON_SQLITE
def test_a_full_disk_is_503(writer: Client) -> None:
    proposal = propose()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no free pages
        size = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {size}")

    full = writer.post(f"/submissions/{proposal.pk}/comment/", {"text": "x" * 4000})
    connection.close()
    roomy = writer.post(f"/submissions/{proposal.pk}/comment/", {"text": "x" * 4000})

    assert (full.status_code, full.headers["Retry-After"], roomy.status_code) == (503, str(RETRY_AFTER), 302)


@ON_POSTGRES
def test_a_statement_that_takes_too_long_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 50")
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr("catalog.api.root.Root.answer", slow)
    response = client.get("/api/v1/")
    connection.close()

    assert response.status_code == 503


@ON_POSTGRES
def test_a_connection_that_the_server_ends_is_503_and_then_replaced(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr("catalog.api.root.Root.answer", end)
        assert client.get("/api/v1/").status_code == 503

    connection.close_if_unusable_or_obsolete()  # as at the start of each request
    assert client.get("/api/v1/").status_code == 200


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM no_such_table", "SELECT no_such_column FROM django_session", "SELEC"]
)
def test_a_faulty_statement_is_500(statement: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    monkeypatch.setattr("catalog.api.root.Root.answer", fail)
    response = client.get("/api/v1/")

    assert (response.status_code, "Retry-After" in response.headers) == (500, False)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ProgrammingError, DatabaseError])
@pytest.mark.parametrize("path", ["/healthz/ready", "/status/"])
def test_its_health_is_told_whatever_the_driver_raises(
    path: str, error: type[Exception], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise error("gone")

    monkeypatch.setattr("vlmportal.health.MigrationRecorder.applied_migrations", fail)
    response = client.get(path)

    assert (response.status_code, "does not answer" in response.content.decode()) == (503, True)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ProgrammingError, DatabaseError, OSError])
def test_an_error_that_no_driver_raised_is_500(
    error: type[Exception], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("catalog.api.root.Root.answer", fail)

    assert client.get("/api/v1/").status_code == 500
