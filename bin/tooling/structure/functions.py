"""Measures of functions: length, docstrings and type hints."""

import ast
from collections.abc import Iterable

from tooling.structure.sources import Source

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(sources: Iterable[Source]) -> list[Function]:
    """Every function and method, nested ones too."""
    return [node for source in sources for node in ast.walk(source.tree) if isinstance(node, FUNCTION_TYPES)]


def length(function: Function) -> int:
    """The number of lines from `def` to the last; includes the docstring, excludes decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_public(function: Function) -> bool:
    """Whether its name starts with a letter."""
    return not function.name.startswith("_")


def has_docstring(function: Function) -> bool:
    """Whether it has a docstring."""
    return ast.get_docstring(function) is not None


def hints(function: Function) -> list[bool]:
    """Whether each parameter (except `self` and `cls`) and the return value have a type hint."""
    arguments = function.args
    variadic = [parameter for parameter in (arguments.vararg, arguments.kwarg) if parameter]
    named = [parameter for parameter in parameters(function) if parameter.arg not in ("self", "cls")]
    return [parameter.annotation is not None for parameter in [*named, *variadic]] + [function.returns is not None]


def annotations(function: Function) -> list[ast.expr]:
    """The hints of the parameters and the return value, without those of `*args` and `**kwargs`."""
    written = [*(parameter.annotation for parameter in parameters(function)), function.returns]
    return [annotation for annotation in written if annotation is not None]


def parameters(function: Function) -> list[ast.arg]:
    """Its parameters without `*args` and `**kwargs`."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def holds_any(annotation: ast.expr) -> bool:
    """Whether `Any` is part of a hint, including hints written as strings."""
    nodes = list(ast.walk(annotation))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    quoted = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "Any" in names or any("Any" in text for text in quoted)
