"""A database that the site cannot be served from is named in one line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler

from catalog.management.databases import foreign, obstacle, refuse_foreign_tables

pytestmark = pytest.mark.django_db
POLLS = "CREATE TABLE polls_question (id integer)"
OURS = "CREATE TABLE accounts_user (id integer)"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Any]:
    """A connection to an SQLite database of its own, which is empty."""
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "other.sqlite3")}
    wrapper = ConnectionHandler({"default": database})["default"]
    yield wrapper
    wrapper.close()


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ([], " is empty; run python3 bin/portal prepare-data."),
        ([POLLS], " belongs to another program (tables: polls_question); set DATABASE_URL to one of its own."),
        (
            [f"CREATE TABLE {name} (id integer)" for name in ("d", "b", "c", "a")],
            " belongs to another program (tables: a, b, c, …); set DATABASE_URL to one of its own.",
        ),
        ([OURS], " is empty; run python3 bin/portal prepare-data."),
    ],
    ids=["empty", "one table", "many tables", "interrupted"],
)
def test_a_database_without_a_portal(other: Any, statements: list[str], problem: str):
    with other.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

    assert obstacle(other) == f"the database {other.settings_dict['NAME']}{problem}"


def test_a_file_that_is_no_database(other: Any):
    Path(other.settings_dict["NAME"]).write_text("words " * 1000)

    assert obstacle(other) == f"the database {other.settings_dict['NAME']} cannot be read: file is not a database."


def test_a_server_that_does_not_answer():
    unreachable = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "1", "NAME": "portal"}

    problem = obstacle(ConnectionHandler({"default": unreachable})["default"])

    assert problem.startswith("the database portal cannot be read: ")
    assert "\n" not in problem


def test_a_migrated_database_is_fine(capsys: pytest.CaptureFixture[str]):
    call_command("check_database")

    assert capsys.readouterr() == ("", "")


def test_missing_migrations_are_counted(capsys: pytest.CaptureFixture[str]):
    newest = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "submissions")[-2:]
    for name in newest:
        MigrationRecorder(connection).record_unapplied("submissions", name)

    with pytest.raises(SystemExit, match="1"):
        call_command("check_database")

    assert capsys.readouterr().err == (
        f"error: the database {connection.settings_dict['NAME']} lacks 2 migrations, from "
        f"submissions.{newest[0]}; run python3 bin/portal prepare-data.\n"
    )


def test_another_programs_database_is_not_migrated():
    """On the engine at hand: nothing is written before the refusal."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE aaa_poll (id integer)")
    MigrationRecorder.Migration.objects.filter(app="catalog").delete()

    with pytest.raises(CommandError, match=r"belongs to another program \(tables: aaa_poll"):
        refuse_foreign_tables()


def test_a_database_shared_with_the_portal_is_fine():
    with connection.cursor() as cursor:
        cursor.execute(POLLS)

    assert foreign(connection) == ""
