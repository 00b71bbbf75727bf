"""Copies of the SQLite database, and their return."""

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from tooling import backup, environment, server
from tooling.base import ScriptError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a small database of ours, and no DATABASE_URL."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("TO", "FROM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "ensure", lambda name: Path("python"))
    monkeypatch.setattr(server, "manage", lambda *arguments, failure: None)
    (tmp_path / "var").mkdir()
    write(tmp_path / "var" / "db.sqlite3", ["first"])
    return tmp_path / "var"


def write(path: Path, names: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS catalog_revision (name TEXT, year INTEGER UNIQUE CHECK (year >= 0),"
            " order_year INTEGER GENERATED ALWAYS AS (COALESCE(year, 0)) STORED)"
        )
        connection.executemany("INSERT INTO catalog_revision (name) VALUES (?)", [(name,) for name in names])
        connection.commit()


def read(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM catalog_revision")]


def test_backup_copies_a_database_in_use(data: Path):
    with contextlib.closing(sqlite3.connect(data / "db.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO catalog_revision (name) VALUES ('not yet committed')")
        backup.backup()
    (copy,) = (data / "backups").iterdir()
    assert read(copy) == ["first"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_backup_goes_to_the_given_folder(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TO", str(tmp_path / "elsewhere"))
    backup.backup()
    assert [path.suffix for path in (tmp_path / "elsewhere").iterdir()] == [".sqlite3"]


def test_backup_without_a_database_says_so_and_leaves_nothing(data: Path):
    (data / "db.sqlite3").unlink()
    with pytest.raises(ScriptError, match="there is no database at .*db.sqlite3 yet"):
        backup.backup()
    assert list((data / "backups").iterdir()) == []


def test_restore_brings_a_copy_back_and_keeps_what_was_there(data: Path, monkeypatch: pytest.MonkeyPatch):
    backup.backup()
    (copy,) = (data / "backups").iterdir()
    write(data / "db.sqlite3", ["second"])
    monkeypatch.setenv("FROM", str(copy))
    backup.restore()
    (set_aside,) = (data / "backups").glob("before-restore-*")
    assert (read(data / "db.sqlite3"), read(set_aside)) == (["first"], ["first", "second"])


def test_restore_reaches_an_open_connection(data: Path, monkeypatch: pytest.MonkeyPatch):
    backup.backup()
    (copy,) = (data / "backups").iterdir()
    write(data / "db.sqlite3", ["second"])
    monkeypatch.setenv("FROM", str(copy))
    with contextlib.closing(sqlite3.connect(data / "db.sqlite3")) as reader:
        backup.restore()
        assert reader.execute("SELECT count(*) FROM catalog_revision").fetchone() == (1,)


@pytest.mark.parametrize("damage", ["cut", "foreign", "text"])
def test_restore_refuses_what_is_no_copy_and_changes_nothing(data: Path, monkeypatch: pytest.MonkeyPatch, damage: str):
    copy = data / "copy.sqlite3"
    if damage == "cut":
        write(copy, ["x" * 500] * 200)
        os.truncate(copy, 8192)
    elif damage == "foreign":
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.execute("CREATE TABLE music (title TEXT)")
    else:
        copy.write_text("not a database at all")
    monkeypatch.setenv("FROM", str(copy))
    with pytest.raises(ScriptError, match="is not a complete SQLite database|is damaged|not a database of the portal"):
        backup.restore()
    assert read(data / "db.sqlite3") == ["first"]


def test_restore_asks_for_a_file(data: Path):
    with pytest.raises(ScriptError, match="name the backup: make restore FROM=file"):
        backup.restore()


def test_postgres_environment_keeps_the_password_out_of_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me:p%40ss@db.example.org:5433/portal?sslmode=require")
    assert backup.postgres_environment() == {
        "PGHOST": "db.example.org",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "portal",
        "PGSSLMODE": "require",
    }


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////srv/portal.sqlite3", Path("/srv/portal.sqlite3")), ("postgres://u@h/db", None)],
)
def test_sqlite_path_follows_database_url(monkeypatch: pytest.MonkeyPatch, url: str, path: Path | None):
    monkeypatch.setenv("DATABASE_URL", url)
    assert backup.sqlite_path() == path
