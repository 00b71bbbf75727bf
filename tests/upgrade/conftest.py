"""A database that an earlier commit filled, brought up to date by `manage.py migrate` alone."""

import contextlib
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "upgrade"
FILLED_BY = "d0bece5"
SERVER = os.environ["DATABASE_URL"]
"""A database of the PostgreSQL server to test on; empty where SQLite is tested (tests/settings.py)."""

Request = dict[str, Any]
"""As tests/upgrade/send_requests.py describes it."""


@dataclass(frozen=True)
class Answer:
    """What the site answered to one request."""

    status: int
    location: str
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Site:
    """The site on a database of its own, driven from outside: by commands, by requests, by SQL."""

    database: str
    folder: Path

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py, whether it succeeds or not."""
        return self._run("manage.py", *command, settings="vlmportal.settings")

    def verify_ledger(self) -> subprocess.CompletedProcess[str]:
        """Run verify_ledger, without Django's checks of the project: `migrate` has made them."""
        return self.manage("verify_ledger", "--skip-checks")

    def answers(self, requests: list[Request]) -> list[Answer]:
        """Send requests one after the other, in one process."""
        done = self._run("-m", "tests.upgrade.send_requests", settings="tests.upgrade.settings", sent=requests)
        assert done.returncode == 0, done.stderr
        return [Answer(**answer) for answer in json.loads(done.stdout)]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement, keep what it changes, and give its rows."""
        connect: Any = psycopg.connect if SERVER else sqlite3.connect
        with contextlib.closing(connect(self.database if SERVER else sqlite_path(self.database))) as connection:
            cursor = connection.execute(statement)
            rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    def _run(self, *command: str, settings: str, sent: Any = None) -> subprocess.CompletedProcess[str]:
        own = {"DATABASE_URL": self.database, "DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": settings}
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **own},
            input=json.dumps(sent),
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site after the upgrade. Tests share it and only read; a test that writes asks for `own_copy`."""
    folder = tmp_path_factory.mktemp("upgraded")
    with filled_database(folder) as database:
        site = Site(database, folder)
        migrated = site.manage("migrate", "--noinput")
        assert migrated.returncode == 0, migrated.stderr
        yield site


@pytest.fixture
def own_copy(upgraded: Site, tmp_path: Path) -> Iterator[Site]:
    """A copy of the upgraded site, for a test that writes."""
    with copy_of(upgraded.database, tmp_path) as database:
        yield Site(database, tmp_path)


@contextlib.contextmanager
def filled_database(folder: Path) -> Iterator[str]:
    """The address of the database as the earlier commit left it, on the engine that is tested."""
    if not SERVER:
        (folder / "db.sqlite3").write_bytes(unpacked("sqlite3"))
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    with new_database("upgrade") as address:
        with contextlib.closing(psycopg.connect(address)) as connection:
            connection.execute(unpacked("postgresql.sql"))
            connection.commit()
        yield address


@contextlib.contextmanager
def copy_of(database: str, folder: Path) -> Iterator[str]:
    """The address of a copy of a database to which nobody is connected."""
    if not SERVER:
        shutil.copy(sqlite_path(database), folder / "db.sqlite3")
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    with new_database("upgrade_copy", template=urlsplit(database).path[1:]) as address:
        yield address


@contextlib.contextmanager
def new_database(suffix: str, template: str = "template1") -> Iterator[str]:
    """The address of a PostgreSQL database beside the test database, of this worker alone, dropped at the end."""
    parts = [os.environ.get("TEST_DATABASE_NAME", "test_vlm_portal"), suffix, os.environ.get("PYTEST_XDIST_WORKER", "")]
    name = "_".join(filter(None, parts))
    with contextlib.closing(psycopg.connect(SERVER, autocommit=True)) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')
            yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def sqlite_path(database: str) -> Path:
    return Path(database.removeprefix("sqlite:///"))


def unpacked(name: str) -> bytes:
    """The fixture of an engine."""
    return gzip.decompress((DATA / f"{FILLED_BY}.{name}.gz").read_bytes())
