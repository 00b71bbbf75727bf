"""What each format of results files states, as plain values."""

from pathlib import PurePath
from typing import Any

import pytest

from catalog.exchange.results import formats
from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.formats.mmmu_board import ONE_SET
from catalog.exchange.results.formats.mmmu_board import REASON as MMMU_REASON
from catalog.exchange.results.formats.open_clip import OF_TEST
from catalog.exchange.results.formats.open_clip import REASON as OPEN_CLIP_REASON
from catalog.exchange.results.formats.vlmevalkit import REASON as VLMEVALKIT_REASON
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from tests.catalog.exchange.results import samples


def read(name: str, data: str | None = None, path: str = "") -> list[Stated]:
    sample, place = samples.FILES[name]
    return FORMATS[name].read(sample if data is None else data.encode(), PurePath(path) if path else place)


def refusal(name: str, data: str | None = None, path: str = "") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(name, data, path)
    return str(refused.value)


def test_mteb_states_the_main_score_under_its_metric_and_the_others_beside_it() -> None:
    about: dict[str, Any] = {
        "model": ("barn/owl-large",),
        "model_revision": "m1",
        "benchmark": ("OwlZeroShot",),
        "data_revision": "d1",
        "harness": "MTEB",
        "harness_version": "1.99.0",
        "scale": "fraction",
        "measured_by": "third-party",
        "split": "test",
    }
    assert read("mteb") == [
        StatedResult(metric=("accuracy",), value="0.6100", locator="scores.test[0].accuracy", **about),
        StatedResult(metric=("f1",), value="0.5", locator="scores.test[0].f1", main=False, **about),
        StatedResult(metric=("accuracy",), value="0.25", locator="scores.test[1].accuracy", part="fr", **about),
        Skipped("scores.test[1].f1", "no number: None"),
    ]


def test_mteb_skips_what_has_no_number_or_a_main_score_without_a_name() -> None:
    scores = '{"task_name": "Owl", "scores": {"test": [{"main_score": NaN}, {"main_score": 0.5, "f1": 0.4}]}}'

    assert [row for row in read("mteb", scores) if isinstance(row, Skipped)] == [
        Skipped("scores.test[0].main_score", "no number: NaN"),
        Skipped("scores.test[1].main_score", "equals none of the metrics that are named beside it"),
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("barn__owl/external/Owl.json", "copied from model cards by MTEB"),
        ("barn__owl/no_revision_available/Owl.json", "the revision of the model is not known"),
    ],
)
def test_mteb_skips_folders_without_a_revision(path: str, reason: str) -> None:
    assert read("mteb", path=path) == [Skipped(path, reason)]


def test_mteb_skips_the_description_of_a_model() -> None:
    assert read("mteb", path="barn__owl/m1/model_meta.json") == [
        Skipped("model_meta.json", "describes the model, holds no results")
    ]


def test_open_clip_states_a_checkpoint_and_the_main_metric_of_each_data_set() -> None:
    about: dict[str, Any] = {
        "model": ("ViT-Owl-14 barn2b",),
        "harness": "open_clip",
        "scale": "fraction",
        "measured_by": "third-party",
        "split": "test",
    }
    inferred = (("metric", OPEN_CLIP_REASON), OF_TEST)
    of_test: dict[str, Any] = {"inferred": (OF_TEST,)}
    retrieval: dict[str, Any] = {"benchmark": ("Nest",), "metric": ("Image retrieval R@5",), **of_test}
    jaccard: dict[str, Any] = {"benchmark": ("WinoGAViL",), "metric": ("jaccard score",), "part": "10-12", **of_test}
    assert read("open_clip") == [
        Skipped('row 2, column "Average perf. on 3 datasets"', "an average of other columns"),
        StatedResult(
            benchmark=("Owl 1k",),
            metric=("acc1",),
            value="0.6100",
            locator='row 2, column "Owl 1k"',
            inferred=inferred,
            **about,
        ),
        StatedResult(
            benchmark=("Caltech-101",),
            metric=("mean_per_class_recall",),
            value="0.7200",
            locator='row 2, column "Caltech-101"',
            inferred=inferred,
            **about,
        ),
        StatedResult(value="0.8300", locator='row 2, column "Nest image retr. R@5"', **retrieval, **about),
        Skipped('row 2, column "WinoGAViL avg jaccard score"', "an average of other columns"),
        StatedResult(value="0.4400", locator='row 2, column "WinoGAViL jaccard score 10-12"', **jaccard, **about),
    ]


def test_open_clip_names_the_sets_for_retrieval_that_two_benchmarks_could_be() -> None:
    table = b"name,pretrained,Flickr text retr. R@1,MSCOCO image retr. R@10\nViT-Owl-14,barn2b,0.9,0.8\n"

    flickr, coco = FORMATS["open_clip"].read(table, PurePath("results.csv"))

    assert isinstance(flickr, StatedResult)
    assert isinstance(coco, StatedResult)
    assert (flickr.benchmark, flickr.metric, flickr.split) == (
        ("Flickr30k Retrieval", "Flickr"),
        ("Text retrieval R@1",),
        "test",
    )
    assert (coco.benchmark, coco.metric, coco.split) == (("MSCOCO",), ("Image retrieval R@10",), "5K test")


def test_mmmu_board_states_overall_scores_of_models() -> None:
    about: dict[str, Any] = {
        "model": ("Owl-VL-7B",),
        "metric": ("accuracy",),
        "scale": "percent",
        "reported_on": "2025-01-31",
        "inferred": (("metric", MMMU_REASON),),
    }
    place = "leaderboardData[1]"
    one_set = (*about["inferred"], ("split", ONE_SET))
    pro: dict[str, Any] = {**about, "benchmark": ("MMMU-Pro",), "split": "test", "inferred": one_set}
    assert read("mmmu_board") == [
        Skipped("leaderboardData[0]", "people, not a model"),
        StatedResult(
            benchmark=("MMMU",),
            split="val",
            value="61.0",
            locator=f"{place}.validation.overall",
            measured_by="authors",
            **about,
        ),
        Skipped(f"{place}.test.overall", "no number: -"),
        StatedResult(value="40.10", locator=f"{place}.pro.overall", **pro),
        StatedResult(value="38.0", part="vision", locator=f"{place}.pro.vision", **pro),
    ]


def test_lmms_eval_states_a_task_a_metric_and_a_filter() -> None:
    about: dict[str, Any] = {
        "model": ("barn/Owl-VL-7B", "Owl-VL-7B"),
        "harness": "lmms-eval",
        "harness_version": "0.5.0",
        "evaluated_on": "2026-01-02",
    }
    assert read("lmms_eval") == [
        StatedResult(
            benchmark=("mmmu_val",),
            split="validation",
            metric=("mmmu_acc",),
            value="0.5067",
            scale="fraction",
            shots=0,
            locator='results.mmmu_val["mmmu_acc,none"]',
            **about,
        ),
        StatedResult(
            benchmark=("owlqa",),
            split="test",
            metric=("exact_match",),
            value="0.81220",
            scale="fraction",
            standard_error="0.007",
            sample_size=300,
            shots=5,
            setting="filter strict",
            locator='results.owlqa["exact_match,strict"]',
            **about,
        ),
        StatedResult(
            benchmark=("nests",),
            metric=("nest_score",),
            value="611.07",
            locator='results.nests["nest_score,none"]',
            **about,
        ),
        Skipped('results.nests["broken,none"]', "no number: N/A"),
        Skipped("results.part_of", "measured on 10 of 300 items"),
        Skipped("results.group", "an average of other tasks"),
    ]


def test_lmms_eval_skips_a_run_on_a_part_of_the_items() -> None:
    limited = samples.LMMS_EVAL_TEXT.replace('"limit": null', '"limit": 8')

    assert read("lmms_eval", limited) == [Skipped("config.limit", "a run on a part of the items (limit 8)")]


def test_lmms_eval_reads_arguments_as_an_object_too_and_a_limit_below_zero_as_none() -> None:
    data = samples.LMMS_EVAL_TEXT.replace('"limit": null', '"limit": -1')
    data = data.replace('"pretrained=barn/Owl-VL-7B,max_pixels=9"', '{"pretrained": "barn/Owl-VL-7B", "max_pixels": 9}')
    data = data.replace('"gen_kwargs": ""', '"gen_kwargs": {"temperature": 0, "do_sample": false}')

    first = read("lmms_eval", data)[0]

    assert isinstance(first, StatedResult)
    assert (first.model, first.decoding) == (("barn/Owl-VL-7B", "Owl-VL-7B"), "temperature=0, do_sample=False")


def test_vlmevalkit_states_accuracies_by_split_and_ability() -> None:
    about: dict[str, Any] = {
        "model": ("Owl_VL",),
        "benchmark": ("OwlBench_DEV",),
        "harness": "VLMEvalKit",
        "metric": ("accuracy",),
        "scale": "fraction",
        "inferred": (("metric", VLMEVALKIT_REASON),),
    }
    assert read("vlmevalkit") == [
        StatedResult(value="0.8010", split="dev", locator='row 2, column "Overall"', **about),
        StatedResult(value="0.7000", split="dev", locator='row 2, column "AR"', part="AR", main=False, **about),
        StatedResult(value="0.5", locator='row 3, column "Overall"', **about),
        Skipped('row 3, column "AR"', "no number: N/A"),
    ]


def test_vlmevalkit_keeps_names_joined_that_no_folder_tells_apart() -> None:
    scores = read("vlmevalkit", samples.VLMEVALKIT_SCORE, "Owl_VL_OwlBench_score.csv")

    about: dict[str, Any] = {"joined": "Owl_VL_OwlBench", "harness": "VLMEvalKit"}
    assert scores == [
        StatedResult(metric=("perception",), value="1600.10", locator='row 2, column "perception"', **about),
        StatedResult(metric=("reasoning",), value="500.0", locator='row 2, column "reasoning"', **about),
    ]


def test_hf_eval_results_states_values_of_the_repository() -> None:
    assert read("hf_eval_results") == [
        StatedResult(
            model=("barn/Owl-VL-7B",),
            benchmark=("barn/Owl-Bench",),
            data_revision="d1",
            value="58.60",
            locator="[0].value",
            reported_on="2026-01-02",
            source_url="https://owl.example.org/report",
            setting="no-tools",
        ),
        Skipped("[1].value", "no number: .nan"),
    ]


def test_model_index_states_the_metrics_of_each_data_set() -> None:
    assert read("model_index") == [
        StatedResult(
            model=("Owl-VL-7B",),
            benchmark=("Owl Bench", "barn/Owl-Bench"),
            metric=("accuracy", "Accuracy"),
            split="test",
            data_revision="d1",
            value="58.60",
            locator="model-index[0].results[0].metrics[0].value",
            source_url="https://owl.example.org/report",
            measured_by="authors",
        ),
        Skipped("model-index[0].results[0].metrics[1].value", "no number: N/A"),
    ]


def test_every_eval_ever_states_the_printed_string_and_the_conditions() -> None:
    assert read("every_eval_ever") == [
        StatedResult(
            model=("barn/Owl-VL-7B", "Owl-VL-7B"),
            model_revision="m1",
            benchmark=("Owl Bench",),
            metric=("accuracy",),
            part="hard",
            split="test",
            data_revision="d1",
            value="0.6100",
            scale="fraction",
            standard_error="0.010",
            sample_size=100,
            shots=5,
            adaptation="few-shot",
            chain_of_thought=True,
            harness="owl-eval",
            measured_by="authors",
            evaluated_on="2026-01-02",
            source_url="https://owl.example.org/report",
            locator="evaluation_results[0].score_details.score",
        )
    ]


@pytest.mark.parametrize(
    ("name", "data", "path", "message"),
    [
        ("mteb", '{"task_name": 5}', "Owl.json", "The path must name model and revision"),
        ("mteb", '{"scores": {}}', "", "task_name: is missing."),
        ("mteb", '{"task_name": "Owl"}', "", "scores: must be an object, not null."),
        (
            "mteb",
            '{"task_name": "Owl", "scores": {"test": [1]}}',
            "",
            "scores.test[0]: must be an object, not a number.",
        ),
        ("mteb", "{", "", "Not JSON: line 1, column 2"),
        ("mteb", "[" * 100_000, "", "nested too deep"),
        ("mteb", '{"scores": {"test": 1, "test": 2}}', "", "“test” stands twice in one object."),
        ("hf_eval_results", "- a: 1\n  a: 2\n", "", "“a” stands twice in the object that begins on line 1."),
        ("open_clip", "name,params\nx,1\n", "", "Row 1: the column “pretrained” is missing."),
        ("open_clip", "name,pretrained\nx\n", "", "Row 2: has 1 cells, but the header has 2."),
        ("open_clip", "name,name\n", "", "Row 1: the column “name” stands there twice."),
        ("open_clip", 'name,pretrained\n"x', "", "Not CSV: line 2"),
        ("open_clip", "", "", "The file is empty."),
        ("mmmu_board", '{"leaderboardData": [{}]}', "", "leaderboardData[0].info: must be an object, not null."),
        ("lmms_eval", '{"results": {}}', "", "The file names no model"),
        ("vlmevalkit", "a\n1\n", "scores.csv", "The file must be called"),
        ("hf_eval_results", "- 1\n", "", "[0]: must be an object, not text."),
        ("hf_eval_results", "[]", "owl.yaml", "The path must name the model"),
        ("hf_eval_results", "- a: [\n", "", "Not YAML: line 2"),
        ("hf_eval_results", "[" * 60, "", "Line 1: more levels than the 50 that are read."),
        ("model_index", "---\nx: 1\n", "", "Line 1: the front matter that begins here has no end."),
        ("model_index", "x: 1\n", "", "model-index: must be a list, not null."),
        ("every_eval_ever", '{"schema_version": "0.2.0"}', "", "schema_version: is 0.2.0; 0.3 is read."),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(name: str, data: str, path: str, message: str) -> None:
    assert message in refusal(name, data, path)


def test_aliases_of_yaml_are_bounded() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))

    assert "more aliases than the 100 that are read" in refusal("model_index", bomb)


def test_a_file_may_not_hold_more_values_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_RESULTS", 2)

    assert refusal("mteb") == "The file holds more than 2 values."


def test_a_file_may_not_be_larger_than_the_limit() -> None:
    assert refusal("mmmu_board", " " * 20_000_001) == "The file has 20,000,001 bytes; at most 20,000,000 are read."


def test_a_file_that_is_no_utf8_text_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"Not UTF-8 text \(byte 0\)."):
        FORMATS["mmmu_board"].read(b"\xff\xfe", PurePath("x.json"))


def test_null_in_yaml_is_not_stated() -> None:
    data = samples.MODEL_INDEX.replace("config: default", "config: null").replace("revision: d1", "revision: ~")

    assert [(row.part, row.data_revision) for row in read("model_index", data) if isinstance(row, StatedResult)] == [
        ("", "")
    ]


def test_an_exponent_is_kept_as_printed() -> None:
    scores = '{"task_name": "Owl", "scores": {"test": [{"main_score": 1.50e-05, "f1": 1.50e-05}]}}'

    assert [row.value for row in read("mteb", scores) if isinstance(row, StatedResult)] == ["1.50e-05"]
