"""The files of the seed catalogue: the list, the curation by kind, and results, one of them a line."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
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
    """The entries of a file."""
    with path.open(encoding="utf-8") as file:
        rows = yaml.load(file, Loader=yaml.CSafeLoader) or []
    return [SeedItem(kind, row["slug"], [_revision(kind, one) for one in row["revisions"]]) for row in rows]


def _revision(kind: str, row: dict[str, Any]) -> SeedRevision:
    changes = KINDS[kind].form.upgraded_changes(row["changes"])
    return SeedRevision(changes, row["source"], row["comment"], row.get("slug") or "")


def read_lines(path: Path) -> Iterator[SeedLine]:
    """The results of a file, one at a time in memory. Raises FixtureError.

    A line with "shared" starts a stretch: what it says, with the source and the comment of the revisions, holds up to
    the next one.
    """
    stretch: dict[str, Any] = {}
    for number, row in _objects(path):
        if "shared" in row:
            stretch = row
        elif not stretch:
            raise FixtureError(f"{path.name}, line {number}: no line with “shared” comes before it.")
        else:
            payload = {**stretch["shared"], **row}
            yield SeedLine(payload, stretch["source"], stretch["comment"], f"{path.name}, line {number}")


def read_removals(path: Path) -> list[SeedRemoval]:
    """The entries of a file that leave the catalogue."""
    with path.open(encoding="utf-8") as file:
        rows = yaml.load(file, Loader=yaml.CSafeLoader) or []
    return [
        SeedRemoval(row["kind"], row["slug"], row.get("merge_into") or "", row["source"], row["comment"])
        for row in rows
    ]


def _objects(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise FixtureError(f"{path.name}, line {number} is no JSON: {error}") from error
            yield number, row
