"""Every pattern of the code takes time in proportion to its text, whatever the text is."""

import math
import re

import pytest

from tests.linear import attacks, growth, patterns

PATTERNS = {place: pattern for path in patterns.files() for place, pattern in patterns.patterns_in(path).items()}
BAD = {
    "nested": r"^(a+)+$",
    "nested in a group that is joined": r"^\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$",
    "adjacent": r"^(#{1,6})\s*(\S.*?)\s*#*\s*$",
    "adjacent, with an optional one between": r"^\w*-?\w*$",
    "from every start": r"\s+$",
    "from every start, with a closing character": r"\[(.*)\]",
    "alternatives that overlap": r"^(?:aa|a)*c",
}
GOOD = {
    "one repetition": r"^\s*#",
    "possessive": r"^\s*+\S++\s*+$",
    "apart": r"^[a-z]+=[0-9]+$",
    "bounded": r"\[([^\[\]]{0,80})\]",
}


def for_text(pattern: re.Pattern[str] | re.Pattern[bytes]) -> re.Pattern[str]:
    """The pattern, or for one of bytes the same pattern of the characters that have their numbers."""
    if isinstance(pattern.pattern, str):
        return re.compile(pattern.pattern, pattern.flags)
    return re.compile(pattern.pattern.decode("latin-1"), pattern.flags)


def slow_texts(pattern: re.Pattern[str]) -> list[str]:
    """The families of texts on which searching for a pattern grows faster than the text, and by how much."""
    slow = []
    for family, text_of in attacks.texts(pattern).items():
        try:
            with growth.processor_limit():
                times = growth.ratio(pattern.search, text_of)
        except growth.TooSlow:
            times = math.inf
        if times > growth.MAX_RATIO:
            slow.append(f"{family}: {times:.0f} times as long for 4 times the text")
            break
    return slow


@pytest.mark.parametrize("place", PATTERNS)
def test_a_pattern_takes_time_in_proportion_to_its_text(place: str) -> None:
    assert slow_texts(for_text(PATTERNS[place])) == []


@pytest.mark.parametrize("name", BAD)
def test_a_bad_pattern_is_recognised(name: str) -> None:
    assert len(slow_texts(re.compile(BAD[name]))) == 1


@pytest.mark.parametrize("name", GOOD)
def test_a_good_pattern_passes(name: str) -> None:
    assert slow_texts(re.compile(GOOD[name])) == []
