"""The folder of fixtures that tests of the seed publish."""

from pathlib import Path

import pytest

from catalog.management import seeding
from tests.catalog.management.fixture_files import LIST, METRICS, item, result, write_items, write_lines


@pytest.fixture
def fixtures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of fixtures: a model, a benchmark, two datasets, and two results."""
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / seeding.LIST_FILE).write_text(LIST)
    write_items(tmp_path, "01-datasets.yaml", [item("coco", {"name": "COCO"}, {"year": 2014})])
    write_items(tmp_path, "02-benchmarks.yaml", [item("vqa", {"name": "VQA", "metrics": METRICS})])
    write_items(tmp_path, "10-papers.yaml", [item("clip", {"name": "CLIP"}), item("blip", {"name": "BLIP"})])
    write_lines(tmp_path, "board.jsonl", [result("0.50"), result("0.625")])
    monkeypatch.setattr(seeding, "FIXTURES", tmp_path)
    return tmp_path
