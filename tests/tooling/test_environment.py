"""When the environment is left alone, completed or created again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tooling import environment
from tooling.base import ScriptError


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What `ensure` does to an environment in a scratch folder; nothing is really installed."""
    steps: list[str] = []

    def make() -> None:
        steps.append("make")
        (tmp_path / ".venv").mkdir(exist_ok=True)

    def install(lock: Path) -> None:
        steps.append(f"install {lock.name}")

    monkeypatch.setenv("VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "recreate", make)
    monkeypatch.setattr(environment, "install", install)
    monkeypatch.setattr(environment, "usable_version", lambda: "3.11")
    return steps


def test_ensure_makes_a_missing_environment(done: list[str]):
    environment.ensure("run")
    assert done == ["make", "install run.txt"]
    assert environment.read_stamp() == {"python": "3.11", "run": environment.digest("run")}


def test_ensure_leaves_a_complete_environment_alone(done: list[str]):
    environment.ensure("run")
    done.clear()
    environment.ensure("run")
    assert done == []


def test_ensure_adds_the_tools_to_an_environment_that_runs(done: list[str]):
    environment.ensure("run")
    done.clear()
    environment.ensure("dev")
    environment.ensure("run")
    assert done == ["install dev.txt"]


def test_ensure_fills_up_after_a_change_of_the_lock(done: list[str], monkeypatch: pytest.MonkeyPatch):
    environment.ensure("run")
    done.clear()
    monkeypatch.setattr(environment, "digest", lambda name: f"another {name}")
    environment.ensure("run")
    assert done == ["install run.txt"]


def test_ensure_recreates_what_a_killed_install_left(done: list[str], monkeypatch: pytest.MonkeyPatch):
    def killed(lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(environment, "install", killed)
        with pytest.raises(KeyboardInterrupt):
            environment.ensure("run")
    done.clear()
    environment.ensure("run")
    assert done == ["make", "install run.txt"]


def test_ensure_recreates_when_python_changed(done: list[str], monkeypatch: pytest.MonkeyPatch):
    environment.ensure("run")
    done.clear()
    monkeypatch.setattr(environment, "usable_version", lambda: "3.13")
    environment.ensure("run")
    assert done == ["make", "install run.txt"]


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"python": "3.11"})])
def test_ensure_does_not_trust_a_broken_stamp(done: list[str], text: str):
    environment.ensure("run")
    environment.stamp_path().write_text(text)
    done.clear()
    environment.ensure("run")
    assert done[-1] == "install run.txt"


def test_make_never_removes_a_folder_that_is_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "thesis.tex").touch()
    monkeypatch.setenv("VENV", str(tmp_path))
    with pytest.raises(ScriptError, match="is not a virtual environment; set VENV to another folder"):
        environment.recreate()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_working_version_is_empty_for_half_an_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VENV", str(tmp_path))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    probe: Callable[[], str] = environment.usable_version
    assert probe() == ""
