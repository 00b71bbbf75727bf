"""Boards rank like with like, and nothing else."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from catalog.reading.leaderboards import Rank, boards, direction_of, leaders, ranks_of
from tests.factories import make_benchmark, make_paper, make_result

pytestmark = pytest.mark.django_db

ACCURACY = {"name": "accuracy", "unit": "%", "direction": "higher", "primary": True}
LATENCY = {"name": "latency", "unit": "ms", "direction": "lower"}


@pytest.fixture
def benchmark() -> Benchmark:
    make_paper(name="CLIP")
    make_paper(name="BLIP")
    return make_benchmark(name="MMMU", metrics=[ACCURACY, LATENCY])


def claim(paper: str, value: str, **fields: object) -> Result:
    return make_result(paper=paper, benchmark="mmmu", value=value, **{"split": "val", **fields})


def shown(benchmark: Benchmark) -> list[tuple[str, str, list[tuple[int | None, str, bool]]]]:
    tables = boards(benchmark, benchmark.results.select_related("paper"))
    return [(b.split, b.setting, [(row.rank, row.result.value, row.rival) for row in b.rows]) for b in tables]


def test_results_that_agree_are_ranked_together(benchmark: Benchmark) -> None:
    claim("clip", "60.2")
    claim("blip", "64.50")

    assert shown(benchmark) == [("val", "", [(1, "64.50", False), (2, "60.2", False)])]


@pytest.mark.parametrize(
    "other",
    [
        {"split": "test"},
        {"setting": "zero-shot"},
        {"shots": 4},
        {"chain_of_thought": True},
        {"subset": "MMMU-Pro"},
        {"judge": "GPT-4"},
        {"metric": "latency"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_results_that_differ_in_one_thing_are_never_ranked_together(
    benchmark: Benchmark, other: dict[str, object]
) -> None:
    claim("clip", "60.2")
    claim("blip", "64.5", **other)

    assert [[rank for rank, _, _ in rows] for _, _, rows in shown(benchmark)] == [[None], [None]]


def test_lower_is_better_where_the_metric_says_so(benchmark: Benchmark) -> None:
    claim("clip", "120", metric="latency")
    claim("blip", "80", metric="latency")

    assert shown(benchmark) == [("val", "", [(1, "80", False), (2, "120", False)])]


def test_an_unstated_split_is_shown_and_not_ranked(benchmark: Benchmark) -> None:
    claim("clip", "60.2", split="", split_inferred="val")
    claim("blip", "64.5", split="")

    assert shown(benchmark) == [("", "", [(None, "64.5", False), (None, "60.2", False)])]


def test_equal_values_share_a_rank(benchmark: Benchmark) -> None:
    for value in ("64.5", "64.50", "60"):
        claim("clip", value, variant=value)

    assert shown(benchmark) == [("val", "", [(1, "64.5", False), (1, "64.50", False), (3, "60", False)])]


def test_rival_values_for_one_model_are_both_shown(benchmark: Benchmark) -> None:
    claim("clip", "58.6")
    claim("clip", "51.3")

    assert shown(benchmark) == [("val", "", [(1, "58.6", True), (2, "51.3", True)])]


def test_a_retracted_result_has_no_rank_and_takes_none(benchmark: Benchmark) -> None:
    claim("clip", "70", state="retracted")
    claim("clip", "60", variant="a")
    claim("blip", "50")

    assert shown(benchmark) == [("val", "", [(None, "70", False), (1, "60", False), (2, "50", False)])]


def test_an_unknown_direction_ranks_nothing() -> None:
    make_paper(name="CLIP")
    benchmark = make_benchmark(name="MMMU", metrics=[])
    claim("clip", "60")
    claim("clip", "70", variant="b")

    assert shown(benchmark) == [("val", "", [(None, "70", False), (None, "60", False)])]


def test_direction_of_a_metric_the_benchmark_does_not_list_is_what_all_its_metrics_agree_on() -> None:
    one_way = Benchmark(metrics=[ACCURACY, {**ACCURACY, "name": "F1"}])

    assert direction_of(one_way, "recall") == "higher"
    assert direction_of(Benchmark(metrics=[ACCURACY, LATENCY]), "recall") == ""
    assert direction_of(Benchmark(metrics=[ACCURACY, LATENCY]), "Latency") == "lower"


VALUES = st.sampled_from(["10", "20.5", "20.50", "30"])
CLAIMS = st.fixed_dictionaries(
    {"paper": st.sampled_from(["clip", "blip"]), "value": VALUES},
    optional={
        "metric": st.sampled_from(["accuracy", "latency", "odd"]),
        "split": st.sampled_from(["val", "test", ""]),
        "shots": st.sampled_from([0, 4]),
        "chain_of_thought": st.booleans(),
        "state": st.sampled_from(["live", "disputed", "superseded", "retracted"]),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(claims=st.lists(CLAIMS, max_size=8))
def test_a_rank_shown_elsewhere_is_the_rank_on_the_board(benchmark: Benchmark, claims: list[dict[str, object]]) -> None:
    with transaction.atomic():
        for number, fields in enumerate(claims):
            claim(**{"slug": f"claim-{number}", **fields})  # type: ignore[arg-type]
        tables = boards(benchmark, benchmark.results.select_related("paper"))
        ranked = {
            row.result.pk: Rank(row.rank, sum(other.rank is not None for other in board.rows))
            for board in tables
            for row in board.rows
            if row.rank is not None
        }

        assert ranks_of(benchmark.results.select_related("benchmark")) == ranked
        transaction.set_rollback(True)


def test_places_cost_one_query(benchmark: Benchmark, django_assert_num_queries: Any) -> None:
    for number in range(3):
        claim("clip", str(number), variant=str(number))
    results = list(benchmark.results.select_related("benchmark"))

    with django_assert_num_queries(1):
        assert sorted(place.rank for place in ranks_of(results).values()) == [1, 2, 3]


def test_the_first_of_each_fullest_board(benchmark: Benchmark, django_assert_num_queries: Any) -> None:
    make_benchmark(name="Quiet")
    make_result(paper="clip", benchmark="quiet", value="1", split="val")
    make_benchmark(name="Fast", metrics=[LATENCY])
    for value in ("12", "80", "9"):
        make_result(paper="clip", benchmark="fast", value=value, split="test", metric="latency", variant=value)
    claim("clip", "60")
    claim("blip", "64", shots=None)
    claim("blip", "90", state="retracted")
    claim("blip", "70", split="test")
    claim("clip", "99", split="")

    with django_assert_num_queries(3):
        rows = [(result.benchmark.name, result.value, of) for result, of in leaders(5)]

    assert rows == [("Fast", "9", 3), ("MMMU", "64", 2)]
    assert len(leaders(1)) == 1
