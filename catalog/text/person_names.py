"""Names of authors as BibTeX writes them (https://tug.ctan.org/info/bibtex/tamethebeast/ttb_en.pdf, section 11)."""

import re
from collections.abc import Iterator

from catalog.text.latex import plain_text

SIGN = re.compile(r"\\.|[{},;]| and(?= )", re.DOTALL | re.IGNORECASE)
SUFFIX = re.compile(r"(?:jr|sr|jnr|snr|esq|ph\.?d|m\.?d|[ivx]{1,5}|[234](?:nd|rd|th))\.?", re.IGNORECASE)
INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}|[A-Z]{1,3}")
LABELLED = re.compile(r"(family|given|prefix|suffix)(?:-i)? ?= ?(.{1,300})", re.IGNORECASE)
NOBODY = frozenset({"others", "et al", "et al."})
MAX_NAME_LENGTH = 300


def authors_in(raw: str) -> tuple[list[str], bool]:
    """The authors of a BibTeX field, given names first, and whether that is certain.

    They are separated by “and”. Where they are separated by commas or semicolons instead, they are told apart if each
    has its own given and family name, else left out: which of them belong together is not known.
    """
    raw = f" {' '.join(raw.split())} "
    people = _split(raw, " and")
    if len(people) == 1 and len(by_semicolon := _split(raw, ";")) > 1:
        people = by_semicolon
    names: list[str] = []
    certain = True
    for person in people:
        found = _names(person[:MAX_NAME_LENGTH] if len(people) > 1 else person)
        certain = certain and len(found) == 1
        names += found
    plain = (plain_text(name) for name in names)
    return [name for name in plain if name and name.lower() not in NOBODY], certain


def _split(raw: str, separator: str) -> list[str]:
    """The parts of a text between a separator, in any case, that is not inside braces; none of them is empty."""
    return [part for part in _parts(raw, separator) if part]


def _parts(raw: str, separator: str) -> Iterator[str]:
    depth = start = 0
    for sign in SIGN.finditer(raw):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and sign[0].lower() == separator:
            yield raw[start : sign.start()].strip()
            start = sign.end()
    yield raw[start:].strip()


def _names(person: str) -> list[str]:
    """The name of a person, as one text; several if commas separate people; none if it cannot be told."""
    parts = _split(person, ",")
    if name := _labelled(parts) or _with_suffix(parts):
        return [name]
    return [" ".join(reversed(parts))] if len(parts) <= 2 else _people(parts)


def _with_suffix(parts: list[str]) -> str:
    """A name with a suffix, which stands where BibTeX wants it (Last, Jr., First) or last; "" for others."""
    match [(part, SUFFIX.fullmatch(part) is not None) for part in parts]:
        case [(last, False), (suffix, True), (first, _)] | [(last, False), (first, False), (suffix, True)]:
            return f"{first} {last} {suffix}"
        case [(name, False), (suffix, True)] if " " in name:
            return f"{name} {suffix}"
    return ""


def _people(parts: list[str]) -> list[str]:
    """Several people between commas: by full names, or by family names and initials in turn; else none."""
    if all(" " in part for part in parts):
        return parts
    if len(parts) % 2 == 0 and all(INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{first} {last}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return []


def _labelled(parts: list[str]) -> str:
    """A name in biblatex's extended format, `family=Berg, given=Jan, prefix=van den`."""
    found = [LABELLED.fullmatch(part) for part in parts]
    if not any(found):
        return ""
    by_label = {match[1].lower(): match[2] for match in found if match}
    return " ".join(by_label[label] for label in ("given", "prefix", "family", "suffix") if label in by_label)
