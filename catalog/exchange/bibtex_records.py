"""The records of a BibTeX file: bibtexparser finds where each field begins and ends, and this what it says.

Values are resolved as BibTeX does it: strings by name and joined ones, and fields that a record has from the one that
it refers to. What BibTeX would stop at is mended where it is plain what is meant, and told where it is not.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    String,
)

MAX_JOINED, MAX_STRING = 5000, 1000
"""Characters of a joined value and of a value under a name, which could otherwise grow with every use."""
MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
SPACE = re.compile(r"\s*+")
WORD = re.compile(r"[^\s#,{}\"=\\]{1,200}")
SIGN = re.compile(r"\\.|[{}\"]", re.DOTALL)
NEXT_FIELD = re.compile(r"([^\s=,{}\"#\\]{1,50})\s*+=")
INHERITED = ("booktitle", "date", "eventtitle", "journal", "journaltitle", "publisher", "year")
CONTAINERS = frozenset({"book", "collection", "mvbook", "mvcollection", "mvproceedings", "proceedings"})
REASONS = {
    "Expected comma after entry key": "a comma is missing after its key",
    "Unexpectedly reached end of file": "it does not end: a closing brace or quotation mark is missing",
    "Unexpected block start": "another record begins before it ends: a closing brace or quotation mark is missing",
    "Expected a `=`": "a field has no “=”",
    "Expected either": "a comma is missing between two fields",
    "Expected equals sign": "a field has no “=”",
}
BROKEN = "its braces, commas or quotation marks are not in order"

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it cannot read is told with its line, below


@dataclass(frozen=True)
class BibtexRecord:
    """A record: its fields by name in lower case, still in LaTeX, and what was mended or left out, as sentences."""

    line: int
    type: str
    key: str
    fields: Mapping[str, str]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BrokenRecord:
    """A record that cannot be read, with its first line and the reason."""

    line: int
    text: str
    reason: str


@dataclass
class _Value:
    """A value so far: its pieces joined, whether they were more than one, and the names that no @string defines."""

    text: str = ""
    pieces: int = 0
    undefined: list[str] = field(default_factory=list)

    def add(self, piece: str) -> None:
        room = MAX_JOINED - len(self.text) if self.pieces else len(piece)
        self.text += piece[: max(0, room)]
        self.pieces += 1


def read_records(text: str) -> list[BibtexRecord | BrokenRecord]:
    """The records of a text in their order; of two with the same key both. A record that others refer to for where they
    were published is part of them, and none of its own."""
    strings: dict[str, str] = {}
    records: list[BibtexRecord | BrokenRecord] = []
    for found in parse_string(text.removeprefix("\ufeff"), parse_stack=[]).blocks:
        block = _as_written(found)
        if isinstance(block, String):
            value, _ = _read_value(block.value, 0, strings)
            strings[block.key.lower()] = value.text[:MAX_STRING]
        elif isinstance(block, Entry):
            records.append(_record(block, strings))
        elif isinstance(block, ParsingFailedBlock):
            records.append(_broken(block))
    return _with_inherited_fields(records)


def _as_written(block: Block) -> Block:
    """A record or string whose key or field is there twice, as it stands."""
    while isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock) and block.ignore_error_block is not None:
        block = block.ignore_error_block
    return block


def _broken(block: ParsingFailedBlock) -> BrokenRecord:
    first = "".join((block.raw or "").strip().splitlines()[:1])
    error = str(getattr(block.error, "abort_reason", ""))
    reason = next((text for start, text in REASONS.items() if error.startswith(start)), BROKEN)
    return BrokenRecord(_line(block), first[:80], f"the record could not be read: {reason}")


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _record(entry: Entry, strings: Mapping[str, str]) -> BibtexRecord:
    fields: dict[str, str] = {}
    notes: list[str] = []
    for stated in entry.fields:
        line = (stated.start_line or 0) + 1
        for key, value, rest in _read_fields(stated.key, str(stated.value), strings):
            notes += (
                [f"Line {line}: after the value of {key} stands “{rest[:40]}”, which was left out."] if rest else []
            )
            if value.undefined and value.pieces > 1:
                names = ", ".join(f"“{name}”" for name in value.undefined[:3])
                notes.append(f"Line {line}: {key} was left out, since no @string says what {names} is.")
            elif key in fields:
                notes.append(f"Line {line}: {key} is there twice; the first was read.")
            else:
                fields[key] = value.text
    return BibtexRecord(_line(entry), entry.entry_type.lower(), entry.key, fields, tuple(notes))


def _read_fields(key: str, raw: str, strings: Mapping[str, str]) -> Iterator[tuple[str, _Value, str]]:
    """A field, and those that a missing comma made part of it; each with what stands behind its value."""
    position = 0
    while True:
        value, position = _read_value(raw, position, strings)
        following = NEXT_FIELD.match(raw, position)
        if following is None:
            rest = raw[position:].strip()
            if rest and raw[:1] not in '{"' and value.pieces == 1:
                value, rest = _Value(raw, 1), ""  # title = Words without braces
            yield key.lower(), value, rest
            return
        yield key.lower(), value, ""
        key, position = following[1], following.end()


def _read_value(raw: str, position: int, strings: Mapping[str, str]) -> tuple[_Value, int]:
    """The value that begins at a position, and the position of what follows it that is no white space."""
    value = _Value()
    while True:
        position = _skip_space(raw, position)
        start = raw[position : position + 1]
        if start and start in '{"':
            end = _end_of(raw, position)
            value.add(raw[position + 1 : end])
            position = end + 1
        elif word := WORD.match(raw, position):
            _add_word(value, word[0], strings)
            position = word.end()
        position = _skip_space(raw, position)
        if raw[position : position + 1] != "#":
            return value, position
        position += 1


def _add_word(value: _Value, word: str, strings: Mapping[str, str]) -> None:
    """A number or a month as it is, or what is known under a name; a name without meaning is kept as a word."""
    name = word.lower()
    if name not in strings and name not in MONTHS and not word.isdecimal():
        value.undefined.append(word)
    value.add(strings.get(name, word))


def _skip_space(raw: str, position: int) -> int:
    space = SPACE.match(raw, position)
    return space.end() if space else position


def _end_of(raw: str, position: int) -> int:
    """Where the braces or quotation marks close that open at a position; the end of the text if they do not."""
    quoted = raw[position] == '"'
    depth = 0 if quoted else 1
    for sign in SIGN.finditer(raw, position + 1):
        if sign[0] == '"' and quoted and depth == 0:
            return sign.start()
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth -= 1
            if depth == 0 and not quoted:
                return sign.start()
    return len(raw)


def _with_inherited_fields(records: list[BibtexRecord | BrokenRecord]) -> list[BibtexRecord | BrokenRecord]:
    """The records with what they have from others by `crossref`; without the proceedings and books among these."""
    by_key: dict[str, BibtexRecord] = {}
    for record in records:
        if isinstance(record, BibtexRecord):
            by_key.setdefault(record.key.lower(), record)
    read = [_with_inherited(one, by_key) if isinstance(one, BibtexRecord) else one for one in records]
    parents = {_parent_key(one) for one in records if isinstance(one, BibtexRecord)}
    return [one for one in read if not (isinstance(one, BibtexRecord) and _is_container(one, parents))]


def _is_container(record: BibtexRecord, parents: set[str]) -> bool:
    return record.type in CONTAINERS and record.key.lower() in parents


def _parent_key(record: BibtexRecord) -> str:
    return record.fields.get("crossref", "").strip().lower()


def _with_inherited(record: BibtexRecord, by_key: Mapping[str, BibtexRecord]) -> BibtexRecord:
    key = _parent_key(record)
    if not key:
        return record
    parent = by_key.get(key)
    if parent is None:
        note = f"The record “{record.fields['crossref'][:80]}” that it refers to is not in the text."
        return BibtexRecord(record.line, record.type, record.key, record.fields, (*record.notes, note))
    inherited = {name: parent.fields[name] for name in INHERITED if name in parent.fields}
    if parent.type in CONTAINERS and "title" in parent.fields:
        inherited.setdefault("booktitle", parent.fields["title"])
    return BibtexRecord(record.line, record.type, record.key, {**inherited, **record.fields}, record.notes)
