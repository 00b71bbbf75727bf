"""The short name of a source."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.blame import Blame, Given
from catalog.models import Revision
from catalog.reading.sources import Attribution, Mark, attributions, marks_of
from catalog.text.source_names import source_name
from tests.factories import make_revision


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://arxiv.org/abs/2409.12191", "arXiv 2409.12191"),
        ("https://arxiv.org/pdf/2409.12191v2.pdf", "arXiv 2409.12191v2"),
        ("https://ar5iv.labs.arxiv.org/html/2409.12191", "arXiv 2409.12191"),
        ("https://github.com/openai/CLIP/blob/main/model-card.md", "openai/CLIP"),
        ("https://huggingface.co/datasets/laion/laion2B-en", "HF laion/laion2B-en"),
        ("https://www.example.org/a/b", "example.org"),
        ("https://github.com/", "github.com"),
        ("https://GitHub.com/openai/CLIP?tab=readme#top", "openai/CLIP"),
        ("https://ada:secret@example.org:8443/a", "example.org"),
        ("https://arxiv.org@example.org/abs/1", "example.org"),
        ("https://example.org\\@arxiv.org/abs/1", "example.org"),
        ("https://example.org?a=/b", "example.org"),
        ("https://[broken", "https://[broken"),
        ("Table 3/4", "Table 3/4"),
    ],
)
def test_an_address_is_named_as_a_reader_knows_it(url: str, name: str) -> None:
    assert source_name(url) == name


def source(**fields: str) -> dict[str, str]:
    return {"field": "year", "url": "", "note": "", "confidence": "confirmed", "source_class": "", **fields}


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (
            source(url="https://arxiv.org/abs/1"),
            Mark("sourced", "arXiv 1", "https://arxiv.org/abs/1", source_class="primary"),
        ),
        (
            source(note="editorial choice", confidence="unverified"),
            Mark("unverified", "editorial choice", "", "editorial choice"),
        ),
        (source(), Mark("sourced", "without an address")),
        (source(confidence="unverified"), Mark("unverified", "not verified")),
        (
            source(note="paper.doi: general knowledge, not re-read", confidence="unverified"),
            Mark("unverified", "general knowledge", "", "paper.doi: general knowledge, not re-read"),
        ),
        (
            source(note="classified by the compiler from the components named in the sources"),
            Mark(
                "sourced",
                "inferred from its parts",
                "",
                "classified by the compiler from the components named in the sources",
            ),
        ),
    ],
)
def test_a_long_remark_has_a_short_name_and_its_full_text(row: dict[str, str], mark: Mark) -> None:
    assert marks_of(value(sources=[row])) == [mark]


def value(sources: list[dict[str, str]], **about: Any) -> Blame:
    """A value that a revision set."""
    revision = Revision(number=2, **about)
    return Blame("year", "Year", 2021, revision, revision, False, [Given(row, revision, False) for row in sources])


@pytest.mark.parametrize(
    ("about", "mark"),
    [
        (
            {"source": "https://arxiv.org/abs/1"},
            Mark("change", "arXiv 1", "https://arxiv.org/abs/1", "Given with revision 2", "primary"),
        ),
        ({"source": "The authors' talk"}, Mark("change", "The authors' talk", "", "Given with revision 2")),
        ({"source": "README.md", "contributor": LIST_ACCOUNT}, Mark("list", "the list", source_class="list")),
        ({}, Mark("none", "no source given")),
    ],
)
def test_a_value_without_sources_has_that_of_its_change(about: dict[str, str], mark: Mark) -> None:
    assert marks_of(value([], **about)) == [mark]


@pytest.mark.parametrize(
    ("mark", "shape", "meaning"),
    [
        (Mark("sourced", "a", source_class="primary"), "primary", "Primary source:"),
        (Mark("sourced", "a", source_class="official-copy"), "copy", "Official copy:"),
        (Mark("sourced", "a", source_class="index"), "index", "Index or aggregator:"),
        (Mark("sourced", "a"), "unclassified", "Source:"),
        (Mark("change", "a", source_class="primary"), "primary with-change", "Primary source, given with the change:"),
        (Mark("unverified", "a", source_class="list"), "by-others unverified", "Not verified, list or blog:"),
        (Mark("list", "the list", source_class="list"), "by-others", "List or blog:"),
        (Mark("none", "no source given"), "none", ""),
    ],
)
def test_a_mark_says_what_its_source_is(mark: Mark, shape: str, meaning: str) -> None:
    assert (mark.shape, mark.meaning) == (shape, meaning)


@pytest.mark.parametrize(
    ("row", "words", "details"),
    [
        (source(url="https://medium.com/@x/y", source_class="primary"), "primary source, as the entry states", ""),
        (source(url="https://example.org/", source_class="index"), "index or aggregator, as the entry states", ""),
        (source(url="https://medium.com/@x/y", source_class="list"), "", "list or blog, as the entry states"),
        (source(url="https://medium.com/@x/y"), "", "list or blog"),
    ],
)
def test_a_class_that_is_stated_against_the_table_is_said_in_words(
    row: dict[str, str], words: str, details: str
) -> None:
    [mark] = marks_of(value([row]))

    html = " ".join(render_to_string("components/mark.html", {"mark": mark}).split())
    assert (mark.stated_otherwise, mark.details, f"({words})" in html) == (words, details, bool(words))


def test_values_with_the_same_sources_are_put_together() -> None:
    same, other = value([], source="https://arxiv.org/abs/1"), value([source(url="https://example.org/")])

    assert attributions([(same, "en"), (same, "fr")]) == [Attribution("", marks_of(same))]
    assert attributions([(same, "en"), (other, "de"), (same, "fr")]) == [
        Attribution("en, fr", marks_of(same)),
        Attribution("de", marks_of(other)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("Table 3/4", ""),
        ("javascript://x/%0aalert(1)", ""),
        ("https://example.org/a and page 3", ""),
        ("https://ada@example.org:8443/a", ">example.org</a>"),
    ],
)
def test_only_an_address_is_linked_and_named_by_its_host(client: Client, said: str, link: str) -> None:
    revision = make_revision("paper", name="CLIP", source=said)

    for path in ("/changes/", f"/papers/clip/history/{revision.number}/"):
        text = client.get(path).content.decode()
        assert (f'href="{said}"' in text, link in text, said in text) == (bool(link), True, True), path
