"""`bin/portal serve` says what was not prepared, and does not start."""

import sys
from pathlib import Path

import pytest
from tooling import environment, server
from tooling.base import ScriptError

MISSING = r"^the static files in .* are missing or outdated; run python3 bin/portal static\.$"


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Static files that are up to date, and a record of what is started instead of a server."""
    started: list[str] = []
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/db.sqlite3")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
    monkeypatch.setenv("PORT", str(free_port))
    monkeypatch.setattr(environment, "require", lambda: Path(sys.executable))

    def start_server() -> int:
        started.append("server")
        return 0

    monkeypatch.setattr(server, "start_server", start_server)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    server.static_stamp().write_text(server.static_state())
    return started


@pytest.mark.parametrize("missing", ["static/staticfiles.json", "static.stamp"])
def test_static_files_that_were_not_collected(missing: str, tmp_path: Path, prepared: list[str]):
    (tmp_path / missing).unlink()

    with pytest.raises(ScriptError, match=MISSING):
        server.serve()
    assert prepared == []


def test_static_files_of_an_older_release(prepared: list[str]):
    server.static_stamp().write_text("the digest of another release")

    with pytest.raises(ScriptError, match=MISSING):
        server.serve()
    assert prepared == []


def test_a_database_that_was_not_migrated(tmp_path: Path, prepared: list[str], capfd: pytest.CaptureFixture[str]):
    assert (server.serve(), prepared) == (1, [])
    assert capfd.readouterr() == (
        "",
        f"error: the database {tmp_path}/db.sqlite3 is empty; run python3 bin/portal prepare-data.\n",
    )


def test_what_was_prepared_is_served(prepared: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "call", lambda command: 0)

    assert (server.serve(), prepared) == (0, ["server"])
