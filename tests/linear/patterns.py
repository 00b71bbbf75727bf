"""The patterns of the code, found by reading it: every call of `re`, every validator, converter and lookup."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from tooling.base import ROOT

APPS = ("accounts", "background", "catalog", "submissions", "vlmportal")  # the code that serves requests
CALLS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
FLAGS_AFTER = {"sub": 4, "subn": 4, "split": 3}  # positional arguments before the flags; 1 + the text for others


class Unreadable(Exception):
    """A pattern that is put together where it is used, so that it cannot be checked."""


def files() -> list[Path]:
    """The Python files of the apps, without migrations."""
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def patterns_in(path: Path, root: Path = ROOT) -> dict[str, re.Pattern[str]]:
    """The patterns of a file, by place. Raises Unreadable for one that is neither literal nor compiled in the module,
    and for a function of `re` that is imported by itself."""
    tree = ast.parse(path.read_text())
    place = path.relative_to(root)
    names = {id(node.value): ast.unparse(node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)}
    patterns: dict[str, re.Pattern[str]] = {}
    for node, argument, flags in _uses(tree):
        where = f"{place}:{node.lineno}"
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            pattern = re.compile(argument.value, flags)
        elif id(node) in names:
            pattern = getattr(importlib.import_module(".".join(place.with_suffix("").parts)), names[id(node)])
        elif _is_compiled_name(argument):
            continue
        else:
            raise Unreadable(f"{where}: write this pattern literally, or compile it in the module under a name")
        patterns[f"{where} {pattern.pattern}"] = pattern
    return patterns


def _uses(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.keyword, ast.expr, int]]:
    """Each node that has a pattern, its pattern and its flags."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            raise Unreadable(f"line {node.lineno}: import re, so that its calls can be found")
        if isinstance(node, ast.Call) and _is_call_of_re(node.func):
            yield node, node.args[0], _flags(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("RegexValidator"):
            yield node, node.args[0], 0
        elif isinstance(node, ast.keyword) and node.arg and node.arg.endswith(("__regex", "__iregex")):
            yield node.value, node.value, 0
        elif isinstance(node, ast.ClassDef):
            yield from _converter(node)


def _converter(node: ast.ClassDef) -> Iterator[tuple[ast.expr | ast.keyword, ast.expr, int]]:
    """The pattern of a path converter, if the class has a literal one."""
    for line in node.body:
        if not (isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)):
            continue
        if ast.unparse(line.targets[0]) == "regex":
            yield line.value, line.value, 0


def _is_call_of_re(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function.value) == "re" and function.attr in CALLS


def _is_compiled_name(argument: ast.expr) -> bool:
    """Whether this is a constant of the module: re.compile has checked it where it was assigned."""
    return isinstance(argument, ast.Name) and argument.id.isupper()


def _flags(node: ast.Call) -> int:
    """The flags of a call; they are written as re.NAME, joined by |."""
    name = ast.unparse(node.func).removeprefix("re.")
    position = 1 if name == "compile" else FLAGS_AFTER.get(name, 2)
    given = [keyword.value for keyword in node.keywords if keyword.arg == "flags"] or node.args[position : position + 1]
    names = re.findall(r"re\.([A-Z]+)", ast.unparse(given[0])) if given else []
    return sum(int(getattr(re, name)) for name in names)
