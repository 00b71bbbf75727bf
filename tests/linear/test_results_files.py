"""Reading and matching results files takes time in proportion to them."""

import gc
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.matching import match
from catalog.exchange.results.names import BenchmarkNames, KnownNames, ModelNames
from catalog.exchange.results.previewing import matched, preview
from catalog.exchange.results.stated import StatedResult, UnreadableFile
from catalog.exchange.results.tables.grids import read_grid
from catalog.exchange.results.tables.reading import Said, read_table
from tests.catalog.exchange.results import samples
from tests.linear import growth

SCORE = {"accuracy": 0.5, "main_score": 0.5, "hf_subset": "default"}
ROWS = samples.OPEN_CLIP.splitlines(keepends=True)
CARD = samples.HF_EVAL_RESULTS
BOARD_ROW = samples.MMMU_BOARD["leaderboardData"][1]
EVALUATIONS: Any = samples.EVERY_EVAL_EVER["evaluation_results"]
CONTENTS: dict[str, Callable[[int], str]] = {
    "mteb": lambda size: json.dumps({"task_name": "Owl", "scores": {"test": [SCORE] * size}}),
    "open_clip": lambda size: ROWS[0] + ROWS[1] * size,
    "mmmu_board": lambda size: json.dumps({"leaderboardData": [BOARD_ROW] * size}),
    "lmms_eval": lambda size: json.dumps(
        {**samples.LMMS_EVAL, "results": {f"t{n}": {"acc,none": 0.5} for n in range(size)}}
    ),
    "vlmevalkit": lambda size: 'split,Overall\n' + "dev,0.5\n" * size,
    "hf_eval_results": lambda size: CARD * size,
    "model_index": lambda size: "---\nmodel-index:\n" + "- name: a\n  results: []\n" * size + "---\n",
    "every_eval_ever": lambda size: json.dumps({**samples.EVERY_EVAL_EVER, "evaluation_results": EVALUATIONS * size}),
}  # fmt: skip
HOSTILE: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "braces": lambda size: '{"a":' * size,
    "quotes": lambda size: '"' * size,
    "anchors": lambda size: "".join(f"- &a{n} x\n" for n in range(size)),
    "aliases": lambda size: "- &a x\n" + "- *a\n" * size,
    "dashes": lambda size: "- " * size,
    "fences": lambda size: "---\n" * size,
    "commas": lambda size: "," * size,
    "digits": lambda size: "1" * size,
    "colons": lambda size: "a:\n" * size,
}


@pytest.fixture(autouse=True)
def without_garbage_collection() -> Iterator[None]:
    """What it takes depends on all that the process holds."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def reader(name: str) -> Callable[[bytes], object]:
    """A call that reads bytes in a format, well-formed or not."""

    def read(data: bytes) -> object:
        try:
            return FORMATS[name].read(data, samples.FILES[name][1])
        except UnreadableFile as error:
            return error

    return read


@pytest.mark.parametrize("name", CONTENTS)
def test_a_long_file_is_read_in_proportion(name: str) -> None:
    assert growth.ratio(reader(name), lambda size: CONTENTS[name](size).encode(), 250, 1_000) <= growth.MAX_RATIO


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_file_that_is_made_to_be_slow_is_not(name: str, hostile: str) -> None:
    ratio = growth.ratio(reader(name), lambda size: HOSTILE[hostile](size).encode(), 5_000, 20_000)

    assert ratio <= growth.MAX_RATIO


TABLES: dict[str, Callable[[int], str]] = {
    "tsv": lambda size: "Model\tBench 0\n" + "Model 1\t61.0\n" * size,
    "markdown": lambda size: "| Model | Bench 0 |\n|--|--|\n" + "| **Model 1** | [61.0](x)† |\n" * size,
    "latex": lambda size: "\\begin{tabular}{lc}\nModel & Bench 0 \\\\\n" + "\\textbf{Model 1} & 61.0 \\\\\n" * size,
    "braces": lambda size: "a & b \\\\ {" + "{}" * size,
    "marks": lambda size: "a & b \\\\ c &" + "†" * size,
    "emphasis": lambda size: "|a|b|\n|-|-|\n|" + "*_**" * size + "|1|",
    "tags": lambda size: "|a|b|\n|-|-|\n|" + "<b " * size + "|1|",
    "links": lambda size: "|a|b|\n|-|-|\n|" + "[](" * size + "|1|",
    "backslashes": lambda size: "a & b " + "\\" * size,
    "percents": lambda size: "a & b \\\\" + "%" * size,
    "begins": lambda size: "\\begin" * size,
    "dashes": lambda size: "|-" * size,
    "pipes": lambda size: "a,b\n" + "|" * size,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_in_proportion(name: str) -> None:
    def read(text: str) -> object:
        try:
            return list(read_table(read_grid(text), KnownNames(models(5), benchmarks(5)), Said()))
        except UnreadableFile as error:
            return error

    assert growth.ratio(read, TABLES[name], 100, 400) <= growth.MAX_RATIO


METRIC = {"name": "acc", "aliases": [], "unit": "percent", "minimum": "", "maximum": ""}


def models(count: int) -> list[ModelNames]:
    return [
        ModelNames(slug=f"m{n}", name=f"Model {n}", variants=({"name": "7B", "aliases": []},)) for n in range(count)
    ]


def benchmarks(count: int) -> list[BenchmarkNames]:
    listed: Any = {"metrics": (METRIC,), "splits": ({"name": "val", "aliases": ["dev"]},)}
    return [BenchmarkNames(slug=f"b{n}", name=f"Bench {n}", **listed) for n in range(count)]


def test_names_are_built_in_proportion() -> None:
    assert growth.ratio(lambda size: KnownNames(models(size), benchmarks(size)), lambda size: size) <= growth.MAX_RATIO


def test_results_are_matched_and_previewed_in_proportion() -> None:
    names = KnownNames(models(20), benchmarks(20))

    def stated(size: int) -> list[StatedResult]:
        about: dict[str, Any] = {
            "metric": ("acc",),
            "locator": "x",
            "source_url": "https://e.org/x",
            "scale": "percent",
        }
        return [
            StatedResult(model=(f"model-{n % 20} 7B",), benchmark=(f"bench_{n // 20 % 20}_dev",), value=f"{n}", **about)
            for n in range(size)
        ]

    def previewed(rows: list[StatedResult]) -> object:
        return [preview(matched(rows[at : at + 300], names), names, []) for at in range(0, len(rows), 300)]

    assert growth.ratio(previewed, stated) <= growth.MAX_RATIO


def test_a_joined_name_is_told_apart_in_bounded_time() -> None:
    names = KnownNames(models(20), benchmarks(20))

    def apart(joined: str) -> object:
        return match(StatedResult(joined=joined, value="1", locator="x"), names)

    assert growth.ratio(apart, lambda size: "a_" * (size // 2) + "b", 100, 400) <= growth.MAX_RATIO
