"""The numbers of results by which benchmarks and models are sorted, kept by publishing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.indexing.facets import rebuild_sets
from catalog.ledger.publishing import merge, restore, retire
from tests.factories import make_benchmark, make_many, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
COUNTED = (Benchmark, Paper)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for name in ("MMMU", "GQA"):
        make_benchmark(name=name)
    for name in ("CLIP", "BLIP"):
        make_paper(name=name)
    for paper, benchmark in (("clip", "mmmu"), ("clip", "gqa"), ("blip", "mmmu")):
        make_result(paper=paper, benchmark=benchmark, value="1", slug=f"{paper}-on-{benchmark}")


def counts() -> dict[str, int]:
    return {entry.slug: entry.result_count for model in COUNTED for entry in model.objects.all()}


def test_each_result_counts_for_its_benchmark_and_its_model() -> None:
    assert counts() == {"mmmu": 2, "gqa": 1, "clip": 2, "blip": 1}


def test_many_at_once_are_counted() -> None:
    about = {"paper": "blip", "benchmark": "gqa", "metric": "Accuracy"}
    make_many("result", [{**about, "value": str(number)} for number in range(5)])
    assert counts() == {"mmmu": 2, "gqa": 6, "clip": 2, "blip": 6}


def test_a_result_that_moves_or_leaves_is_counted_where_it_is() -> None:
    make_revision("result", Result.objects.get(slug="clip-on-gqa"), paper="blip")
    assert counts() == {"mmmu": 2, "gqa": 1, "clip": 1, "blip": 2}

    retire(entry=Result.objects.get(slug="clip-on-gqa"), trace=trace("Not one."))
    assert counts() == {"mmmu": 2, "gqa": 0, "clip": 1, "blip": 1}


def test_another_slug_keeps_the_count() -> None:
    make_revision("paper", Paper.objects.get(slug="clip"), slug="openai-clip")
    make_paper(name="CLIP")
    assert counts() == {"mmmu": 2, "gqa": 1, "openai-clip": 2, "clip-2": 0, "blip": 1}


def test_a_merge_adds_and_its_undoing_takes_away() -> None:
    blip = Paper.objects.get(slug="blip")
    merge(entry=blip, into=Paper.objects.get(slug="clip"), trace=trace("The same."))
    assert counts() == {"mmmu": 2, "gqa": 1, "clip": 3}

    restore(kind=KINDS["paper"], entry_id=blip.pk, trace=trace("Not the same."))
    assert counts() == {"mmmu": 2, "gqa": 1, "clip": 2, "blip": 1}


def test_an_edit_of_the_model_leaves_the_count() -> None:
    make_revision("paper", Paper.objects.get(slug="clip"), year=2021)
    assert counts()["clip"] == 2


def test_rebuilding_the_sets_and_migrating_give_the_same() -> None:
    kept = counts()
    for make_counts in (
        lambda: rebuild_sets(KINDS["result"]),
        lambda: import_module("catalog.migrations.0021_result_counts").count_results(apps, None),
    ):
        for model in COUNTED:
            model.objects.update(result_count=7)
        make_counts()
        assert counts() == kept


@pytest.mark.parametrize("path", ["/benchmarks/?sort=results", "/api/v1/benchmarks/?sort=results"])
def test_lists_are_sorted_by_it(path: str) -> None:
    make_benchmark(name="Without")
    text = Client().get(path).content.decode()
    names = [name for name in ("MMMU", "GQA", "Without") if name in text]
    assert sorted(names, key=text.index) == ["MMMU", "GQA", "Without"]


def test_lists_show_it() -> None:
    text = " ".join(Client().get("/papers/").content.decode().split())
    assert text.count("2 results</div>") == 1
    assert text.count("1 result</div>") == 1


def test_the_list_of_a_past_day_has_the_numbers_of_that_day() -> None:
    day = Result.objects.latest("created").created
    make_result(paper="clip", benchmark="gqa", value="2")

    text = Client().get("/benchmarks/", {"as_of": day.isoformat().replace("+00:00", "Z")}).content.decode()

    assert (text.count(">2 results<"), text.count(">1 result<")) == (1, 1)
