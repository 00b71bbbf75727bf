"""The table of variants on a model's page: no number twice, no empty column."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.kinds.paper.form import VariantRow
from catalog.kinds.paper.variants import ROWS_OPEN, UNITS, Variant, parameters_in, variant_of, variants_of
from tests.factories import make_paper, make_revision
from tests.linear import growth


def row(**values: Any) -> dict[str, Any]:
    return VariantRow.empty() | values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7B", "7e9"),
        ("~149.62M", "149620000"),
        ("4.5B activated", "4.5e9"),
        ("203,447,810 parameters", "203447810"),
        ("1.2 billion params", "1.2e9"),
        *((f"3 {word}", f"3e{power}") for word, power in UNITS.items() if word),
        *((f"3{word.upper()}", f"3e{power}") for word, power in UNITS.items() if word),
        ("7", None),
        ("ViT-B/32", None),
        ("12B plus a 400M vision encoder", None),
        ("1065.36 GFLOPs", None),
        ("", None),
    ],
)
def test_a_text_is_a_number_of_parameters_or_says_more(text: str, number: str | None) -> None:
    found = parameters_in(text)
    assert (found and float(found.number)) == (number and float(number))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("149.62M", "0.14962B", True),
        ("2539.57M", "2,539,567,105 parameters", True),
        ("27B", "27.4B", True),
        ("27B", "27.6B", False),
        ("7B", "8.29B", False),
        ("7B", "7M", False),
    ],
)
def test_numbers_are_the_same_as_far_as_both_are_printed(one: str, other: str, same: bool) -> None:
    first, second = parameters_in(one), parameters_in(other)
    assert first is not None
    assert second is not None
    assert (first.is_same(second), second.is_same(first)) == (same, same)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (
            {
                "name": "ViT-bigG-14",
                "total_b": "2.53957",
                "as_stated": "2539.57M",
                "licence": "MIT",
                "note": "2,539,567,105 parameters; 1065.36 GFLOPs",
            },
            {
                "name": "ViT-bigG-14",
                "parameters": "2539.57M",
                "exact": "2,539,567,105",
                "licence": "MIT",
                "note": "1065.36 GFLOPs",
            },
        ),
        ({"name": "A", "total_b": "27.4", "as_stated": "27B"}, {"name": "A", "parameters": "27.4B"}),
        ({"name": "A", "total_b": "27.4", "note": "27B parameters"}, {"name": "A", "parameters": "27.4B"}),
        (
            {"name": "A", "total_b": "27.5", "active_b": "4.5", "as_stated": "4.5B activated"},
            {"name": "A", "parameters": "27.5B", "active": "4.5B"},
        ),
        ({"name": "A", "total_b": "8.29", "as_stated": "7B"}, {"name": "A", "parameters": "8.29B", "stated": "7B"}),
        ({"name": "A 7B", "total_b": "8.29", "as_stated": "7B"}, {"name": "A 7B", "parameters": "8.29B"}),
        ({"name": "A 7B", "as_stated": "7B"}, {"name": "A 7B", "stated": "7B"}),
        (
            {"name": "A-17B", "total_b": "17", "as_stated": "7B"},
            {"name": "A-17B", "parameters": "17B", "stated": "7B"},
        ),
        ({"name": "A-1.7B", "total_b": "2", "as_stated": "7B"}, {"name": "A-1.7B", "parameters": "2B", "stated": "7B"}),
        ({"name": "Large", "as_stated": "Lar"}, {"name": "Large", "stated": "Lar"}),
        ({"name": "A", "total_b": "3", "as_stated": "3 billion total"}, {"name": "A", "parameters": "3 billion"}),
        ({"total_b": "7", "as_stated": "7B"}, {"name": "7B"}),
        ({"name": "A", "total_b": "0.15128"}, {"name": "A", "parameters": "151.28M"}),
        ({"name": "A", "total_b": "0.5"}, {"name": "A", "parameters": "0.5B"}),
        ({"name": "CLIP ViT-B/32", "as_stated": "ViT-B/32"}, {"name": "CLIP ViT-B/32"}),
        (
            {"name": "A", "weights_url": "https://huggingface.co/a/b"},
            {"name": "A", "weights_url": "https://huggingface.co/a/b", "weights": "Hugging Face"},
        ),
        (
            {"name": "A", "weights_url": "https://www.example.org/b"},
            {"name": "A", "weights_url": "https://www.example.org/b", "weights": "example.org"},
        ),
    ],
)
def test_the_same_number_is_said_once(values: dict[str, str], shown: dict[str, str]) -> None:
    assert variant_of(row(**values)) == Variant(**shown)


@pytest.mark.parametrize("piece", ["1", "1,111", ",111", " ", ".1", "1 billion ", "~", "total "])
def test_a_long_text_is_read_in_proportion_to_it(piece: str) -> None:
    with growth.processor_limit():
        assert growth.ratio(parameters_in, lambda size: f"1{piece * size}!") <= growth.MAX_RATIO


@pytest.mark.parametrize("piece", ["7B ", "7", "a.", "(", "B7"])
def test_whether_a_long_name_says_it_is_found_in_proportion_to_it(piece: str) -> None:
    def shown(size: int) -> Variant:
        return variant_of(row(name=f"{piece * size}!", as_stated="7B"))

    with growth.processor_limit():
        assert growth.ratio(shown, lambda size: size) <= growth.MAX_RATIO


def test_sizes_alone_need_no_table() -> None:
    assert variants_of([row(as_stated="7B", total_b="7"), row(as_stated="13B")]) is None
    assert variants_of([]) is None


@pytest.mark.django_db
class TestPage:
    def page(self, *rows: dict[str, Any]) -> str:
        make_paper(name="Model")
        make_revision("paper", entry=None, name="Model B", variants=list(rows))
        return Client().get("/papers/model-b/").content.decode()

    def test_it_has_the_columns_that_any_variant_fills(self) -> None:
        html = self.page(row(name="Small", total_b="7"), row(name="Large", licence="MIT"))
        (table,) = re.findall(r'<table class="variants" role="table">.*?</table>', html, re.DOTALL)
        assert re.findall(r'<th scope="(\w+)" role="\w+">(.*?)</th>', table) == [
            ("col", "Name"),
            ("col", "Parameters"),
            ("col", "Licence"),
            ("row", "Small"),
            ("row", "Large"),
        ]
        assert 'id="fact-variants"' in html
        assert "<dt>Sizes</dt>" not in html

    def test_the_exact_number_is_text_and_a_row_without_a_name_says_so(self) -> None:
        exact = "2,539,567,105"
        html = self.page(row(total_b="2.53957", as_stated="2539.57M", note=f"{exact} parameters"), row(total_b="7"))
        (table,) = re.findall(r'<table class="variants" role="table">.*?</table>', html, re.DOTALL)
        words = " ".join(re.sub(r"<[^>]*>", " ", table).split())
        assert words.endswith(f"2539.57M {exact} not named 7B")

    def test_sizes_alone_are_a_fact(self) -> None:
        html = self.page(row(as_stated="7B"), row(as_stated="13B"))
        assert 'class="variants"' not in html
        assert "<dt>Sizes</dt>" in html

    def test_the_first_twelve_are_open(self) -> None:
        html = self.page(*(row(name=f"V{number}") for number in range(ROWS_OPEN + 2)))
        shown, folded = re.findall(r'<table class="variants" role="table">.*?</table>', html, re.DOTALL)
        assert (shown.count('scope="row"'), folded.count('scope="row"')) == (ROWS_OPEN, 2)
        assert "<summary>Show all 14</summary>" in html

    def test_its_sources_are_shown(self) -> None:
        html = self.page(row(name="Small"))
        (section,) = re.findall(r'id="fact-variants">.*?</section>', html, re.DOTALL)
        assert 'class="src' in section
