"""A copy of the project that a test may change, with a database that the unchanged code made."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tooling.base import ROOT

from tests.growth.guide import Step, changed

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "screenshots", "__pycache__", ".*_cache", ".hypothesis")


@dataclass(frozen=True)
class Project:
    """A project in a folder of its own, driven from outside; its database is `data/db.sqlite3` beside it."""

    folder: Path
    data: Path

    def copy(self, to: Path) -> "Project":
        """The project and its data once more."""
        shutil.copytree(self.folder, to / "project")
        shutil.copytree(self.data, to / "data")
        return Project(to / "project", to / "data")

    def follow(self, step: Step) -> None:
        """Write or change the file of a step, or run its commands: all but `make`, which would test in a test."""
        if step.language == "sh":
            for line in step.text.splitlines():
                self.command(line.split())
            return
        [path] = self.folder.glob(step.path) if "*" in step.path else [self.folder / step.path]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed(path.read_text(), step.text) if step.language == "diff" else step.text)

    def run(self, *command: str, sent: Any = None, settings: str = "vlmportal.settings") -> str:
        """What a command of the project's own Python prints; it must succeed."""
        own = {
            "DATABASE_URL": f"sqlite:///{self.data / 'db.sqlite3'}",
            "DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": "bin",
        }
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env={**os.environ, **own},
            input=json.dumps(sent),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def command(self, arguments: list[str]) -> None:
        """Run a command of the guide."""
        if arguments[0] == ".venv/bin/python":
            self.run(*arguments[1:])
        elif arguments[0] != "make":
            subprocess.run(arguments, cwd=self.folder, check=True)

    def manage(self, *command: str) -> str:
        """What a command of manage.py prints."""
        return self.run("manage.py", *command)

    def drive(self, steps: list[dict[str, Any]]) -> list[Any]:
        """What came of each step of tests/growth/drive.py."""
        answers: list[Any] = json.loads(
            self.run("-m", "tests.growth.drive", sent=steps, settings="tests.upgrade.settings").splitlines()[-1]
        )
        return answers


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The project as it is, with an empty catalogue. Tests take a copy of it."""
    folder = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(ROOT, folder / "project", ignore=LEFT_OUT)
    (folder / "data").mkdir()
    project = Project(folder / "project", folder / "data")
    project.manage("migrate", "--noinput", "--verbosity=0")
    yield project
    shutil.rmtree(folder)
