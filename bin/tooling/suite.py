"""`make check`, `make test` and `make coverage`: run their steps one after the other and report the results."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tooling import environment, machine
from tooling.base import ROOT, ScriptError, print_progress
from tooling.processes import child, wait

PRODUCTION = {
    "DEBUG": "0",
    "SECURE_SSL": "1",
    "SECRET_KEY": "only-for-the-check-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
}
ON_SQLITE = {"TEST_DATABASE": "sqlite", "DATABASE_URL": ""}
MIN_COVERAGE = 95  # per cent of the lines and branches of catalog/ and submissions/ that the tests must run
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"


@dataclass(frozen=True)
class Step:
    """One command of the suite; `skipped` says why it cannot run here, `quiet` shows its output only if it fails."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    skipped: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class StepResult:
    """The result of a step: status ("passed", "FAILED" or "not run"), seconds, and the reason if it was skipped."""

    name: str
    status: str
    seconds: float = 0.0
    reason: str = ""


def python_module(name: str, *arguments: str) -> list[str]:
    """A command that runs a module of the environment."""
    return [str(environment.python()), "-m", name, *arguments]


def templates() -> list[str]:
    """The paths of all templates, for djade."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def check_steps() -> list[Step]:
    """The static checks, which take seconds."""
    binaries = environment.python().parent
    manage = [str(environment.python()), "manage.py"]
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "format": (python_module("ruff", "format", "--check", "--quiet", "."), {}),
        "lint": (python_module("ruff", "check", "--quiet", "."), {}),
        "templates": ([str(binaries / "djade"), "--check", *templates()], {}),
        "lines of templates": (python_module("tooling.markup"), {"PYTHONPATH": "bin"}),
        "import contracts": ([str(environment.python()), "-c", LINT_IMPORTS], {}),
        "types": (python_module("mypy", "--no-error-summary"), {}),
        "missing migrations": ([*manage, "makemigrations", "--check", "--dry-run"], {}),
        "check --deploy": ([*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    }
    return [Step(name, command, env=env, quiet=True) for name, (command, env) in commands.items()]


def pytest(*arguments: str) -> list[str]:
    """A pytest command with two workers, or TEST_WORKERS; pyproject.toml keeps each file on one worker."""
    workers = os.environ.get("TEST_WORKERS") or "2"
    return python_module("pytest", "-q", "-n", workers, *arguments)


def test_steps(chromium: str | None, postgres: str | None) -> list[Step]:
    """The tests on each engine, then in the browser."""
    on_postgres = {"TEST_DATABASE": "postgres", "DATABASE_URL": postgres or ""}
    return [
        Step("tests on SQLite", pytest("-m", "not browser"), env=ON_SQLITE),
        Step(
            "tests on PostgreSQL",
            pytest("-m", "not browser and not tooling and not pure and not one_engine"),
            env=on_postgres,
            skipped="" if postgres else "no PostgreSQL server answers (DATABASE_URL or 127.0.0.1:5432)",
        ),
        Step(
            "browser journeys and accessibility",
            pytest("-m", "browser", "tests/journeys"),
            env={**ON_SQLITE, "CHROMIUM": chromium or ""},
            skipped="" if chromium else "skipped by BROWSER=0",
        ),
    ]


def coverage_steps() -> list[Step]:
    """The tests that run the apps in their own process, and a report of the lines and branches that they ran."""
    ignored = ["--ignore=tests/growth", "--ignore=tests/upgrade"]  # both run the site in other processes
    measure = pytest("-m", "not browser and not tooling and not races", *ignored, "--cov", "--cov-report=")
    report = python_module("coverage", "report")
    report_both = [*report, "--include=catalog/*,submissions/*", f"--fail-under={MIN_COVERAGE}"]
    return [
        Step("tests on SQLite, measured", measure, env=ON_SQLITE),
        Step("coverage of accounts", [*report, "--include=accounts/*"]),
        Step(f"coverage of catalog and submissions, at least {MIN_COVERAGE} %", report_both),
    ]


def run_step(step: Step) -> StepResult:
    """Run one step and show its output."""
    if step.skipped:
        return StepResult(step.name, "not run", reason=step.skipped)
    print(f"== {step.name}", flush=True)
    started = time.monotonic()
    status, output = run_quietly(step) if step.quiet else (run(step), "")
    if status and output:
        print(output, flush=True)
    return StepResult(step.name, "FAILED" if status else "passed", time.monotonic() - started)


def run_quietly(step: Step) -> tuple[int, str]:
    """Run the command of a step; return its exit status and what it printed."""
    with tempfile.TemporaryFile() as sink:
        status = run(step, stdout=sink.fileno(), stderr=subprocess.STDOUT)
        sink.seek(0)
        return status, sink.read().decode(errors="replace")


def run(step: Step, stdout: int | None = None, stderr: int | None = None) -> int:
    """Run the command of a step. When interrupted, so is pytest, which then removes what it made."""
    with child(step.command, env=step.env, stdout=stdout, stderr=stderr, stop_signal=signal.SIGINT) as process:
        return wait(process)


def report(results: list[StepResult]) -> int:
    """Print the final table; return 1 if a step failed, else 0."""
    print()
    for result in results:
        detail = result.reason or f"{result.seconds:.1f} s"
        print(f"{result.status:<8} {result.name} ({detail})", flush=True)
    return int(any(result.status == "FAILED" for result in results))


def with_temporary_data_dir(run: Callable[[], int]) -> int:
    """Run with a temporary DATA_DIR, apart from the operator's database and secret key."""
    with tempfile.TemporaryDirectory(prefix="vlm-portal-") as folder:
        os.environ["DATA_DIR"] = folder
        return run()


def check() -> int:
    """`make check`."""
    environment.ensure("dev")
    return with_temporary_data_dir(lambda: report([run_step(step) for step in check_steps()]))


def coverage() -> int:
    """`make coverage`; fails if a test does, or if less than MIN_COVERAGE % of catalog and submissions is covered."""
    environment.ensure("dev")
    return with_temporary_data_dir(lambda: report([run_step(step) for step in coverage_steps()]))


def test() -> int:
    """`make test`. Fails at once without a browser and, in CI (CI=true), without PostgreSQL."""
    environment.ensure("dev")
    chromium = None if os.environ.get("BROWSER") == "0" else machine.browser()
    postgres = machine.postgres()
    if os.environ.get("CI") and not postgres:
        raise ScriptError("CI must test on PostgreSQL too, but no server answers (DATABASE_URL or 127.0.0.1:5432).")
    print_progress("Engines", "SQLite, PostgreSQL" if postgres else "SQLite only: no PostgreSQL server answers")
    print_progress("Browser", chromium or "skipped by BROWSER=0")
    steps = [*check_steps(), *test_steps(chromium, postgres)]
    return with_temporary_data_dir(lambda: report([run_step(step) for step in steps]))
