"""The comment that says what a template is given names classes that exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
COMMENT = re.compile(r"\{#.*?#\}")
DOTTED = re.compile(r"\b(?:accounts|background|catalog|submissions|vlmportal)(?:\.\w+)+\b")


def named() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        for comment in COMMENT.findall(path.read_text()):
            yield from ((str(path.relative_to(TEMPLATES)), name) for name in DOTTED.findall(comment))


def test_comments_name_classes() -> None:
    assert len(list(named())) > 20


@pytest.mark.parametrize(("template", "name"), list(named()))
def test_a_named_class_exists(template: str, name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert resolve_name(f"{module}:{attribute}")
