"""A full payload of each kind, from the `examples.yaml` of its folder; a kind without one has the shortest payload."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from catalog.kinds import KINDS, Kind


def example_of(kind: Kind) -> dict[str, Any]:
    """`needs`, the entries that the payload names, and the `payload`."""
    spec = find_spec(kind.package)
    folders = [Path(folder) for folder in (spec.submodule_search_locations if spec else None) or ()]
    path = next((file for folder in folders if (file := folder / "examples.yaml").exists()), None)
    example: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {"needs": [], "payload": {}}
    return example


EXAMPLES = {name: example_of(kind) for name, kind in KINDS.items()}
FULL: dict[str, dict[str, Any]] = {name: example["payload"] for name, example in EXAMPLES.items()}


def needed() -> list[dict[str, Any]]:
    """The entries that the examples of all kinds name, each once: a kind and fields."""
    rows = [row for example in EXAMPLES.values() for row in example["needs"]]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]
