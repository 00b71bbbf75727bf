"""What `make test` runs, and how it says what came of it."""

import sys
from pathlib import Path

import pytest
from tooling import environment, machine, suite
from tooling.base import ScriptError
from tooling.suite import Step, StepResult


def names_and_reasons(steps: list[Step]) -> list[tuple[str, str]]:
    return [(step.name, step.skipped) for step in steps]


def test_every_step_runs_where_everything_is_there():
    assert names_and_reasons(suite.test_steps("/usr/bin/chromium", "postgres://me@db/name")) == [
        ("tests on SQLite", ""),
        ("tests on PostgreSQL", ""),
        ("browser journeys and accessibility", ""),
    ]


def test_what_cannot_run_gives_its_reason():
    assert names_and_reasons(suite.test_steps(None, None))[1:] == [
        ("tests on PostgreSQL", "no PostgreSQL server answers (DATABASE_URL or 127.0.0.1:5432)"),
        ("browser journeys and accessibility", "skipped by BROWSER=0"),
    ]


def test_coverage_leaves_out_what_runs_in_other_processes_and_sets_a_limit_for_both_apps():
    tests, accounts, both = (step.command[3:] for step in suite.coverage_steps())
    assert tests[3:5] == ["-m", "not browser and not tooling and not races"]
    assert tests[5:] == ["--ignore=tests/growth", "--ignore=tests/upgrade", "--cov", "--cov-report="]
    assert accounts == ["report", "--include=accounts/*"]
    assert both == ["report", "--include=catalog/*,submissions/*", f"--fail-under={suite.MIN_COVERAGE}"]


@pytest.mark.parametrize(("status", "word"), [(0, "passed"), (3, "FAILED")])
def test_run_step_believes_the_exit_status(status: int, word: str):
    result = suite.run_step(Step("a step", [sys.executable, "-c", f"raise SystemExit({status})"]))
    assert (result.name, result.status) == ("a step", word)


def test_quiet_step_speaks_only_when_it_fails(capfd: pytest.CaptureFixture[str]):
    suite.run_step(Step("good", [sys.executable, "-c", "print('hidden')"], quiet=True))
    suite.run_step(Step("bad", [sys.executable, "-c", "print('shown'); raise SystemExit(1)"], quiet=True))
    assert capfd.readouterr().out == "== good\n== bad\nshown\n\n"


def test_report_fails_when_one_step_did(capsys: pytest.CaptureFixture[str]):
    results = [
        StepResult("lint", "passed", 0.42),
        StepResult("types", "FAILED", 2.0),
        StepResult("web", "not run", reason="no"),
    ]
    assert suite.report(results) == 1
    assert capsys.readouterr().out == "\npassed   lint (0.4 s)\nFAILED   types (2.0 s)\nnot run  web (no)\n"


def test_report_passes_when_nothing_failed():
    assert suite.report([StepResult("lint", "passed"), StepResult("web", "not run", reason="no")]) == 0


def test_ci_does_not_go_without_postgresql(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("BROWSER", "0")
    monkeypatch.setattr(environment, "ensure", lambda name: Path("python"))
    monkeypatch.setattr(machine, "postgres", lambda: None)
    with pytest.raises(ScriptError, match="CI must test on PostgreSQL too"):
        suite.test()


def test_no_browser_to_be_had_is_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "installed_browser", lambda: None)
    monkeypatch.setattr(machine, "call", lambda *arguments, **options: 1)
    with pytest.raises(ScriptError, match=r"no browser for the journeys: install Chromium .* BROWSER=0\."):
        machine.browser()


def test_a_stand_in_for_a_browser_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ubuntu's chromium-browser is a script that only names a snap."""
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(environment, "python", lambda: Path("/bin/false"))
    assert machine.installed_browser() is None
