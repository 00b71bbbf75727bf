"""Differences of two texts: word by word, or line by line for texts that would take too long."""

import difflib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import Match
from functools import lru_cache
from itertools import accumulate, takewhile
from operator import eq

WORD = re.compile(r"[^\W_]++\s*+|[\W_]\s*+")  # with the blanks after it, which alone would match everywhere
MAX_COMPARISONS = 1_000_000  # about a tenth of a second of a slow processor
Span = tuple[str, Sequence[str]]  # a state and the units that have it
KEPT_DIFFERENCES = 64  # at most 64 times the spans of two texts of 20,000 characters


@dataclass(frozen=True)
class TextSpan:
    """A span of text: "kept", "gone" (only before) or "new" (only after)."""

    state: str
    text: str


@lru_cache(KEPT_DIFFERENCES)  # a page shows one difference in several columns
def text_diff(before: str, after: str) -> tuple[TextSpan, ...]:
    """The differences of two texts, word by word; line by line, or as a whole, if they are too long and too repetitive.

    What both texts begin and end with is taken off first: most edits leave little between.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    start = _common_length(old, new)
    end = _common_length(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    spans: list[Span] = [("kept", old[:start]), *_differences(old_middle, new_middle), ("kept", old[len(old) - end :])]
    return _joined(spans)


def _common_length(old: Sequence[str], new: Sequence[str]) -> int:
    """The number of units that two lists begin with in common."""
    return sum(takewhile(bool, map(eq, old, new)))


def _differences(old: list[str], new: list[str]) -> list[Span]:
    """The spans of two lists of words, in the smallest units that can be compared in time."""
    lines = [("".join(words).splitlines(keepends=True)) for words in (old, new)]
    for before, after in ((old, new), lines):
        with suppress(TooManyComparisons):
            return _matched(before, after)
    return [("gone", old), ("new", new)]


def _matched(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    for tag, i, j, k, m in _BoundedMatcher(old, new).get_opcodes():
        spans += [("kept", old[i:j])] if tag == "equal" else [("gone", old[i:j]), ("new", new[k:m])]
    return spans


class TooManyComparisons(Exception):
    """Two texts are too long and too repetitive to be compared in these units."""


class _BoundedMatcher(difflib.SequenceMatcher[str]):
    """Matches two lists in at most MAX_COMPARISONS steps. Raises TooManyComparisons.

    difflib looks at every pair of equal units for each block that it finds: at worst with the cube of the length.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]  # documented, but not in typeshed
        self.steps_before = list(accumulate((1 + len(places.get(unit, ())) for unit in old), initial=0))
        self.steps_left = MAX_COMPARISONS

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self.steps_left -= self.steps_before[-1 if ahi is None else ahi] - self.steps_before[alo]
        if self.steps_left < 0:
            raise TooManyComparisons
        return super().find_longest_match(alo, ahi, blo, bhi)


def _joined(spans: Iterable[Span]) -> tuple[TextSpan, ...]:
    """The spans that are not empty; neighbours with one state are one span."""
    joined: list[TextSpan] = []
    for state, units in spans:
        text = "".join(units)
        if text and joined and joined[-1].state == state:
            joined[-1] = TextSpan(state, joined[-1].text + text)
        elif text:
            joined.append(TextSpan(state, text))
    return tuple(joined)
