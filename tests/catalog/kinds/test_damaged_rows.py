"""Rows of an entry that are damaged, or of a past day: they take down no page, list, facet or export."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import JSONField, Value
from django.test import Client
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.facets import parameters, weights
from catalog.kinds.paper.model import Paper
from catalog.kinds.paper.variants import Variant, variant_of, variants_of
from catalog.ledger.indexing import reindex
from catalog.models import Revision
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make_benchmark, make_paper, make_result

WHOLE = {"name": "Whole", "weights_url": "https://e.org/w", "total_b": "7"}
WRONG: dict[str, Any] = {"name": None, "as_stated": 5, "total_b": "many", "active_b": [], "weights_url": {}, "note": 1}
DAMAGED: list[Any] = [
    None,
    "x",
    5,
    {"name": "B"},
    ["x", None],
    [{}],
    [{"name": "Little"}],
    [WRONG, WHOLE],
    *([{"name": "B", "total_b": number}] for number in ("NaN", "-inf", "1e999999999", "0.001e-9999999", "-7", 7)),
]


@pytest.mark.parametrize("rows", DAMAGED, ids=str)
class TestPages:
    def test_of_a_present_entry(self, db: None, client: Client, rows: Any) -> None:
        entry = make_paper(name="Model")
        make_paper(name="Other", variants=[WHOLE | {"active_b": None}])
        Paper.objects.filter(pk=entry.pk).update(variants=Value(rows, JSONField()))
        reindex(KINDS["paper"], entry)
        self.ask(client, "")

    def test_of_a_past_one(self, db: None, client: Client, rows: Any) -> None:
        revision = Revision.objects.of("paper", make_paper(name="Model").pk).get()
        damage(revision, snapshot={**revision.snapshot, "variants": rows})
        day = (timezone.now() + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
        self.ask(client, f"as_of={day}")

    def ask(self, client: Client, query: str) -> None:
        paths = ("/papers/model/", "/papers/", "/papers/?weights=no-weights", "/papers/?parameters_min=1")
        asked = [f"{path}{'&' if '?' in path else '?'}{query}" for path in paths]
        answers = {path: client.get(path).status_code for path in asked}
        assert answers == dict.fromkeys(asked, 200)


@pytest.mark.parametrize("tasks", [None, "x", 5, [None, 5], [["a"]]], ids=str)
def test_tasks_of_a_benchmark_may_be_damaged(db: None, client: Client, tasks: Any) -> None:
    make_result(paper=make_paper(name="Model").slug)
    make_result(benchmark=make_benchmark(name="Elsewhere").slug)
    Benchmark.objects.update(tasks=Value(tasks, JSONField()))
    assert client.get("/papers/model/").status_code == 200


def test_what_can_be_read_of_a_row_is_shown() -> None:
    found = variants_of(["x", None, WRONG, WHOLE])
    assert found is not None
    assert [(one.name, one.parameters, one.weights) for one in found.rows] == [
        ("", "many", ""),
        ("Whole", "7B", "e.org"),
    ]


def test_a_number_that_is_none_is_shown_as_it_is() -> None:
    assert variant_of({"name": "B", "total_b": "many"}) == Variant(name="B", parameters="many")


def test_what_can_be_read_of_a_row_is_a_facet() -> None:
    entry = Paper(variants=["x", WRONG, WHOLE], links=["x", {"kind": "code"}])
    assert list(parameters(entry)) == [("000000007000", "7B")]
    assert list(weights(entry)) == [("weights", "Weights linked")]
    assert list(weights(Paper(variants=None, links=None))) == [("no-weights", "No weights linked")]
