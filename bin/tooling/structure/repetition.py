"""Repeated code."""

import ast
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from tooling.structure.sources import Source

MIN_REPEATED_LINES = 6  # the minimum length of a repetition
Location = tuple[Path, int]  # a file, and where in its significant lines


def repetitions(sources: Sequence[Source]) -> list[tuple[Location, Location]]:
    """The pairs of places with at least MIN_REPEATED_LINES equal lines, apart from indentation.

    Blank lines and imports are skipped. A longer repetition is one pair: where it starts.
    """
    windows: dict[tuple[str, ...], list[Location]] = defaultdict(list)
    for source in sources:
        lines = significant_lines(source)
        for first in range(len(lines) - MIN_REPEATED_LINES + 1):
            windows[tuple(lines[first : first + MIN_REPEATED_LINES])].append((source.path, first))
    pairs = {pair for locations in windows.values() for pair in combinations(locations, 2)}
    return sorted(pair for pair in pairs if before(pair) not in pairs)


def significant_lines(source: Source) -> list[str]:
    """The lines of a file without indentation, blank lines and imports."""
    imports = {
        number
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(source.text.splitlines(), 1)
    return [line.strip() for number, line in lines if line.strip() and number not in imports]


def before(pair: tuple[Location, Location]) -> tuple[Location, Location]:
    """The pair of places one line earlier."""
    (one, first), (other, second) = pair
    return (one, first - 1), (other, second - 1)
