"""BibTeX, as another parser reads it and as our own import does."""

import re
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange import bibtex
from catalog.exchange.publications import Author, paper
from catalog.text.latex import plain_text
from catalog.text.person_names import authors_in
from tests.catalog.exchange.papers import FULL_TEXT, envelope

PRINTED = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])


def record_of(**fields: Any) -> str:
    return bibtex.record(paper(envelope(**fields)))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_braces_are_balanced_whatever_the_title(title: str) -> None:
    text = record_of(title=title, authors=[title], year=2024)

    bare = text.replace("\\{", "").replace("\\}", "")
    depth = 0
    for letter in bare:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


@given(
    title=st.text(alphabet=PRINTED, max_size=60),
    names=st.lists(st.text(alphabet=PRINTED, min_size=1, max_size=20).filter(str.strip), max_size=4),
    year=st.none() | st.integers(1900, 2100),
    venue=st.text(alphabet=PRINTED, max_size=30),
    url=st.text(alphabet=PRINTED, max_size=20).map(lambda text: f"https://example.org/{text.strip()}"),
)
def test_any_paper_is_one_record_that_a_parser_reads_back(
    title: str, names: list[str], year: int | None, venue: str, url: str
) -> None:
    links = [{"kind": "paper", "url": url, "label": ""}]

    library = parse_string(record_of(title=title, authors=names, year=year, venue=venue, doi=title, links=links))

    assert (len(library.entries), library.failed_blocks) == (1, [])
    record = {field.key: str(field.value) for field in library.entries[0].fields}
    assert record["url"].startswith("https://example.org/")
    assert record.keys() - {"booktitle", "journal", "howpublished", "note"} <= {"title", "author", "year", "doi", "url"}


@given(st.text(alphabet=PRINTED, max_size=60) | st.text(alphabet="{}^\\~%$#_&<>-`'!?,a; ", max_size=30))
def test_any_text_comes_back_from_our_own_import(text: str) -> None:
    assert plain_text(f"{{{bibtex.escaped(text)}}}") == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "a {b} ^ c",
        "x^{2}",
        "{",
        "}",
        "^",
        "A -- B --- C",
        "``a''",
        "R&amp;D",
        "<i>x</i> < y",
        "$x$ \\alpha 100% #1 ~ _",
    ],
)
def test_signs_of_latex_and_html_come_back(text: str) -> None:
    assert plain_text(f"{{{bibtex.escaped(text)}}}") == text


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "Aaron van den Oord",
        "Martin King Jr.",
        "Gemma Team",
        "Example, Inc.",
        "Research and Development",
    ],
)
def test_a_name_comes_back(name: str) -> None:
    (author,) = paper(envelope(authors=[name])).authors

    assert authors_in(bibtex.author(author)) == ([name], True)


def test_a_name_with_a_suffix_is_in_the_parts_of_bibtex() -> None:
    assert bibtex.author(Author("Martin van King Jr.")) == "van King, Jr., Martin"


@pytest.mark.parametrize("field", ["doi", "arxiv_id", "title", "venue", "url"])
def test_no_value_begins_a_field_of_its_own(field: str) -> None:
    value = "10.1/x},\n  keywords = {injected"
    fields = {"links": [{"kind": "paper", "url": value, "label": ""}]} if field == "url" else {field: value}

    library = parse_string(record_of(year=2024, **fields))

    assert (len(library.entries), library.failed_blocks) == (1, [])
    assert "keywords" not in {one.key for one in library.entries[0].fields}


def test_a_paper_in_proceedings_that_was_a_preprint_before() -> None:
    assert record_of(**FULL_TEXT) == (
        "@inproceedings{radford2022learning,\n"
        "  title = {{Learning \\& transfer of \\{x\\}\\textasciicircum{}2}},\n"
        "  author = {Alec Radford and Aaron van den Oord and King, Jr., Martin and {Gemma Team}},\n"
        "  year = {2022},\n"
        "  booktitle = {ICML},\n"
        "  note = {oral},\n"
        "  eprint = {2103.00020},\n"
        "  archivePrefix = {arXiv},\n"
        "  doi = {10.1000/a_b},\n"
        "  url = {https://arxiv.org/abs/2103.00020},\n"
        "}\n"
    )


def test_a_preprint_names_the_venue_of_an_unknown_year_in_a_note() -> None:
    assert record_of(title="Words", authors=["Ada L."], year=2023, venue="CVPR", arxiv_id="2304.08485") == (
        "@misc{l2023words,\n"
        "  title = {{Words}},\n"
        "  author = {Ada L.},\n"
        "  year = {2023},\n"
        "  note = {CVPR},\n"
        "  eprint = {2304.08485},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2304.08485},\n"
        "}\n"
    )


def test_the_name_of_an_organisation_is_kept_together() -> None:
    assert re.findall("author = .*", record_of(organisation="Google DeepMind")) == ["author = {{Google DeepMind}},"]
