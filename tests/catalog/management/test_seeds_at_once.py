"""Two servers that start together seed the same database: everything is published once."""

from pathlib import Path

import pytest

from catalog.kinds import KINDS
from catalog.management import seed_items, seed_lines, seeding
from catalog.management.seeding import seed
from catalog.models import Revision, SeededFixtures
from tests.at_once import at_once
from tests.catalog.management.fixture_files import item, merging, result, write_items, write_lines, write_removals

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_seeds_at_once_publish_everything_once(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_items, "ITEMS", 1)
    monkeypatch.setattr(seed_lines, "LINES", 1)
    write_list(fixtures, "Owl")
    seed()
    write_list(fixtures, "Owl", "Lynx", "Puma")
    papers = [item(f"m{n}", {"name": f"M{n}"}, {"year": 2020 + n}) for n in range(4)]
    write_items(fixtures, "11-papers.yaml", papers)
    write_lines(fixtures, "board.jsonl", [result(f"0.{n}") for n in range(10, 16)])
    write_removals(fixtures, merging("m3", "m2", "paper"))

    first, second = at_once(seed, seed)

    reports = (first, second)
    assert [report.refused + report.left_alone for report in reports] == [[], []]
    assert sum(len(report.imported.created) for report in reports) == 2
    assert sum(report.published for report in reports) == 8 + 6 + 1
    counts = {name: kind.model.objects.count() for name, kind in KINDS.items()}
    assert {name: count for name, count in counts.items() if count} == {
        "paper": 8,
        "dataset": 1,
        "benchmark": 1,
        "result": 8,
    }
    assert sorted(Revision.objects.filter(contributor="the-list").values_list("slug", flat=True)) == [
        "lynx",
        "owl",
        "puma",
    ]
    assert SeededFixtures.objects.count() == 2


def write_list(folder: Path, *names: str) -> None:
    lines = [f"- **{name}** (2024) - [Sees](https://{name.lower()}.example.org)" for name in names]
    (folder / "list" / seeding.LIST_FILE).write_text("\n".join(["# A list", "", "## Papers", "", *lines, ""]))
