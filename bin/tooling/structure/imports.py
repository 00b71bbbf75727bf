"""Imports between files, and import circles."""

import ast
from collections.abc import Iterable, Sequence

from tooling.structure.sources import Source

Graph = dict[str, set[str]]


def graph(sources: Sequence[Source], *, inline: bool) -> Graph:
    """The modules of `sources` that each module imports: at top level only, or anywhere (`inline`)."""
    known = {source.module for source in sources}
    return {source.module: imported(source, known, inline=inline) for source in sources}


def imported(source: Source, known: set[str], *, inline: bool) -> set[str]:
    """The modules in `known` that a file imports, except itself; `from package import module` counts as the module."""
    nodes: Iterable[ast.AST] = ast.walk(source.tree) if inline else source.tree.body
    modules: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names} & known
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules |= names & known
            if names - known and node.module in known:
                modules.add(node.module)
    return modules - {source.module}


def arrows(modules: Graph) -> int:
    """The number of pairs of modules of which the first imports the second."""
    return sum(map(len, modules.values()))


def in_circles(modules: Graph) -> list[str]:
    """The modules that import themselves through others."""
    return sorted(module for module in modules if module in reachable(modules, module))


def reachable(modules: Graph, start: str) -> set[str]:
    """The modules that `start` imports, directly or through others."""
    seen: set[str] = set()
    to_visit = list(modules[start])
    while to_visit:
        module = to_visit.pop()
        if module not in seen:
            seen.add(module)
            to_visit += modules[module]
    return seen
