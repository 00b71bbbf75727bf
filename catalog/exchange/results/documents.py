"""JSON, CSV and YAML as plain values, bounded in size and depth, with numbers as they are printed.

Whatever is wrong with a document raises UnreadableFile and nothing else.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import yaml

from catalog.exchange.results.stated import UnreadableFile

MAX_BYTES = 20_000_000
MAX_YAML_BYTES = 500_000
MAX_DEPTH = 50
MAX_ALIASES = 100
MAX_COLUMNS = 2_000
MAX_TEXT = 500
MAX_DIGITS = 40
NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
NO_VALUE = {"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "inf", "-inf", "infinity", "-infinity"}
DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
SECONDS = re.compile(r"[0-9]{9,10}(?:\.[0-9]*)?")


class TextLoader(yaml.CBaseLoader):
    """Builds texts, lists and mappings, and None of what YAML takes for null. Of two values under one name it could not
    be said which is meant."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(made) < len(node.value):
            name = shown(Counter(str(key.value) for key, _ in node.value).most_common(1)[0][0])
            line = node.start_mark.line + 1
            raise UnreadableFile(f"Not read: “{name}” stands twice in the object that begins on line {line}.")
        return made


TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])
TextLoader.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)


class Number(str):
    """A number of a JSON document, as it is printed there."""

    __slots__ = ()


def decoded(data: bytes, most: int = MAX_BYTES) -> str:
    """The text of a file."""
    if len(data) > most:
        raise UnreadableFile(f"The file has {len(data):,} bytes; at most {most:,} are read.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Not UTF-8 text (byte {error.start}).") from error


def read_json(data: bytes) -> Any:
    """A JSON document in which every number is a Number, NaN and Infinity included."""
    try:
        return json.loads(
            decoded(data), parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"Not JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise UnreadableFile("Not read: it is nested too deep.") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names differ: if one had two values, it would be unclear which of them is meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = Counter(name for name, _ in pairs)
        raise UnreadableFile(f"Not read: “{shown(names.most_common(1)[0][0])}” stands twice in one object.")
    return made


def read_csv(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their numbers, the header being row 1; the cells by column."""
    reader = csv.reader(io.StringIO(decoded(data), newline=""), strict=True)
    header: list[str] = []
    try:
        for number, cells in enumerate(reader, 1):
            if not header:
                header = _header(cells)
                continue
            if not cells:
                continue
            if len(cells) != len(header):
                raise UnreadableFile(f"Row {number}: has {len(cells)} cells, but the header has {len(header)}.")
            yield number, {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise UnreadableFile(f"Not CSV: line {reader.line_num}: {error}.") from error
    if not header:
        raise UnreadableFile("The file is empty.")


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(f"Row 1: has {len(header):,} columns; at most {MAX_COLUMNS:,} are read.")
    if repeated := [column for column, times in Counter(header).items() if times > 1]:
        raise UnreadableFile(f"Row 1: the column “{shown(repeated[0])}” stands there twice.")
    return header


def read_yaml(data: bytes) -> Any:
    """A YAML document in which every scalar but null is a text, as it is written."""
    text = decoded(data, MAX_YAML_BYTES)
    try:
        _refuse_large(text)
        return yaml.load(text, Loader=TextLoader)  # noqa: S506 -- builds texts, lists and mappings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableFile(f"Not YAML: line {line}: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise UnreadableFile(f"Not YAML: {' '.join(str(error).split())[:MAX_TEXT]}") from error


def _refuse_large(text: str) -> None:
    """Refuse what would take long to build: many aliases, deep nesting."""
    aliases = depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if aliases > MAX_ALIASES or depth > MAX_DEPTH:
            what = "more aliases" if aliases > MAX_ALIASES else "more levels"
            most = MAX_ALIASES if aliases > MAX_ALIASES else MAX_DEPTH
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise UnreadableFile(f"Line {line}: {what} than the {most} that are read.")


def mapping(value: Any, locator: str) -> dict[str, Any]:
    """A value that must be an object."""
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return value
    raise UnreadableFile(f"{shown(locator)}: must be an object, not {kind_of_value(value)}.")


def items(value: Any, locator: str) -> list[Any]:
    """A value that must be a list."""
    if isinstance(value, list):
        return value
    raise UnreadableFile(f"{shown(locator)}: must be a list, not {kind_of_value(value)}.")


def text(value: Any, locator: str, *, required: bool = False) -> str:
    """A value that must be a text; "" for null unless it is required."""
    if value is None or value == "":
        if required:
            raise UnreadableFile(f"{shown(locator)}: is missing.")
        return ""
    if not isinstance(value, str):
        raise UnreadableFile(f"{shown(locator)}: must be text, not {kind_of_value(value)}.")
    if len(value) > MAX_TEXT:
        raise UnreadableFile(f"{shown(locator)}: has {len(value):,} characters; at most {MAX_TEXT} are read.")
    if not value.isprintable():
        raise UnreadableFile(f"{shown(locator)}: holds a control character or a line break.")
    return value.strip()


def whole(value: Any, locator: str) -> int | None:
    """A value that must be a whole number, 0 or more; None for null."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in NO_VALUE):
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    raise UnreadableFile(f"{shown(locator)}: must be a whole number, not {named(value)}.")


def printed(value: Any) -> str | None:
    """The printed string of a number; None for what is none: NaN, "-", null, true."""
    return value.strip() if isinstance(value, str) and NUMBER.fullmatch(value.strip()) else None


def plain(value: str) -> str:
    """A printed number without exponent and without zeros before it, and otherwise the same digits."""
    if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", value):
        return value
    return f"{Decimal(value):f}"


def why_no_number(value: Any) -> str:
    """Why something is no printed number, in words."""
    if value is not None and not isinstance(value, str | int | float):
        return f"no number: {named(value)}"
    return f"no number: {shown(str(value)) or 'empty'}"


def day(value: Any) -> str:
    """The day of a date, a time or a number of seconds since 1970, in ISO 8601; "" for anything else."""
    given = value.strip() if isinstance(value, str) else ""
    if match := DAY.match(given):
        return "-".join(match.groups())
    if SECONDS.fullmatch(given):
        return datetime.fromtimestamp(int(given.partition(".")[0]), UTC).date().isoformat()
    return ""


def kind_of_value(value: Any) -> str:
    """The type of a value, in words."""
    if isinstance(value, Number):
        return "a number"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "something else")


def named(value: Any) -> str:
    """A value as a message names it: a text or number itself, of all else the type. A list may hold itself many times,
    so that its text is longer than any file."""
    return f"“{shown(str(value))}”" if isinstance(value, str | int | float) else f"a {type(value).__name__}"


def shown(name: str) -> str:
    """A text of a file as a message shows it: short, and without what nobody sees."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in name[: MAX_TEXT // 5])
    return clean + ("…" if len(name) > MAX_TEXT // 5 else "")
