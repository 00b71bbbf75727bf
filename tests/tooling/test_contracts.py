"""The import contracts of pyproject.toml refuse what they are for: each is broken once, in a copy."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tooling.base import ROOT

APPS = ("accounts", "background", "catalog", "submissions", "vlmportal")
LINT = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"


def broken_contracts(folder: Path) -> list[str]:
    """The numbers of the contracts that import-linter finds broken in `folder`."""
    done = subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False)
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return sorted(re.findall(r"^(\w+)\. .* BROKEN", done.stdout, re.MULTILINE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and the contracts, without the rest."""
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line", "first"),
    [
        ("catalog/text/slugs.py", "", []),
        ("accounts/models.py", "import catalog.text.slugs", ["1"]),
        ("background/engine.py", "import accounts.words", ["1"]),
        ("catalog/text/slugs.py", "import accounts.models", ["1b"]),
        ("catalog/models/section.py", "import catalog.listing.filters", ["2"]),
        ("submissions/states.py", "import submissions.web", ["3"]),
        ("submissions/workflow/errors.py", "import rest_framework", ["4"]),
        ("catalog/web/home.py", "import catalog.ledger.publishing", ["5"]),
        ("catalog/web/parameters.py", "import catalog.web.lists", ["6"]),
        ("submissions/workflow/errors.py", "import catalog.ledger.publishing", []),
    ],
)
def test_contract_refuses(copy: Path, module: str, line: str, first: list[str]):
    with (copy / module).open("a") as file:
        file.write(f"\n{line}\n")
    assert broken_contracts(copy)[:1] == first
