"""What import-linter cannot say: HTTP types stay above the domain, a module of django at a time."""

import ast
from pathlib import Path

import pytest
from tooling.base import ROOT

BELOW_HTTP = (
    *("models", "forms", "kinds", "ledger", "text"),
    *("workflow", "intake", "diff", "notifications", "verbs", "rules", "states"),
)
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls.resolvers", "rest_framework", "django_filters")


def domain_modules() -> list[Path]:
    """Files of the modules that HTTP types must not reach, in every app that has them."""
    files: list[Path] = []
    for app in ("accounts", "background", "catalog", "submissions"):
        for name in BELOW_HTTP:
            files += [ROOT / app / f"{name}.py", *(ROOT / app / name).rglob("*.py")]
    return [path for path in files if path.exists()]


def imported(path: Path) -> set[str]:
    """Every module that a file imports, in full."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


@pytest.mark.parametrize("path", domain_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_module_knows_nothing_of_http(path: Path):
    assert {name for name in imported(path) if name.startswith(HTTP)} == set()
