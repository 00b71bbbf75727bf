"""Repeated code."""

import ast
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from house.structure.sources import Source

SHARED = 6  # the least number of lines of a repetition
Place = tuple[Path, int]  # a file, and where in its significant lines


def repetitions(sources: Sequence[Source]) -> list[tuple[Place, Place]]:
    """The pairs of places where at least SHARED lines are the same, apart from indentation.

    Blank lines and imports are passed over. A longer repetition is one pair: where it starts.
    """
    windows: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    for source in sources:
        lines = significant_lines(source)
        for first in range(len(lines) - SHARED + 1):
            windows[tuple(lines[first : first + SHARED])].append((source.path, first))
    pairs = {pair for places in windows.values() for pair in combinations(places, 2)}
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


def before(pair: tuple[Place, Place]) -> tuple[Place, Place]:
    """The pair of places one line earlier."""
    (one, first), (other, second) = pair
    return (one, first - 1), (other, second - 1)
