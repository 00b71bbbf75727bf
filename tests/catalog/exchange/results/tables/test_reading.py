"""What a table states: which way round it is, what its headings name, and one result for each cell with a number."""

from typing import Any

import pytest

from catalog.exchange.results.names import BenchmarkNames, KnownNames, ModelNames, Place
from catalog.exchange.results.previewing import Outcome, matched, preview
from catalog.exchange.results.stated import Skipped, StatedResult, UnreadableFile
from catalog.exchange.results.tables.grids import read_grid
from catalog.exchange.results.tables.headings import Column, columns_named
from catalog.exchange.results.tables.reading import Said, WhichWay, read_table

ACCURACY = {"name": "accuracy", "aliases": ["Acc."], "unit": "percent", "minimum": "0", "maximum": "100"}


def row(name: str, *aliases: str) -> dict[str, Any]:
    return {"name": name, "aliases": list(aliases)}


def names() -> KnownNames:
    return KnownNames(
        [
            ModelNames(slug="owl", name="Owl", variants=(row("Owl-7B", "7B"), row("Owl-72B", "72B"))),
            ModelNames(slug="tern", name="Tern"),
            ModelNames(slug="kite", name="Kite"),
        ],
        [
            BenchmarkNames(
                slug="mmmu", name="MMMU", metrics=(ACCURACY,), splits=(row("val", "validation"), row("test"))
            ),
            BenchmarkNames(slug="mmmu-pro", name="MMMU-Pro", metrics=(ACCURACY,), parts=(row("vision"),)),
            BenchmarkNames(
                slug="flickr30k",
                name="Flickr30k",
                metrics=({**ACCURACY, **row("R@1")}, {**ACCURACY, **row("R@5")}),
                parts=(row("image retrieval"), row("text retrieval")),
            ),
        ],
    )


def read(text: str, **said: Any) -> list[StatedResult | Skipped]:
    return list(read_table(read_grid(text), names(), Said(**said)))


def cells(text: str, **said: Any) -> list[tuple[Any, ...]]:
    """Model, benchmark, split, part, metric and value of what is matched; else what is not."""
    known = names()
    stated = [one for one in read_table(read_grid(text), known, Said(**said)) if isinstance(one, StatedResult)]
    shown = list[tuple[Any, ...]]()
    for pair in matched(stated, known):
        match: Any = pair.match
        if hasattr(match, "reason"):
            shown.append((match.about, match.name, match.reason))
        else:
            where = (match.benchmark, match.split, match.part, match.metric)
            shown.append((match.variant or match.model, *where, pair.stated.value))
    return shown


def test_each_cell_is_a_result_with_its_place() -> None:
    stated = read("Model\tMMMU, val\tMMMU-Pro\nOwl 7B\t**61.0**\t-\nTern\t58.0†\t40.1%\n", place="Table 3")

    assert [(one.model, one.value, one.scale, one.locator, one.marks, one.notes) for one in stated] == [  # type: ignore[union-attr]
        (("Owl 7B",), "61.0", "", "Table 3, row 1, column MMMU, val", ("bold",), ""),
        (("Tern",), "58.0", "", "Table 3, row 2, column MMMU, val", ("†",), "The table prints beside it: †."),
        (("Tern",), "40.1", "percent", "Table 3, row 2, column MMMU-Pro", (), ""),
    ]


@pytest.mark.parametrize("turned", [False, True], ids=["models as rows", "models as columns"])
def test_models_may_be_rows_or_columns(turned: bool) -> None:
    rows = [["Model", "MMMU (val)", "MMMU-Pro vision"], ["Owl 7B", "61.0", "38.0"], ["Tern", "58.0", "40.1"]]
    table = list(zip(*rows, strict=True)) if turned else rows

    assert sorted(cells("\n".join("\t".join(line) for line in table))) == [
        ("Owl-7B", "mmmu", "val", "", "accuracy", "61.0"),
        ("Owl-7B", "mmmu-pro", "", "vision", "accuracy", "38.0"),
        ("tern", "mmmu", "val", "", "accuracy", "58.0"),
        ("tern", "mmmu-pro", "", "vision", "accuracy", "40.1"),
    ]


def test_which_way_round_is_a_question_if_no_name_tells() -> None:
    text = "x\tA\tB\nC\t1\t2\nD\t3\t4"

    with pytest.raises(WhichWay):
        read(text)
    assert [one.model for one in read(text, models_in="columns")] == [("A",), ("A",), ("B",), ("B",)]  # type: ignore[union-attr]
    assert [one.model for one in read(text, models_in="rows")] == [("C",), ("C",), ("D",), ("D",)]  # type: ignore[union-attr]


def test_headings_in_two_rows_name_benchmark_and_metric() -> None:
    text = "\tFlickr30k image retrieval\tFlickr30k image retrieval\tMMMU\nModel\tR@1\tR@5\ttest\nTern\t61.0\t72.0\t33.1"

    assert cells(text) == [
        ("tern", "flickr30k", "", "image retrieval", "R@1", "61.0"),
        ("tern", "flickr30k", "", "image retrieval", "R@5", "72.0"),
        ("tern", "mmmu", "test", "", "accuracy", "33.1"),
    ]


def test_columns_may_be_what_a_said_benchmark_lists() -> None:
    assert cells("Model\tval\tTest Acc.\tMMMU-Pro\nTern\t61.0\t60.0\t40.1", benchmark="mmmu") == [
        ("tern", "mmmu", "val", "", "accuracy", "61.0"),
        ("tern", "mmmu", "test", "", "accuracy", "60.0"),
        ("tern", "mmmu-pro", "", "", "accuracy", "40.1"),
    ]


def test_what_is_said_fills_in_what_a_column_does_not_name() -> None:
    text = "Model\tMMMU\tMMMU test\nTern\t0.610\t0.600"

    stated = read(text, split="val", setting="zero-shot", scale="fraction")

    assert [(one.split, one.setting, one.scale) for one in stated] == [  # type: ignore[union-attr]
        ("val", "zero-shot", "fraction"),
        ("", "zero-shot", "fraction"),
    ]
    assert [place for _, _, place, *_ in cells(text, split="val")] == ["val", "test"]


def test_a_size_in_a_column_of_its_own_belongs_to_the_name() -> None:
    text = "Model\tSize\tLLM\tMMMU\nOwl\t7B\tVicuna\t61.0\nOwl\t13B\tVicuna\t62.0\nTern\t\tVicuna\t58.0\n"

    assert cells(text) == [
        ("Owl-7B", "mmmu", "", "", "accuracy", "61.0"),
        ("model", "Owl 13B Vicuna", "is not in the catalogue under this name"),
        ("tern", "mmmu", "", "", "accuracy", "58.0"),
    ]


def test_rows_and_columns_that_hold_no_results_are_left_out_with_the_reason() -> None:
    text = "#\tModel\tMMMU\tAvg.\n1\tTern\t61.0\t60.0\n\tOpen models\t\t\n2\t\t59.0\t1.0\n3\tKite\t64,5\t2.0"
    skipped = [
        one for one in read(text.replace("\tOpen models\t\t", "Open\tOpen\tOpen\tOpen")) if isinstance(one, Skipped)
    ]

    assert [(one.locator, one.reason) for one in skipped] == [
        ("column #", "numbers the rows"),
        ("column Avg.", "an average of other columns"),
        ("row 2", "names no model"),
        ("row 3, column MMMU", "no number: 64,5"),
    ]


def test_unknown_names_are_left_to_matching() -> None:
    assert cells("Model\tMMMU\tNest\nTern\t61.0\t1.0\nGull\t60.0\t") == [
        ("tern", "mmmu", "", "", "accuracy", "61.0"),
        ("benchmark", "Nest", "is not in the catalogue under this name"),
        ("model", "Gull", "is not in the catalogue under this name"),
    ]


def test_a_heading_stands_for_what_was_said_of_it() -> None:
    said = {"Nest": Column(Place("mmmu", split="val"), "accuracy")}

    assert cells("Model\tNest\nTern\t61.0\nKite\t3", columns=said)[0] == (
        "tern",
        *("mmmu", "val", "", "accuracy", "61.0"),
    )


def test_a_share_that_may_be_a_fraction_is_a_question() -> None:
    known = names()
    stated = list(read_table(read_grid("Model\tMMMU\nTern\t0.61"), known, Said()))
    placed = [StatedResult(**{**as_fields(one), "source_url": "https://owl.example.org/"}) for one in stated]

    [previewed] = preview(matched(placed, known), known, [])

    assert previewed.outcome is Outcome.UNMATCHED
    assert previewed.unmatched
    assert previewed.unmatched.about == "scale"


def as_fields(stated: Any) -> dict[str, Any]:
    return {name: getattr(stated, name) for name in StatedResult.__dataclass_fields__}


def test_a_table_without_numbers_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="The table holds no numbers."):
        read("Model\tMMMU\nTern\t-\nKite\tgood")


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("MMMU", {Column(Place("mmmu"))}),
        ("mmmu_val", {Column(Place("mmmu", "val"))}),
        ("MMMU validation Acc.", {Column(Place("mmmu", "val"), "accuracy")}),
        ("Flickr30k text retrieval R@5", {Column(Place("flickr30k", part="text retrieval"), "R@5")}),
        ("MMMU Nest", set()),
        ("val", set()),
        ("", set()),
        ("MMMU " * 13, set()),
    ],
)
def test_a_heading_names_a_benchmark_and_what_it_lists(heading: str, found: set[Column]) -> None:
    assert columns_named(heading, names()) == found


def test_a_heading_that_can_be_read_in_two_ways_is_both() -> None:
    known = KnownNames([], [BenchmarkNames(slug="nest", name="Nest", splits=(row("hard"),), parts=(row("hard"),))])

    assert columns_named("hard", known, "nest") == {
        Column(Place("nest", split="hard")),
        Column(Place("nest", part="hard")),
    }
