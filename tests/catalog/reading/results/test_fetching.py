"""Results are read once while nothing of them changes, and again after every change that shows on a board."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.ledger.publishing import merge, retire
from catalog.models import Revision
from catalog.reading.results.fetching import Kept, kept, measured_on, with_stamps
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, board_of, boards_of, view
from tests.factories import make, make_benchmark, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
ACCURACY = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}


def benchmark(slug: str = "mmmu") -> Benchmark:
    return Benchmark.objects.select_related("reference_protocol").get(slug=slug)


def measured(slug: str = "mmmu") -> Measured:
    return measured_on([benchmark(slug)])[benchmark(slug).pk]


@pytest.fixture
def mmmu() -> Benchmark:
    make("protocol", name="VLMEvalKit", harness="VLMEvalKit", shots=0)
    for name in ("CLIP", "ALIGN"):
        make_paper(name=name)
    made = make_benchmark(name="MMMU", metrics=[ACCURACY], splits=[{"name": "val"}])
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_result(**about, name="One", paper="clip", value="64.9", protocol="vlmevalkit")
    make_result(**about, name="Two", paper="align", value="70.2", protocol="vlmevalkit")
    return made


CHANGES: dict[str, Callable[[], Any]] = {
    "another result": lambda: make_result(paper="clip", benchmark="mmmu", metric="Accuracy", split="val", value="50"),
    "another value": lambda: change("result", "one", value="65.0"),
    "a retired result": lambda: retire(entry=entry("result", "one"), trace=trace()),
    "a result of another benchmark": lambda: (
        make_benchmark(name="Other", metrics=[ACCURACY], splits=[{"name": "val"}]),
        change("result", "one", benchmark="other"),
    ),
    "another name of a model": lambda: change("paper", "clip", name="CLIP, renamed"),
    "another slug of a model": lambda: make_revision("paper", entry("paper", "clip"), slug="openai-clip"),
    "a merged model": lambda: merge(entry=entry("paper", "clip"), into=entry("paper", "align"), trace=trace()),
    "another judge of the protocol": lambda: change("protocol", "vlmevalkit", judge="GPT-4"),
    "another direction of the metric": lambda: change(
        "benchmark", "mmmu", metrics=[{**ACCURACY, "direction": "lower"}]
    ),
    "a reference protocol": lambda: change("benchmark", "mmmu", reference_protocol="vlmevalkit"),
}


def entry(kind: str, slug: str) -> Any:
    return KINDS[kind].model.objects.get(slug=slug)


def change(kind: str, slug: str, **fields: Any) -> Revision:
    return make_revision(kind, entry(kind, slug), **fields)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_read_at_once(mmmu: Benchmark, name: str) -> None:
    before = measured()

    CHANGES[name]()

    after = measured()
    kept.clear()
    assert after == measured() != before


def test_a_changed_reference_protocol_is_read_at_once(mmmu: Benchmark) -> None:
    make("protocol", name="Official", shots=0)
    change("benchmark", "mmmu", reference_protocol="official")
    assert measured().reference == {"setting": "zero-shot", "shots": 0}

    change("protocol", "official", shots=5)

    assert measured().reference == {"setting": "few-shot", "shots": 5}


def test_a_retired_result_and_a_new_one_are_no_unchanged_pair(mmmu: Benchmark) -> None:
    before = measured()
    retire(entry=entry("result", "one"), trace=trace())
    make_result(name="Three", benchmark="mmmu", paper="clip", metric="Accuracy", split="val", value="1")
    assert {claim.slug for claim in measured().claims} == {"two", "three"} != {claim.slug for claim in before.claims}


def test_what_is_unchanged_costs_one_query_or_none_with_stamps(mmmu: Benchmark) -> None:
    (stamped,) = with_stamps(Benchmark.objects.select_related("reference_protocol"))
    once = benchmark()
    first = measured_on([once])[once.pk]
    boards = boards_of(first)

    with CaptureQueriesContext(connection) as queries:
        second, third = measured_on([once])[once.pk], measured_on([stamped])[once.pk]

    assert len(queries) == 1
    assert first is second is third
    assert boards is boards_of(second)
    shown = view(second)
    assert shown.board is board_of(third, shown.key, shown.board.metric)


def test_what_was_asked_for_longest_ago_makes_room(mmmu: Benchmark) -> None:
    small = Kept(most=6)
    two = measured()
    for pk in (1, 2):
        small.put(pk, ("a",), two)
    assert small.get(1, ("a",)) is two

    small.put(3, ("a",), two)

    assert [bool(small.get(pk, ("a",))) for pk in (1, 2, 3)] == [True, False, True]
    assert small.get(1, ("b",)) is None
    tiny = Kept(most=1)
    tiny.put(1, ("a",), two)
    assert tiny.get(1, ("a",)) is None


def test_a_board_that_there_is_not_takes_no_room(mmmu: Benchmark) -> None:
    one = measured()
    view(one)
    before = len(one.boards)

    assert view(one, BoardKey("", "nowhere", "")).board.ranked == ()

    assert len(one.boards) == before


def test_a_past_catalogue_does_not_take_the_place_of_the_present(mmmu: Benchmark, client: Client) -> None:
    moment = timezone.now()
    change("result", "one", value="65.0")
    today = measured()

    page = f"/benchmarks/mmmu/leaderboard/?as_of={quote(moment.isoformat())}"
    assert client.get(page).status_code == 200

    assert measured() is today


def test_a_benchmark_without_results_has_none(mmmu: Benchmark) -> None:
    make_benchmark(name="Empty")
    assert measured("empty").claims == ()
