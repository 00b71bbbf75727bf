"""The files of the seed catalogue: entries by kind, results one to a line, and what leaves the catalogue."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from catalog.kinds import KINDS

RESULT = "result"


@dataclass(frozen=True)
class SeedRevision:
    """A change of an entry: the new values of fields under their present names, and its new slug, "" for none."""

    changes: dict[str, Any]
    source: str
    comment: str
    slug: str = ""

    @property
    def changed(self) -> set[str]:
        """What it changes: fields, and "slug"."""
        return {*self.changes, *(["slug"] if self.slug else [])}

    def without(self, keys: Collection[str]) -> "SeedRevision":
        """The same revision without some of what it changes."""
        changes = {key: value for key, value in self.changes.items() if key not in keys}
        return replace(self, changes=changes, slug="" if "slug" in keys else self.slug)


@dataclass(frozen=True)
class SeedItem:
    """An entry of the fixtures: its slug before the first of these revisions, and its revisions in order."""

    kind: str
    slug: str
    revisions: list[SeedRevision]


@dataclass(frozen=True)
class SeedFile:
    """A file of entries: its name, their kind, and the entries in order."""

    name: str
    kind: str
    items: list[SeedItem]


@dataclass(frozen=True)
class SeedLine:
    """A new result: its payload, the source and comment of its revision, and where it stands."""

    payload: dict[str, Any]
    source: str
    comment: str
    place: str


@dataclass(frozen=True)
class SeedRemoval:
    """An entry that leaves the catalogue: merged into another one, or retired if `into` is ""."""

    kind: str
    slug: str
    into: str
    source: str
    comment: str


class FixtureError(ValueError):
    """A file of the fixtures that cannot be read; the message names it and says what to do."""


def digest_of(folder: Path, parts: Iterable[str]) -> str:
    """SHA-256, in hex, of the names and contents of all files in these parts of the fixtures."""
    total = hashlib.sha256()
    for path in sorted(path for name in parts for path in (folder / name).rglob("*") if path.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return total.hexdigest()


def item_files(folder: Path) -> list[SeedFile]:
    """The files of entries, in an order in which references exist before they are used: by their numbers, and results
    last. Raises FixtureError."""
    by_number = [(path, kind_of_file(path)) for path in sorted(folder.glob("[0-9]*.yaml"))]
    results = [(path, RESULT) for path in sorted((folder / "results").glob("*.yaml"))]
    return [SeedFile(path.name, kind, read_items(path, kind)) for path, kind in [*by_number, *results]]


def line_files(folder: Path) -> list[Path]:
    """The files of results, one of them a line."""
    return sorted((folder / "results").glob("*.jsonl"))


def kind_of_file(path: Path) -> str:
    """The kind of the entries in a file, by the end of its name: "05-papers.yaml". Raises FixtureError."""
    by_plural = {kind.plural: name for name, kind in KINDS.items()}
    plural = path.stem.rpartition("-")[2]
    if plural not in by_plural:
        raise FixtureError(f"{path.name} does not say of which kind its entries are: end its name in -papers, say.")
    return by_plural[plural]


def read_items(path: Path, kind: str) -> list[SeedItem]:
    """The entries of a file. Raises FixtureError."""
    return [_item(kind, place, row) for place, row in _entries(path)]


def _item(kind: str, place: str, row: Any) -> SeedItem:
    checked(place, row, {"slug": TEXT, "revisions": LIST}, {"name": TEXT})
    entry = f"{place}, {row['slug']}"
    revisions = [_revision(kind, f"{entry}, revision {n}", one) for n, one in enumerate(row["revisions"], 1)]
    if not revisions:
        raise FixtureError(f"{entry}: “revisions” is empty.")
    times = Counter(revision.comment for revision in revisions)
    if repeated := [comment for comment in times if times[comment] > 1]:
        raise FixtureError(f"{entry}: several revisions have the comment “{repeated[0]}”; each is known by its own.")
    return SeedItem(kind, row["slug"], revisions)


def _revision(kind: str, place: str, row: Any) -> SeedRevision:
    checked(place, row, {"comment": TEXT, "source": TEXT_OR_NONE, "changes": OBJECT}, {"slug": TEXT})
    changes = KINDS[kind].form.upgraded_changes(row["changes"])
    return SeedRevision(changes, row["source"], row["comment"], row.get("slug", ""))


def read_lines(path: Path) -> Iterator[SeedLine]:
    """The results of a file, one at a time. Raises FixtureError.

    A line with "shared" starts a stretch: what it says, with the source and the comment of the revisions, holds up to
    the next one. No line of the stretch says it again.
    """
    stretch: dict[str, Any] = {}
    for place, row in _objects(path):
        if "shared" in row:
            stretch = checked(place, row, {"shared": OBJECT, "source": TEXT_OR_NONE, "comment": TEXT})
        elif not stretch:
            raise FixtureError(f"{place}: no line with “shared” comes before it.")
        elif again := [key for key in row if key in stretch["shared"]]:
            raise FixtureError(f"{place}: the line with “shared” says already: {', '.join(again)}.")
        else:
            payload = KINDS[RESULT].form.upgraded_changes({**stretch["shared"], **row})
            yield SeedLine(payload, stretch["source"], stretch["comment"], place)


def read_removals(path: Path) -> list[SeedRemoval]:
    """The entries of a file that leave the catalogue. Raises FixtureError."""
    return [_removal(place, row) for place, row in _entries(path)]


def _removal(place: str, row: Any) -> SeedRemoval:
    required = {"kind": TEXT, "slug": TEXT, "source": TEXT_OR_NONE, "comment": TEXT}
    checked(place, row, required, {"merge_into": TEXT, "retire": TRUE})
    if row["kind"] not in KINDS:
        raise FixtureError(f"{place}: there is no kind “{row['kind']}”; there are: {', '.join(KINDS)}.")
    if ("merge_into" in row) == ("retire" in row):
        raise FixtureError(f"{place}: give either “merge_into” or “retire: true”.")
    return SeedRemoval(row["kind"], row["slug"], row.get("merge_into", ""), row["source"], row["comment"])


@dataclass(frozen=True)
class Shape:
    """What a value of a fixture must be."""

    name: str
    fits: Callable[[Any], bool]


TEXT = Shape("text", lambda value: isinstance(value, str) and value.strip() != "")
TEXT_OR_NONE = Shape("text, or empty quotation marks", lambda value: isinstance(value, str))
LIST = Shape("a list", lambda value: isinstance(value, list))
OBJECT = Shape("an object", lambda value: isinstance(value, dict) and all(isinstance(key, str) for key in value))
TRUE = Shape("true", lambda value: value is True)
Shapes = Mapping[str, Shape]


def checked(place: str, row: Any, required: Shapes, optional: Shapes = MappingProxyType({})) -> dict[str, Any]:
    """The row at a place in a file, if it is an object with these keys. Raises FixtureError."""
    if not isinstance(row, dict):
        raise FixtureError(f"{place} is not an object; it needs: {', '.join(required)}.")
    known = {**required, **optional}
    for key, shape in known.items():
        if key not in row and key in required:
            raise FixtureError(f"{place}: “{key}” is missing.")
        if key in row and not shape.fits(row[key]):
            raise FixtureError(f"{place}: “{key}” must be {shape.name}.")
    if unknown := [str(key) for key in row if key not in known]:
        raise FixtureError(f"{place}: unknown: {', '.join(unknown)}. Known are: {', '.join(known)}.")
    return row


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """The rows of a YAML file, which is a list, each with its place."""
    try:
        with path.open(encoding="utf-8") as file:
            rows = yaml.load(file, Loader=yaml.CSafeLoader) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FixtureError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(rows, list):
        raise FixtureError(f"{path.name} is not a list of entries.")
    for number, row in enumerate(rows, 1):
        yield f"{path.name}, entry {number}", row


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its place; blank lines are skipped."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            place = f"{path.name}, line {number}"
            try:
                row = json.loads(line) if line.strip() else None
            except ValueError as error:
                raise FixtureError(f"{place} is not valid JSON: {error}") from error
            if line.strip() and not isinstance(row, dict):
                raise FixtureError(f"{place} is not an object.")
            if row is not None:
                yield place, row
