"""The locks: hashes, both Pythons, no address, and what `make run` does not install."""

import re
import tomllib

import pytest
from tooling.base import ROOT
from tooling.environment import LOCKS
from tooling.locks import pins

HEAVY = {"mypy", "ruff", "pytest", "playwright", "mlcroissant", "pandas", "hypothesis", "import-linter", "pip-audit"}


def names(lock: str) -> set[str]:
    return {pin.partition("==")[0] for pin in pins(LOCKS[lock])}


def versions(lock: str) -> set[str]:
    return {pin.partition(" ;")[0] for pin in pins(LOCKS[lock])}


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_lock_names_no_registry_and_no_path(lock: str):
    assert re.findall(r"https?:|file:|index-url|find-links|(?<!\w)/\w+/", LOCKS[lock].read_text()) == []


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_every_package_has_hashes(lock: str):
    blocks = re.split(r"\n(?=[a-z0-9])", LOCKS[lock].read_text())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_lock_serves_both_lines_of_django():
    django = [re.sub(r"(==\d+\.\d+)\.\d+", r"\1", pin) for pin in pins(LOCKS["run"]) if pin.startswith("django==")]
    assert django == ["django==5.2 ; python_full_version < '3.12'", "django==6.1 ; python_full_version >= '3.12'"]


def test_lock_holds_what_the_project_asks_for_and_no_leftover():
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for_us = re.findall(
        r"^([a-z0-9-]+)==.*\n(?:    --hash.*\n)+    # via(?: |\n(?:    #   .*\n)*?    #   )vlm-portal ",
        LOCKS["run"].read_text(),
        re.MULTILINE,
    )
    names = {re.split(r"[\[<>=;]", name)[0].replace(".", "-") for name in required}  # as PEP 503 writes them
    assert set(for_us) == names


def test_development_lock_keeps_the_run_lock_to_the_letter():
    assert versions("run") - versions("dev") == set()


def test_run_lock_has_no_package_of_the_development_group():
    group = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["dev"]
    assert names("run") & {name for name in group if isinstance(name, str)} == set()


def test_run_lock_is_free_of_tools():
    assert names("run") & HEAVY == set()
    assert HEAVY - names("dev") == set()
