"""A result names its metric, split, part and variant as the benchmark and the model list them."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import nearest_names
from catalog.ledger.publishing import PayloadError, merge, restore
from tests.factories import make_benchmark, make_many, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
ACCURACY = {
    "name": "VQA accuracy (soft)",
    "aliases": ["accuracy"],
    "unit": "percent",
    "direction": "higher",
    "minimum": "0",
    "maximum": "100",
}
METRICS = [ACCURACY, {"name": "R@1", "unit": "percent"}, {"name": "R@10", "unit": "percent"}]
PARTS = [{"name": "RefCOCO"}, {"name": "RefCOCO+"}, {"name": "RefCOCOg", "aliases": ["RefCOCO-g"]}]
SPLITS: list[dict[str, Any]] = [{"name": "val", "aliases": ["validation", "val (5000)"]}, {"name": "test-dev"}]


@pytest.fixture
def on() -> dict[str, Any]:
    benchmark = make_benchmark(name="VQAv2", metrics=METRICS, parts=PARTS, splits=SPLITS)
    model = make_paper(name="BLIP-2", variants=[{"name": "BLIP-2 ViT-g", "aliases": ["ViT-g"]}, {"name": "BLIP-2-XXL"}])
    return {"benchmark": benchmark.slug, "paper": model.slug}


def refusal(**fields: Any) -> dict[str, list[str]]:
    with pytest.raises(PayloadError) as refused:
        make_result(**fields)
    return refused.value.errors


@pytest.mark.parametrize(
    ("key", "given", "stored"),
    [
        ("metric", "accuracy", "VQA accuracy (soft)"),
        ("metric", "vqa Accuracy (Soft)", "VQA accuracy (soft)"),
        ("metric", "R1", "R@1"),
        ("split", "Validation", "val"),
        ("split", "test dev", "test-dev"),
        ("part", "refcoco+", "RefCOCO+"),
        ("part", "RefCOCO", "RefCOCO"),
        ("part", "RefCOCO-g", "RefCOCOg"),
        ("variant", "vit-g", "BLIP-2 ViT-g"),
        ("variant", "XXL", "BLIP-2-XXL"),
        ("variant", "blip2 xxl", "BLIP-2-XXL"),
    ],
)
def test_a_name_or_alias_is_stored_as_the_listed_name(on: dict[str, Any], key: str, given: str, stored: str) -> None:
    assert getattr(make_result(**{**on, "metric": "accuracy", key: given}), key) == stored


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        (
            "split",
            "dev",
            (
                "VQAv2 lists no split “dev”. It lists: test-dev, val. If yours is another one, propose to add it to "
                "VQAv2 as well."
            ),
        ),
        (
            "variant",
            "ViT-L",
            (
                "BLIP-2 lists no variant “ViT-L”. It lists: BLIP-2 ViT-g, BLIP-2-XXL. If yours is another one, "
                "propose to add it to BLIP-2 as well."
            ),
        ),
    ],
)
def test_a_name_that_is_not_listed_is_refused(on: dict[str, Any], key: str, given: str, message: str) -> None:
    assert refusal(**{**on, "metric": "accuracy", key: given}) == {key: [message]}


def test_a_spelling_that_two_rows_share_is_refused(on: dict[str, Any]) -> None:
    assert list(refusal(**{**on, "metric": "accuracy", "part": "ref-coco"})) == ["part"]


def test_a_benchmark_that_lists_nothing_takes_any_name() -> None:
    result = make_result(split="val", metric="anything")
    assert (result.split, result.metric) == ("val", "anything")


def test_an_edit_of_something_else_keeps_a_name_that_is_not_listed_any_more(on: dict[str, Any]) -> None:
    result = make_result(**on, metric="accuracy", split="val")
    benchmark = result.benchmark
    make_revision("benchmark", type(benchmark).objects.with_references().get(), splits=SPLITS[1:])

    make_revision("result", Result.objects.with_references().get(), notes="Read again.")

    assert (Result.objects.get().split, Result.objects.get().notes) == ("val", "Read again.")


@pytest.mark.parametrize(
    ("value", "scale", "error"),
    [
        ("104.2", "", "104.2, but VQA accuracy (soft) lies between 0 and 100 percent. "),
        ("-1", "", "-1, but VQA accuracy (soft) lies between 0 and 100 percent. "),
        (
            "66.9",
            "fraction",
            "66.9 printed as fraction is 6690, but VQA accuracy (soft) lies between 0 and 100 percent. ",
        ),
    ],
)
def test_a_value_out_of_bounds_is_refused(on: dict[str, Any], value: str, scale: str, error: str) -> None:
    errors = refusal(**on, metric="accuracy", value=value, scale=scale)
    advice = "Correct the value or say how it is printed (scale); if the bounds are wrong, correct the benchmark."
    assert errors == {"value": [error + advice]}


def test_a_fraction_is_kept_as_printed_and_sorted_in_percent(on: dict[str, Any]) -> None:
    result = make_result(**on, metric="accuracy", value="0.6690", scale="fraction")
    assert (result.value, result.number) == ("0.6690", Decimal("66.90"))


def test_another_unit_of_a_metric_changes_what_its_results_are_sorted_by(on: dict[str, Any]) -> None:
    results = [make_result(**on, metric="accuracy", value=value, scale=scale) for value, scale in FRACTIONS]
    live = Benchmark.objects.with_references().get(slug=on["benchmark"])
    per_mille = {**ACCURACY, "unit": "per mille", "maximum": "1000"}

    make_revision("benchmark", live, metrics=[per_mille, *METRICS[1:]])

    numbers = [Result.objects.get(pk=result.pk).number for result in results]
    assert numbers == [Decimal(669), Decimal(669), Decimal("66.9")]


FRACTIONS = [("0.669", "fraction"), ("66.9", "percent"), ("66.9", "")]


def test_names_that_two_rows_share_already_keep_nobody_from_adding_another_row() -> None:
    benchmark = make_benchmark(metrics=[{"name": "acc"}])
    rows = [*benchmark.metrics, {**benchmark.metrics[0], "name": "Acc"}]
    Benchmark.objects.filter(pk=benchmark.pk).update(metrics=rows)
    live = Benchmark.objects.with_references().get(pk=benchmark.pk)

    make_revision("benchmark", live, metrics=[*rows, {"name": "F1"}])

    assert [row["name"] for row in Benchmark.objects.get(pk=benchmark.pk).metrics] == ["acc", "Acc", "F1"]


def test_two_rows_of_a_benchmark_share_no_name() -> None:
    with pytest.raises(PayloadError) as refused:
        make_benchmark(splits=[{"name": "val"}, {"name": "dev", "aliases": ["Val"]}])
    assert refused.value.errors == {"splits": ["“Val” is a name of two rows: each name belongs to one."]}


@pytest.mark.parametrize(
    ("adaptation", "shots", "error"),
    [
        ("zero-shot", 4, "Zero-shot has 0 shots, not 4: one of the two is wrong."),
        ("few-shot", 0, "Few-shot has at least 1 shot, not 0: one of the two is wrong."),
    ],
)
def test_setting_and_shots_agree(adaptation: str, shots: int, error: str) -> None:
    assert refusal(adaptation=adaptation, shots=shots) == {"shots": [error]}


def test_what_can_be_inferred_is_named_once() -> None:
    errors = refusal(inferred=[{"field": "split"}, {"field": "split"}, {"field": "value"}])
    assert errors == {
        "inferred": ["row 3, field: “value” is not a field that can be inferred.", "“split” is named twice."]
    }


class TestMerges:
    """A merge changes where references lead, and nothing else; what takes it back gives all of it back."""

    CLAIM = {"metric": "acc", "split": "test", "value": "60", "source_url": "https://arxiv.org/abs/2409.12191"}

    def test_names_and_equal_claims_stay_as_they_are(self) -> None:
        one = make_benchmark(name="One", metrics=[{"name": "acc"}], splits=[{"name": "test"}])
        metric, split = {"name": "accuracy", "aliases": ["acc"]}, {"name": "testA", "aliases": ["test"]}
        other = make_benchmark(name="Other", metrics=[metric], splits=[split])
        paper = make_paper(name="CLIP")
        moved = make_result(**self.CLAIM, paper=paper.slug, benchmark=one.slug)
        make_result(**{**self.CLAIM, "metric": "accuracy", "split": "testA"}, paper=paper.slug, benchmark=other.slug)

        merge(entry=one, into=other, trace=trace("The same."))

        live = Result.objects.get(pk=moved.pk)
        assert (live.benchmark_id, live.metric, live.split) == (other.pk, "acc", "test")
        restore(kind=KINDS["benchmark"], entry_id=one.pk, trace=trace("Not the same."))
        live = Result.objects.get(pk=moved.pk)
        assert (live.benchmark_id, live.metric, live.split) == (one.pk, "acc", "test")


class TestTheSameClaim:
    ABOUT = {"metric": "accuracy", "split": "val", "value": "64.5", "source_url": "https://arxiv.org/abs/2409.12191"}

    def test_it_is_refused_under_another_spelling_too(self, on: dict[str, Any]) -> None:
        first = make_result(**on, **self.ABOUT)
        errors = refusal(**on, **{**self.ABOUT, "metric": "VQA accuracy (soft)", "split": "validation"})
        assert list(errors) == ["value"]
        assert errors["value"][0].startswith(f"{first.name} ({first.slug}) says the same already: ")

    @pytest.mark.parametrize(
        "change",
        [
            {"source_url": "https://github.com/QwenLM/Qwen2-VL"},
            {"value": "64.50"},
            {"shots": 4},
            {"harness": "VLMEvalKit"},
            {"split": "test-dev"},
            {"variant": "ViT-g"},
            {"setting": "our own code"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_another_source_value_or_way_of_measuring_is_a_claim_of_its_own(
        self, on: dict[str, Any], change: dict[str, Any]
    ) -> None:
        make_result(**on, **self.ABOUT)
        make_result(**on, **{**self.ABOUT, **change})
        assert Result.objects.count() == 2

    def test_an_edit_that_makes_two_the_same_is_refused(self, on: dict[str, Any]) -> None:
        make_result(**on, **self.ABOUT)
        other = make_result(**on, **{**self.ABOUT, "value": "64.6"})
        with pytest.raises(PayloadError):
            make_revision("result", Result.objects.with_references().get(pk=other.pk), value="64.5")

    def test_many_at_once_are_checked_too(self, on: dict[str, Any]) -> None:
        payload = {**on, **self.ABOUT}
        make_result(**payload)
        for rows in ([payload], [{**payload, "value": "1"}, {**payload, "value": "1", "metric": "Accuracy"}]):
            with pytest.raises(PayloadError):
                make_many("result", rows)


def test_names_spelt_alike_come_first_and_a_huge_name_costs_nothing() -> None:
    assert nearest_names(SPLITS, "validaton") == ["val"]
    assert nearest_names(SPLITS, "x" * 10**6) == []
    many = [{"name": f"split {number}"} for number in range(2_000)]
    assert nearest_names(many, "split 7") == ["split 7", "split 97", "split 87"]
