"""Texts that make a bad pattern slow, derived from the pattern: each of its repetitions fed without end, then refused.

A repetition that can be left at several places (nested, or beside one that takes the same characters) is tried at all
of them when the text after it does not match; an unanchored one is tried from every start.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as codes
from re import _parser as parser
from typing import Any

ALPHABET = " \taZ02-_*`#|:[]()<>\"'\\/.,=!&{}$~;?+@%^é，·《\xa0\n"
MANY = 100  # a repetition of at least this many can be slow
ENDINGS = ("", "b", "!", "\n", " \x00")
Tokens = Any  # a parsed pattern: a sequence of (code, argument)


def texts(pattern: re.Pattern[str]) -> dict[str, Callable[[int], str]]:
    """Families of texts for a pattern, by description; each gives a text of about so many characters."""
    families: dict[str, Callable[[int], str]] = {}
    tree = parser.parse(pattern.pattern, pattern.flags)
    for prefix, pump in {*_pumps(tree, pattern.flags, "")}:
        for ending in ENDINGS:
            families[f"{prefix!r} + {pump!r} * n + {ending!r}"] = _pumped(prefix, pump, ending)
        families[f"{prefix + pump!r} * n"] = _pumped("", prefix + pump, "")
        families[f"{prefix + pump!r} * n + '!'"] = _pumped("", prefix + pump, "!")
    for sample in {_sample(tree, pattern.flags, least) for least in (0, 1)} - {""}:
        families[f"{sample!r} * n"] = _pumped("", sample, "")
        families[f"{sample[:-1]!r} * n"] = _pumped("", sample[:-1] or "a", "")
    return families


def _pumped(prefix: str, pump: str, ending: str) -> Callable[[int], str]:
    return lambda size: prefix + pump * (size // len(pump)) + ending


def _pumps(tokens: Tokens, flags: int, before: str) -> Iterator[tuple[str, str]]:
    """A text before each long repetition in a pattern, with each text that it may repeat."""
    for index, (code, argument) in enumerate(tokens):
        prefixes = {before + _sample(tokens[:index], flags, least) for least in (0, 1)}
        for prefix in prefixes:
            for part in _parts(code, argument):
                yield from _pumps(part, flags, prefix)
            if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and argument[1] >= MANY:
                yield from ((prefix, pump) for pump in _repeated(argument[2], flags))


def _parts(code: Any, argument: Any) -> list[Tokens]:
    """The patterns inside one token."""
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code is codes.BRANCH:
        return list(argument[1])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [argument[2]]
    if code is codes.ATOMIC_GROUP:
        return [argument]
    return [argument[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def _repeated(body: Tokens, flags: int) -> set[str]:
    """What a repetition may repeat: each character of the alphabet that it takes, else samples of its body."""
    if len(body) == 1 and body[0][0] in (codes.IN, codes.ANY, codes.LITERAL, codes.NOT_LITERAL, codes.CATEGORY):
        return set(_taken(body[0], flags)) or {_sample(body, flags, 1)}
    samples = {_sample(body, flags, least) for least in (0, 1)}
    for part in (part for code, argument in body for part in _parts(code, argument)):
        samples |= _repeated(part, flags)
    return samples - {""}


def _taken(token: tuple[Any, Any], flags: int) -> list[str]:
    """The characters of the alphabet that one token matches."""
    code, argument = token
    if code is codes.LITERAL:
        return [chr(argument)]
    if code is codes.NOT_LITERAL:
        return [letter for letter in ALPHABET if ord(letter) != argument]
    if code is codes.ANY:
        return [letter for letter in ALPHABET if flags & re.DOTALL or letter != "\n"]
    members = argument if code is codes.IN else [token]
    inside = [letter for letter in ALPHABET if any(_is_member(letter, member) for member in members)]
    if members[0][0] is codes.NEGATE:
        return [letter for letter in ALPHABET if letter not in inside]
    return inside or [chr(m[1] if m[0] is codes.LITERAL else m[1][0]) for m in members if m[0] is not codes.CATEGORY]


CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def _is_member(letter: str, member: tuple[Any, Any]) -> bool:
    code, argument = member
    if code is codes.LITERAL:
        return bool(ord(letter) == argument)
    if code is codes.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    return code is codes.CATEGORY and bool(re.match(CATEGORIES[argument], letter))


def _sample(tokens: Tokens, flags: int, least: int) -> str:
    """A text that a pattern matches, with each repetition at its least number, or at `least` if that is more."""
    sample = ""
    for code, argument in tokens:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            sample += _sample(argument[2], flags, least) * max(argument[0], least)
        elif code in (codes.SUBPATTERN, codes.BRANCH, codes.ATOMIC_GROUP):
            sample += _sample(_parts(code, argument)[0], flags, least)
        elif code in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.CATEGORY):
            taken = _taken((code, argument), flags)
            sample += "a" if "a" in taken else taken[0]
    return sample
