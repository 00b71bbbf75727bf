"""Small files of fixtures for tests of the seed, and what a run of it did."""

import json
from pathlib import Path
from typing import Any

import yaml

from catalog.management.seed_run import SeedReport

LIST = "# A list\n"
URL = "https://example.org/board.csv"
METRICS = [{"name": name, "unit": "%", "direction": "higher", "minimum": "0", "maximum": "100"} for name in ("a", "b")]
SHARED = {"benchmark": "vqa", "metric": "a", "scale": "fraction", "source_url": URL, "verification": "checked"}
Rows = list[dict[str, Any]]


def item(slug: str, *changes: dict[str, Any], moves_to: str = "") -> dict[str, Any]:
    """An entry of the fixtures; each revision says its number, and the last one may move it."""
    rows = [{"comment": f"Change {n}.", "source": f"{URL}#{n}", "changes": one} for n, one in enumerate(changes, 1)]
    rows[-1] |= {"slug": moves_to} if moves_to else {}
    return {"slug": slug, "name": slug, "revisions": rows}


def result(value: str, row: int = 0, **more: Any) -> dict[str, Any]:
    return {"paper": "clip", "value": value, "locator": f"row {row or value}", **more}


def write_items(folder: Path, name: str, items: Rows) -> None:
    path = folder / "curation" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(items))


def write_lines(folder: Path, name: str, lines: Rows, part: str = "curation") -> None:
    """Write results that have what SHARED says in common, but for what one of them says itself."""
    path = folder / part / "results" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    own = {key: SHARED[key] for line in lines for key in line if key in SHARED}
    shared = {key: value for key, value in SHARED.items() if key not in own}
    rows = [{"shared": shared, "source": URL, "comment": "Adds a board."}, *({**own, **line} for line in lines)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


NOTHING: tuple[int, list[str], list[str]] = (0, [], [])


def published(report: SeedReport) -> tuple[int, list[str], list[str]]:
    return report.published, report.left_alone, report.refused


def add_revision(folder: Path, name: str, slug: str, changes: dict[str, Any], comment: str) -> None:
    """Append a revision to an entry of a file, as a later edition of the fixtures does."""
    path = folder / "curation" / name
    rows = yaml.safe_load(path.read_text())
    one = next(row for row in rows if row["slug"] == slug)
    one["revisions"].append({"comment": comment, "source": URL, "changes": changes})
    path.write_text(yaml.safe_dump(rows))


def write_removals(folder: Path, *rows: dict[str, Any]) -> None:
    """Write what leaves the catalogue: rows of `merging` and `retiring`."""
    (folder / "curation" / "merges.yaml").write_text(yaml.safe_dump(list(rows)))


def merging(slug: str, into: str, kind: str = "component", comment: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "slug": slug,
        "merge_into": into,
        "source": URL,
        "comment": comment or f"The same as {into}.",
    }


def retiring(slug: str, kind: str = "component", comment: str = "No such thing.") -> dict[str, Any]:
    return {"kind": kind, "slug": slug, "retire": True, "source": URL, "comment": comment}
