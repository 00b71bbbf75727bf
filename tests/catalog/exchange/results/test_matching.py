"""Names of results files are matched with what the catalogue lists, and never guessed."""

from typing import Any

import pytest

from catalog.exchange.results.matching import ONLY_METRIC, Match, Unmatched, match, suggestions
from catalog.exchange.results.names import BenchmarkNames, KnownNames, ModelNames
from catalog.exchange.results.stated import StatedResult

OWL = ModelNames(
    slug="owl-vl",
    name="Owl-VL",
    variants=(
        {"name": "7B", "aliases": ["Owl-VL-Small"], "weights_url": "https://huggingface.co/barn/Owl-VL-7B"},
        {"name": "Owl-VL-72B", "aliases": [], "weights_url": ""},
    ),
)
BARN = ModelNames(slug="barn", name="Barn_Net", aliases=("BN",), weights=("https://huggingface.co/barn/net",))
TWIN = ModelNames(slug="twin", name="Twin", aliases=("Shared",))
OTHER_TWIN = ModelNames(slug="other-twin", name="Other", aliases=("Shared",))
BENCH = BenchmarkNames(
    slug="owl-bench",
    name="OwlBench",
    aliases=("OwlZeroShot",),
    huggingface_id="barn/owl-bench",
    metrics=(
        {"name": "hit_rate_at_1", "aliases": ["cv_recall_at_1"], "unit": "fraction"},
        {"name": "accuracy", "aliases": ["acc"], "unit": "percent", "primary": True},
    ),
    splits=({"name": "val", "aliases": ["validation", "DEV"]}, {"name": "test", "aliases": []}),
    parts=({"name": "EN", "aliases": ["english"]}, {"name": "FR", "aliases": []}),
)
PLAIN = BenchmarkNames(slug="plain", name="Plain", metrics=({"name": "a", "aliases": []}, {"name": "b", "aliases": []}))
NAMES = KnownNames([OWL, BARN, TWIN, OTHER_TWIN], [BENCH, PLAIN])


def stated(**fields: Any) -> StatedResult:
    about = {"model": ("Owl-VL-7B",), "benchmark": ("OwlBench",), "metric": ("accuracy",), "value": "1", "locator": "x"}
    return StatedResult(**{**about, **fields})


def found(**fields: Any) -> Match:
    about = {
        "model": "owl-vl",
        "variant": "7B",
        "benchmark": "owl-bench",
        "part": "",
        "split": "",
        "metric": "accuracy",
    }
    return Match(**{**about, **fields})


@pytest.mark.parametrize(
    ("given", "model", "variant"),
    [
        ("Owl-VL 7B", "owl-vl", "7B"),
        ("owl_vl_7b", "owl-vl", "7B"),
        ("Owl-VL-Small", "owl-vl", "7B"),
        ("barn/Owl-VL-7B", "owl-vl", "7B"),
        ("Owl-VL-72B", "owl-vl", "Owl-VL-72B"),
        ("Owl-VL", "owl-vl", ""),
        ("BN", "barn", ""),
        ("barn/net", "barn", ""),
    ],
)
def test_a_model_is_found_by_name_alias_size_or_weights(given: str, model: str, variant: str) -> None:
    assert match(stated(model=(given,)), NAMES) == found(model=model, variant=variant)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("Owl-VL-8B",), "is not in the catalogue under this name"),
        (("7B",), "is not in the catalogue under this name"),
        (("Shared",), "is the name of several: Other, Twin"),
        (("Owl-VL-7B", "BN"), "its names are those of different entries"),
    ],
)
def test_a_model_that_is_not_found_once_is_unmatched(given: tuple[str, ...], reason: str) -> None:
    assert match(stated(model=given), NAMES) == Unmatched("model", " = ".join(given), reason)


def test_a_second_name_tells_apart_what_the_first_does_not() -> None:
    assert match(stated(model=("Shared", "Twin")), NAMES) == found(model="twin", variant="")


@pytest.mark.parametrize("given", [("Owl-VL", "barn/Owl-VL-7B"), ("barn/Owl-VL-7B", "Owl-VL")])
def test_the_name_of_a_model_agrees_with_that_of_its_variant(given: tuple[str, ...]) -> None:
    assert match(stated(model=given), NAMES) == found()


def test_the_name_of_a_benchmark_agrees_with_one_that_has_its_split() -> None:
    assert match(stated(benchmark=("OwlBench", "owlbench_val", "OwlBench EN")), NAMES) == found(split="val", part="EN")


@pytest.mark.parametrize(
    ("given", "split", "part"),
    [
        ("OwlZeroShot", "", ""),
        ("barn/owl-bench", "", ""),
        ("owlbench_val", "val", ""),
        ("OwlBench_DEV_EN", "val", "EN"),
        ("OwlBench EN test", "test", "EN"),
        ("owlbench_fr", "", "FR"),
    ],
)
def test_a_benchmark_is_found_with_the_split_and_part_in_its_name(given: str, split: str, part: str) -> None:
    assert match(stated(benchmark=(given,)), NAMES) == found(split=split, part=part)


def test_split_part_and_metric_get_their_listed_names() -> None:
    one = stated(split="validation", part="English", metric=("cv_recall_at_1",))

    assert match(one, NAMES) == found(split="val", part="EN", metric="hit_rate_at_1")


@pytest.mark.parametrize(
    ("fields", "about", "reason"),
    [
        ({"split": "train"}, "split", "is no split of OwlBench (it lists val, test); add it there first"),
        ({"part": "DE"}, "part", "is no part of OwlBench (it lists EN, FR); add it there first"),
        (
            {"metric": ("f1",)},
            "metric",
            "is no metric of OwlBench (it lists hit_rate_at_1, accuracy); add it there first",
        ),
        ({"benchmark": ("OwlBench val",), "split": "test"}, "split", "but the name of the benchmark says val"),
        ({"metric": ("acc", "hit_rate_at_1")}, "metric", "its names are those of accuracy, hit_rate_at_1"),
        (
            {"benchmark": ("Plain",), "split": "test"},
            "split",
            "is no split of Plain (it lists none); add it there first",
        ),
        ({"benchmark": ("Plain",), "metric": ()}, "metric", "is not named, and Plain has several or none"),
    ],
)
def test_what_a_benchmark_does_not_list_is_unmatched(fields: dict[str, Any], about: str, reason: str) -> None:
    given = fields.get(about, ())
    name = " = ".join(given) if isinstance(given, tuple) else given

    assert match(stated(**fields), NAMES) == Unmatched(about, name, reason)


@pytest.mark.parametrize("fields", [{"metric": ("nauc",)}, {"part": "AR"}, {"model": ("?",)}, {"benchmark": ("?",)}])
def test_what_stands_beside_the_main_score_is_left_out_unless_it_is_matched(fields: dict[str, Any]) -> None:
    assert match(stated(main=False, **fields), NAMES) is None


def test_a_split_that_the_format_alone_tells_is_left_out_where_it_is_not_listed() -> None:
    told: dict[str, Any] = {"inferred": (("split", "There is one set."),)}

    assert match(stated(split="test", **told), NAMES) == found(split="test", **told)
    assert match(stated(split="test-2", **told), NAMES) == found()
    assert isinstance(match(stated(split="test-2"), NAMES), Unmatched)


def test_without_a_metric_the_primary_one_is_inferred() -> None:
    assert match(stated(metric=()), NAMES) == found(inferred=(("metric", ONLY_METRIC),))


@pytest.mark.parametrize(
    ("joined", "expected"),
    [
        ("Owl-VL-7B_OwlBench_DEV_EN", found(split="val", part="EN")),
        ("Barn_Net_OwlBench", found(model="barn", variant="")),
        ("Owl-VL-7B_OwlBench_gpt-4-turbo", found(judge="gpt-4-turbo")),
        ("Owl-VL-7B_OwlBench_V2", Unmatched("model", "Owl-VL-7B_OwlBench_V2", "names no known model and data set")),
        ("a_" * 30 + "b", Unmatched("model", "a_" * 30 + "b", "has too many parts to tell model and data set apart")),
    ],
)
def test_joined_names_are_told_apart_by_known_names(joined: str, expected: object) -> None:
    assert match(stated(model=(), benchmark=(), joined=joined), NAMES) == expected


def test_near_names_are_suggested() -> None:
    assert suggestions(Unmatched("model", "Owl-VL-73B", ""), NAMES) == ["Owl-VL 7B", "Owl-VL-72B", "Owl-VL"]
    assert suggestions(Unmatched("metric", "acc", ""), NAMES) == []
