"""Backup and restore: VACUUM INTO for SQLite, pg_dump and pg_restore for PostgreSQL.

Both work while the site is running. Before restoring, the current database is backed up too.
"""

import contextlib
import os
import shutil
import sqlite3
import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tooling import environment, server
from tooling.base import ROOT, ScriptError, data_dir, print_progress, require_writable
from tooling.processes import run_or_fail


def sqlite_path() -> Path | None:
    """The SQLite file in use, or None when DATABASE_URL names PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return data_dir() / "db.sqlite3"
    if url.startswith("sqlite:///"):
        return ROOT / unquote(url.removeprefix("sqlite:///").partition("?")[0])
    if url.startswith(("postgres://", "postgresql://")):
        return None
    raise ScriptError("DATABASE_URL must begin with sqlite:/// or postgres://.")


def postgres_environment() -> dict[str, str]:
    """DATABASE_URL as libpq's variables, so that no password shows up in the process list."""
    url = urlsplit(os.environ["DATABASE_URL"])
    values = {
        "PGHOST": unquote(url.hostname or ""),
        "PGPORT": str(url.port or ""),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": unquote(url.path.lstrip("/")),
        "PGSSLMODE": parse_qs(url.query).get("sslmode", [""])[0],
    }
    return {key: value for key, value in values.items() if value}


def backup() -> int:
    """`make backup [TO=folder]`: write one new file to `folder` (default: backups/ in the data folder)."""
    folder = Path(os.environ.get("TO") or data_dir() / "backups").absolute()
    save(folder, "vlm-portal")
    return 0


def save(folder: Path, prefix: str) -> Path:
    """Back the database up into `folder`, in a file named by the time (UTC) that only its owner can read."""
    require_writable(folder, "TO")
    source = sqlite_path()
    suffix = "sqlite3" if source else "dump"
    target = folder / f"{prefix}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.{suffix}"
    if target.exists():
        raise ScriptError(f"{target} exists already; wait a second.")
    partial = target.with_suffix(f".{suffix}.part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        copy_sqlite(source, partial) if source else dump_postgres(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    print_progress("Backup", f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
    return target


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a compact, consistent copy of a database that may be in use, and verify it."""
    if not source.exists():
        raise ScriptError(f"there is no database at {source} yet.")
    # not mode=ro: SQLite 3.40 then fails on tables with generated columns ("39 columns but 41 values were supplied")
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=60)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    require_intact(target)


def require_intact(path: Path) -> None:
    """Raise ScriptError unless `path` is an intact SQLite database of the portal."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
            is_portal = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'catalog_revision'").fetchone()
    except sqlite3.DatabaseError as error:
        raise ScriptError(f"{path} is not a complete SQLite database ({error}).") from None
    if verdict != "ok" or not is_portal:
        raise ScriptError(f"{path} is {'damaged' if is_portal else 'not a database of the portal'}.")


def dump_postgres(target: Path) -> None:
    """Dump the database in pg_dump's compressed format."""
    run_or_fail(
        [client_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"],
        "pg_dump failed (see above).",
        env=postgres_environment(),
    )


def client_program(name: str) -> str:
    """The path of a PostgreSQL client program."""
    if path := shutil.which(name):
        return path
    raise ScriptError(f"{name} is not on PATH; on Debian or Ubuntu: apt-get install postgresql-client")


def restore() -> int:
    """`make restore FROM=file`: back the current database up, restore a backup, and migrate it."""
    argument = os.environ.get("FROM", "")
    source = Path(argument).expanduser().absolute()
    if not argument or not source.is_file():
        raise ScriptError(f"name the backup: make restore FROM=file{f' ({source} is not a file)' if argument else ''}.")
    environment.ensure("run")
    target = sqlite_path()
    if target:
        restore_sqlite(source, target)
    else:
        restore_postgres(source)
    server.manage("migrate", "--noinput", "-v", "0", failure="the restored database could not be migrated (see above).")
    print_progress("Restored", f"{source}; restart the site if it is running")
    return 0


def restore_sqlite(source: Path, target: Path) -> None:
    """Write `source` over `target` in one transaction: an open connection sees either the old or the new state."""
    require_intact(source)
    if target.exists():
        save(data_dir() / "backups", "before-restore")
    require_writable(target.parent, "DATA_DIR")
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reader,
        contextlib.closing(sqlite3.connect(target, timeout=60)) as writer,
    ):
        reader.backup(writer)
    require_intact(target)


def restore_postgres(source: Path) -> None:
    """Run pg_restore in one transaction, so that it restores everything or nothing."""
    run_or_fail(
        [client_program("pg_restore"), "--list", f"--file={os.devnull}", source],
        f"{source} is not a backup made by pg_dump.",
    )
    save(data_dir() / "backups", "before-restore")
    run_or_fail(
        [
            client_program("pg_restore"),
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            f"--dbname={postgres_environment().get('PGDATABASE', '')}",
            source,
        ],
        "pg_restore failed; nothing was changed (see above).",
        env=postgres_environment(),
    )
