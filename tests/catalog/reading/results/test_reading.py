"""What results of the catalogue claim, as plain values."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.reading.results.claims import Claim, Known, Origin
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.overview import board_results_of, firsts
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, view
from tests.factories import make, make_benchmark, make_paper, make_result, make_revision

pytestmark = pytest.mark.django_db
ACCURACY = {
    "name": "Accuracy",
    "unit": "percent",
    "direction": "higher",
    "minimum": "0",
    "maximum": "100",
    "primary": True,
    "proportion": True,
}


@pytest.fixture
def mmmu() -> Benchmark:
    splits = [{"name": "val", "size_count": 900}, {"name": "test", "size_count": 10500}]
    return make_benchmark(name="MMMU", metrics=[ACCURACY], splits=splits, parts=[{"name": "Science"}])


def result(model: str, value: str, **fields: Any) -> str:
    paper = Paper.objects.filter(name=model).first() or make_paper(name=model)
    about = {"paper": paper.slug, "benchmark": "mmmu", "metric": "accuracy", "split": "val", "value": value}
    return str(make_result(**{**about, **fields}).slug)


def measured() -> Measured:
    benchmark = Benchmark.objects.select_related("reference_protocol").get(slug="mmmu")
    return measured_on([benchmark])[benchmark.pk]


def claim() -> Claim:
    (one,) = measured().claims
    return one


def test_a_claim_has_the_number_in_the_unit_of_the_metric_and_the_items_of_the_split(mmmu: Benchmark) -> None:
    result("CLIP", "0.6690", scale="fraction", standard_error="0.0100", source_url="https://arxiv.org/abs/2103.00020")
    one = claim()
    assert (f"{one.number:f}", one.error, one.items) == ("66.90", Decimal("1.00"), 900)
    assert (one.metric, one.split, one.track, one.source_class) == ("Accuracy", Known("val"), "", "primary")


def test_the_size_of_a_split_is_not_that_of_a_part(mmmu: Benchmark) -> None:
    result("CLIP", "66.9", part="Science")
    assert claim().items is None


def test_conditions_are_stated_by_the_result_else_by_its_protocol_or_inferred(mmmu: Benchmark) -> None:
    make("protocol", name="VLMEvalKit", harness="VLMEvalKit", judge="GPT-4", adaptation="few-shot", shots=4)
    fields = {"protocol": "vlmevalkit", "judge": "GPT-4o  mini", "chain_of_thought": False}
    result("CLIP", "66.9", **fields, inferred=[{"field": "chain_of_thought", "reason": ""}])

    one = claim()

    assert one.track == "VLMEvalKit"
    assert {name: (known.value, known.origin) for name, known in one.conditions.items()} == {
        "judge": ("gpt-4o mini", Origin.STATED),
        "chain of thought": (False, Origin.INFERRED),
        "setting": ("few-shot", Origin.PROTOCOL),
        "shots": (4, Origin.PROTOCOL),
    }


@pytest.mark.parametrize(
    ("fields", "conditions"),
    [
        ({"adaptation": "zero-shot"}, {"setting": "zero-shot", "shots": 0}),
        ({"shots": 0}, {"setting": "zero-shot", "shots": 0}),
        ({"shots": 4}, {"setting": "few-shot", "shots": 4}),
        ({"adaptation": "fine-tuned"}, {"setting": "fine-tuned"}),
        ({"setting": "zero-shot"}, {}),
    ],
)
def test_setting_and_shots_complete_each_other_and_words_are_no_condition(
    mmmu: Benchmark, fields: dict[str, Any], conditions: dict[str, Any]
) -> None:
    result("CLIP", "66.9", **fields)
    assert {name: known.value for name, known in claim().conditions.items()} == conditions


@pytest.mark.parametrize(
    ("protocol", "own", "conditions"),
    [
        ({"adaptation": "zero-shot", "shots": 0}, {"adaptation": "few-shot"}, {"setting": "few-shot"}),
        ({"adaptation": "few-shot", "shots": 5}, {"adaptation": "zero-shot"}, {"setting": "zero-shot", "shots": 0}),
        ({"adaptation": "zero-shot", "shots": 0}, {"shots": 5}, {"setting": "few-shot", "shots": 5}),
    ],
)
def test_a_setting_of_its_own_overrides_setting_and_shots_of_the_protocol(
    mmmu: Benchmark, protocol: dict[str, Any], own: dict[str, Any], conditions: dict[str, Any]
) -> None:
    make("protocol", name="Direct", **protocol)
    result("CLIP", "66.9", protocol="direct", **own)
    assert {name: known.value for name, known in claim().conditions.items()} == conditions


def test_a_correction_concerns_results_under_any_name_of_their_split() -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY])
    result("A", "60", reported_on="2026-01", split="val")
    erratum = {"date": "2026-07-10", "text": "Wrong.", "splits": ["validation"], "metrics": ["Accuracy"]}
    live = Benchmark.objects.with_references().get()
    make_revision("benchmark", live, splits=[{"name": "validation", "aliases": ["val"]}], errata=[erratum])
    assert claim().conditions["erratum"].value == "before 2026-07-10"


def test_a_retracted_result_sets_none_aside(mmmu: Benchmark) -> None:
    live = Benchmark.objects.with_references().get()
    make_revision("benchmark", live, errata=[{"date": "2026-07-10", "text": "Two answers were wrong."}])
    result("A", "60", reported_on="2026-01")
    result("B", "70", reported_on="2026-02")
    result("C", "80", reported_on="2026-08-01", state="retracted")
    assert [f"{row.claim.number:f}" for row in view(measured()).board.ranked] == ["70", "60"]


def test_the_largest_board_with_a_split_is_shown_first_and_names_what_has_none(mmmu: Benchmark) -> None:
    for model, value in (("A", "60"), ("B", "70.2"), ("C", "64.9")):
        result(model, value)
    result("A", "50", split="test")
    lost = result("D", "99", split="")

    shown = view(measured())

    assert shown.key == BoardKey("", "val", "")
    assert [str(row.claim.number) for row in shown.board.ranked] == ["70.2", "64.9", "60"]
    assert [(tab.key.split, tab.checkpoints) for tab in shown.tabs] == [("val", 3), ("test", 1), ("", 1)]
    assert [one.slug for one in shown.unstated] == [lost]


def test_an_inferred_split_ranks_and_is_marked(mmmu: Benchmark) -> None:
    result("A", "60")
    result("B", "70", inferred=[{"field": "split", "reason": "The paper uses it everywhere."}])

    board = view(measured()).board

    assert [row.claim.split.origin.value for row in board.ranked if row.claim.split] == ["inferred", "stated"]
    assert board.has_places


def test_a_harness_is_a_track_of_its_own(mmmu: Benchmark) -> None:
    result("A", "60")
    result("A", "51.1", harness="VLMEvalKit")
    assert {tab.key.track for tab in view(measured()).tabs} == {"", "VLMEvalKit"}


def test_the_conditions_of_the_reference_protocol_are_the_reference() -> None:
    make("protocol", name="Direct", chain_of_thought=False)
    make_benchmark(name="MMMU", metrics=[ACCURACY], reference_protocol="direct")
    result("A", "60", chain_of_thought=False)
    result("B", "70", chain_of_thought=True)
    result("C", "80", chain_of_thought=True)

    board = view(measured()).board

    assert [row.claim.number for row in board.ranked] == [60]
    assert [(f"{row.claim.number:f}", row.differs) for row in board.unlike] == [
        ("80", ("chain of thought",)),
        ("70", ("chain of thought",)),
    ]


def test_results_before_a_correction_are_set_aside_once_others_follow_it() -> None:
    erratum = {"date": "2026-07-10", "text": "Two answers were wrong.", "about": "labels"}
    make_benchmark(name="MMMU", metrics=[ACCURACY], errata=[erratum])
    result("A", "60", reported_on="2026-01")
    result("B", "70", reported_on="2025-01")
    assert len(view(measured()).board.ranked) == 2

    result("C", "65", reported_on="2026-09-01")
    board = view(measured()).board

    assert [row.claim.number for row in board.ranked] == [65]
    assert {row.claim.outdated for row in board.set_aside} == {"before the correction of 2026-07-10"}


def test_a_correction_of_another_metric_or_harness_concerns_nobody_else() -> None:
    errata = [
        {"date": "2026-07-10", "text": "Wrong.", "metrics": ["Recall"]},
        {"date": "2026-07-10", "text": "Wrong.", "harness_versions": ["lmms-eval 0.4"]},
    ]
    make_benchmark(name="MMMU", metrics=[ACCURACY], errata=errata)
    result("A", "60", reported_on="2026-01")
    assert "erratum" not in claim().conditions


def test_standings_say_place_distance_and_why_there_is_none(mmmu: Benchmark) -> None:
    result("A", "60.0", standard_error="0.10")
    result("B", "70.2", standard_error="0.10")
    result("A", "99", split="")
    paper = Paper.objects.get(name="A")
    benchmark = Benchmark.objects.select_related("reference_protocol").get(slug="mmmu")

    rows = {one.key.split: one for one in board_results_of(paper.pk, [benchmark])[benchmark.pk]}

    assert (rows["val"].place.text if rows["val"].place else "", rows["val"].of, rows["val"].distance) == (
        "2",
        2,
        Decimal("10.2"),
    )
    assert (rows[""].place, rows[""].reason) == (None, "no split is stated")


def test_the_front_page_names_the_best_comparable_number_in_three_queries(
    mmmu: Benchmark, django_assert_num_queries: Any
) -> None:
    result("A", "64.9")
    result("B", "70.2", inferred=[{"field": "split", "reason": ""}])
    result("C", "99.9", state="retracted")
    result("D", "90", adaptation="fine-tuned")
    result("A", "60", adaptation="zero-shot")
    result("B", "70", adaptation="zero-shot")

    with django_assert_num_queries(2):
        (first,) = firsts(8)

    assert (first.benchmark.name, first.model) == ("MMMU", "B")
    assert [row.claim.number for row in first.view.board.better_but_unlike] == [90]


@pytest.mark.parametrize(
    ("column", "damage"),
    [
        ("errata", [{}, 5, {"date": "2026-01-01", "text": "x", "parts": None, "splits": 7}]),
        ("splits", [{}, {"name": "val", "size_count": -100}]),
        ("metrics", [{}, {"name": "Accuracy"}, 5]),
        ("parts", "damaged"),
    ],
)
def test_a_damaged_benchmark_still_has_a_board(mmmu: Benchmark, column: str, damage: Any) -> None:
    result("A", "60")
    result("B", "70")
    Benchmark.objects.update(**{column: damage})
    assert len(view(measured()).board.ranked) == 2


@pytest.mark.parametrize(
    "damage",
    [
        {"value": "NaN"},
        {"standard_error": "NaN"},
        {"inferred": 5},
        {"inferred": [{"field": []}]},
        {"sources": "damaged"},
    ],
    ids=lambda damage: next(iter(damage)),
)
def test_a_damaged_result_takes_nothing_down_beside_it(mmmu: Benchmark, damage: dict[str, Any]) -> None:
    slug = result("A", "60")
    result("B", "70")
    Result.objects.filter(slug=slug).update(**damage)
    assert len(view(measured()).board.ranked) == 2


def test_a_correction_may_name_a_split_by_an_alias() -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=[{"name": "val", "aliases": ["validation"]}])
    result("A", "60", reported_on="2026-01")
    erratum = {"date": "2026-07-10", "text": "Wrong.", "splits": ["validation"], "metrics": ["accuracy"]}
    make_revision("benchmark", Benchmark.objects.with_references().get(), errata=[erratum])
    assert claim().conditions["erratum"].value == "before 2026-07-10"
