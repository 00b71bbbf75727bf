"""The timeouts of PostgreSQL: what the settings ask for, and what the engine keeps itself."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from tests.journeys.conftest import ROOT
from tests.proxy import Proxy
from vlmportal import settings
from vlmportal.postgresql.base import DatabaseWrapper

URL = "postgres://portal@database.example/portal"
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks PostgreSQL itself")


def test_connecting_and_a_lost_server_have_timeouts() -> None:
    config = settings.database(f"{URL}?connect_timeout=9&sslmode=require")

    assert config["ENGINE"] == "vlmportal.postgresql"
    assert config["CONN_HEALTH_CHECKS"] is True
    assert config["OPTIONS"] == {**settings.POSTGRES_OPTIONS, "connect_timeout": 9, "sslmode": "require"}


def test_web_requests_have_a_timeout_for_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STATEMENT_TIMEOUT", 7.5)

    options = settings.database(f"{URL}?options=-c%20work_mem%3D9MB")["OPTIONS"]

    assert options == {
        **settings.POSTGRES_OPTIONS,
        "answer_timeout": 8.5,
        "options": "-c statement_timeout=7.5s -c idle_in_transaction_session_timeout=60s -c work_mem=9MB",
    }


@pytest.mark.parametrize(
    ("module", "given", "seconds"),
    [
        ("vlmportal.wsgi", {}, "15.0"),
        ("vlmportal.wsgi", {"REQUEST_TIMEOUT": "10"}, "5.0"),
        ("vlmportal.wsgi", {"STATEMENT_TIMEOUT": "3"}, "3.0"),
        ("vlmportal.wsgi", {"STATEMENT_TIMEOUT": "", "REQUEST_TIMEOUT": ""}, "15.0"),
        ("vlmportal.asgi", {}, "15.0"),
        ("vlmportal.asgi", {"REQUEST_TIMEOUT": "20"}, "10.0"),
        ("django", {}, "0.0"),  # as in a management command
        ("django", {"STATEMENT_TIMEOUT": ""}, "0.0"),
    ],
)
def test_who_has_that_timeout(module: str, given: dict[str, str], seconds: str) -> None:
    program = f"import {module}\nfrom django.conf import settings\nprint(float(settings.STATEMENT_TIMEOUT))"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "vlmportal.settings", "DATABASE_URL": "", **given}

    printed = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, env=env, text=True)

    assert printed.strip() == seconds


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(int(connection.settings_dict["PORT"] or 5432)) as proxy:
        yield proxy


@pytest.fixture
def database(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseDatabaseWrapper]:
    """A connection through the proxy, that waits 0.3 s for an answer and 2 s for a connection."""
    monkeypatch.setattr(DatabaseWrapper, "connects_again_at", float("-inf"))
    options = {**settings.POSTGRES_OPTIONS, "connect_timeout": 2, "answer_timeout": 0.3}
    database = ConnectionHandler(
        {"default": {**connection.settings_dict, "PORT": proxy.port, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}}
    )["default"]
    yield database
    database.close()


def value_of(database: BaseDatabaseWrapper, statement: str) -> Any:
    with database.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@ON_POSTGRES
@pytest.mark.django_db
class TestEngine:
    def test_the_server_knows_the_timeouts(self, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "STATEMENT_TIMEOUT", 7.5)
        database.settings_dict["OPTIONS"]["options"] = settings.database(URL)["OPTIONS"]["options"]

        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        assert [value_of(database, f"SHOW {name}") for name in names] == ["7500ms", "1min"]

    def test_a_statement_without_an_answer_is_given_up(self, database: Any) -> None:
        assert value_of(database, "SELECT 1") == 1

        with pytest.raises(OperationalError, match="timeout"):
            value_of(database, "SELECT pg_sleep(60)")

        assert database.connection.closed
        database.close_if_unusable_or_obsolete()
        assert value_of(database, "SELECT 2") == 2

    def test_without_a_limit_it_waits(self, database: Any) -> None:
        del database.settings_dict["OPTIONS"]["answer_timeout"]

        assert value_of(database, "SELECT pg_sleep(0.5)::text") == ""

    def test_a_connection_that_hangs_is_replaced_at_the_next_request(self, database: Any, proxy: Proxy) -> None:
        value_of(database, "SELECT 1")
        proxy.hang()
        database.close_if_unusable_or_obsolete()
        with pytest.raises(OperationalError):
            value_of(database, "SELECT 1")

        proxy.restore()
        DatabaseWrapper.connects_again_at = time.monotonic()
        assert value_of(database, "SELECT 2") == 2

    def test_a_server_that_did_not_let_in_is_left_alone_for_a_while(self, database: Any, proxy: Proxy) -> None:
        proxy.hang()
        with pytest.raises(OperationalError, match="timeout"):
            database.ensure_connection()
        tried = len(proxy.connections)

        with pytest.raises(OperationalError, match="did not answer a moment ago"):
            database.ensure_connection()

        assert len(proxy.connections) == tried

    def test_a_server_that_refuses_is_tried_each_time(self, database: Any, proxy: Proxy) -> None:
        proxy.refuse()
        with pytest.raises(OperationalError, match="refused"):
            database.ensure_connection()
        proxy.restore()

        assert value_of(database, "SELECT 1") == 1
