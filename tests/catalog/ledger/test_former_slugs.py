"""Where an entry went that is not at its former slug any more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.former_slugs import present_slug
from catalog.ledger.payloads import with_present_slugs
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision
from tests.factories import make_benchmark, make_dataset, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def moved(name: str, slug: str) -> Paper:
    """An entry that had a slug after its name and has another one now."""
    make_revision("paper", entry=make_paper(name=name), slug=slug)
    entry: Paper = Paper.objects.with_references().get(slug=slug)
    return entry


def test_moved_to_names_the_present_slug() -> None:
    moved("One", "two")

    assert [present_slug(PAPER, slug) for slug in ("one", "two", "three")] == ["two", None, None]


def test_moved_to_names_the_last_slug_of_an_entry_that_was_retired() -> None:
    retire(entry=moved("One", "two"), trace=trace("No such model."))

    assert [present_slug(PAPER, slug) for slug in ("one", "two")] == ["two", None]


def test_moved_to_names_the_merge_target_for_the_last_slug_of_the_duplicate() -> None:
    target = make_paper(name="Target")

    merge(entry=moved("One", "two"), into=target, trace=trace("The same model."))

    assert present_slug(PAPER, "two") == "target"


def test_a_restored_entry_has_its_former_slugs_and_those_that_were_merged_into_it() -> None:
    target, entry = make_paper(name="Target"), moved("One", "two")
    first, second = entry.pk, target.pk
    merge(entry=entry, into=target, trace=trace("The same model."))
    merge(entry=target, into=make_paper(name="Third"), trace=trace("The same model."))
    slugs = ("one", "two", "target")
    assert [present_slug(PAPER, slug) for slug in slugs] == ["third", "third", "third"]

    restore(kind=PAPER, entry_id=second, trace=trace("Another model."))
    assert [present_slug(PAPER, slug) for slug in slugs] == ["target", "target", None]

    restore(kind=PAPER, entry_id=first, trace=trace("Another model."))
    assert [present_slug(PAPER, slug) for slug in slugs] == ["two", None, None]


def test_entries_merged_into_each_other_in_turn_lead_to_the_one_that_is_live() -> None:
    first, second = make_paper(name="One"), make_paper(name="Two")
    first_pk = first.pk
    merge(entry=first, into=second, trace=trace("The same model."))
    restore(kind=PAPER, entry_id=first_pk, trace=trace("Another model."))
    merge(entry=Paper.objects.get(slug="two"), into=Paper.objects.get(slug="one"), trace=trace("The same model."))
    retire(entry=Paper.objects.get(), trace=trace("No model."))

    assert [present_slug(PAPER, slug) for slug in ("one", "two")] == [None, "one"]


def test_a_payload_names_the_entry_that_moved_was_merged_and_came_back() -> None:
    entry = make_dataset(name="Old")
    make_benchmark(name="Probe", built_on=[{"name": "Old", "dataset": "old"}])
    retire(entry=Benchmark.objects.with_references().get(), trace=trace("Not used."))
    benchmark = Revision.objects.get(action="retire").entry_id
    make_revision("dataset", entry=entry, slug="new")
    merge(
        entry=Dataset.objects.with_references().get(), into=make_dataset(name="Target"), trace=trace("The same data.")
    )
    restore(kind=KINDS["dataset"], entry_id=entry.pk, trace=trace("Other data."))

    restore(kind=KINDS["benchmark"], entry_id=benchmark, trace=trace("Used again."))

    [row] = KINDS["benchmark"].dump(Benchmark.objects.with_references().get())["built_on"]
    assert row["dataset"] == "new"


def test_undoing_a_merge_gives_references_back_to_an_entry_that_had_moved_before() -> None:
    entry = make_paper(name="One")
    make_result(paper="one")
    make_revision("paper", entry=entry, slug="two")
    merge(entry=Paper.objects.with_references().get(), into=make_paper(name="Target"), trace=trace("The same model."))

    restore(kind=PAPER, entry_id=entry.pk, trace=trace("They differ."))

    assert Result.objects.get().paper.slug == "two"


@pytest.mark.parametrize("count", [1, 20])
def test_a_payload_with_many_moved_entries_takes_as_many_queries_as_one(count: int) -> None:
    for number in range(count):
        make_revision("paper", entry=make_paper(name=f"Old {number}"), slug=f"new-{number}")
    origins = [{"relation": "successor-of", "paper": f"old-{number}"} for number in range(count)]

    with CaptureQueriesContext(connection) as queries:
        payload = with_present_slugs(PAPER, {"origins": origins})

    assert [row["paper"] for row in payload["origins"]] == [f"new-{number}" for number in range(count)]
    assert len(queries) == 4
