"""The databases of a benchmark: filled from a seed, and reused while the code that fills them stays the same."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from tooling import environment, machine
from tooling.base import ROOT, ScriptError, data_dir, print_progress
from tooling.processes import run_or_fail

from catalog.management.generating import Plan

SOURCES = (
    "catalog/forms",
    "catalog/kinds",
    "catalog/ledger",
    "catalog/management",
    "catalog/migrations",
    "catalog/models",
    "catalog/text",
    "bench/naive",
)
"""The code that fills the databases: they are filled again when a file in these folders changes."""


@dataclass(frozen=True)
class LoadTimes:
    """The number of entries in a pair of databases, and the seconds that loading took, for the baseline by kind."""

    digest: str
    entries: int
    portal_seconds: float
    naive_seconds: dict[str, float]


@dataclass(frozen=True)
class Pair:
    """The databases of the portal and the baseline, of one engine and size."""

    engine: str
    size: int
    seed: int

    @property
    def plan(self) -> Plan:
        return Plan(self.size, self.seed)

    @property
    def name(self) -> str:
        return f"{self.engine}-{self.size}-{self.seed}"

    def url(self, site_name: str) -> str:
        """The URL of the database of "portal" or "naive"."""
        if self.engine == "sqlite":
            return f"sqlite:///{folder() / f'{site_name}-{self.size}-{self.seed}.sqlite3'}"
        return server().rpartition("/")[0] + f"/{self.database(site_name)}"

    def database(self, site_name: str) -> str:
        return f"vlm_portal_bench_{site_name}_{self.size}_{self.seed}"

    def ensure_filled(self, keep: bool) -> LoadTimes:
        """Fill the pair unless the same code filled it before; `keep` reuses it even if the code has changed."""
        stamp = folder() / f"{self.name}.json"
        known = LoadTimes(**json.loads(stamp.read_text())) if stamp.exists() else None
        if known and (keep or known.digest == digest(self.seed)):
            self.manage("migrate", "-v", "0")
            return known
        stamp.unlink(missing_ok=True)
        loaded = self.fill()
        stamp.write_text(json.dumps(asdict(loaded)))
        return loaded

    def fill(self) -> LoadTimes:
        print_progress("Loading", f"{self.size} papers into {self.engine} ...")
        for site_name in ("portal", "naive"):
            self.empty(site_name)
        self.manage("migrate", "-v", "0")
        started = time.monotonic()
        self.manage("generate", str(self.size), "--seed", str(self.seed))
        seconds = time.monotonic() - started
        file = folder() / f"{self.name}.jsonl"
        write_payloads(self.plan, file)
        naive = self.load_naive(file)
        file.unlink()
        return LoadTimes(digest(self.seed), sum(self.plan.counts.values()), seconds, naive)

    def empty(self, site_name: str) -> None:
        """Replace the database by a new, empty one."""
        if self.engine == "sqlite":
            for path in folder().glob(f"{site_name}-{self.size}-{self.seed}.sqlite3*"):
                path.unlink()
            return
        with psycopg.connect(server(), autocommit=True) as connection:
            name = sql.Identifier(self.database(site_name))
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def manage(self, *arguments: str) -> None:
        """Run one of the portal's management commands on its database."""
        command: list[str | Path] = [environment.python(), ROOT / "manage.py", *arguments]
        run_or_fail(command, f"{arguments[0]} failed (see above).", env=self.environment("portal"))

    def load_naive(self, file: Path) -> dict[str, float]:
        """Fill the baseline's tables from the payloads; return the seconds that saving took, by kind."""
        done = subprocess.run(
            [str(environment.python()), "-m", "bench.naive.load", str(file)],
            cwd=ROOT,
            env={**os.environ, **self.environment("naive")},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ScriptError("the baseline could not be loaded (see above).")
        seconds: dict[str, float] = json.loads(done.stdout)
        return seconds

    def environment(self, site_name: str) -> dict[str, str]:
        """The environment variables of a process that uses one of the two."""
        settings = {"portal": "vlmportal.settings", "naive": "bench.naive.settings"}[site_name]
        return {
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.url(site_name),
            "DATA_DIR": str(data_dir()),
            "REDIS_URL": "",
        }


def write_payloads(plan: Plan, file: Path) -> None:
    """Write the part of a plan that the baseline holds as JSON Lines: a kind and its payload, with its slug."""
    with file.open("w") as output:
        for kind in ("topic", "paper", "result"):
            for number, payload in enumerate(plan.payloads(kind)):
                output.write(json.dumps([kind, {"slug": plan.slug(kind, number), **payload}]) + "\n")


def folder() -> Path:
    """The benchmark's own folder: DATA_DIR/bench."""
    path = data_dir() / "bench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def server() -> str:
    """The URL of the PostgreSQL server. Raises ScriptError if none answers."""
    if url := machine.postgres():
        return url
    raise ScriptError("no PostgreSQL server answers (DATABASE_URL or 127.0.0.1:5432); ENGINES=sqlite skips it.")


def digest(seed: int) -> str:
    """A digest of the seed and of the code that creates and fills the databases."""
    total = hashlib.sha256(str(seed).encode())
    for path in sources():
        total.update(path.read_bytes())
    return total.hexdigest()


def sources() -> Iterator[Path]:
    for name in SOURCES:
        yield from sorted((ROOT / name).rglob("*.py"))
