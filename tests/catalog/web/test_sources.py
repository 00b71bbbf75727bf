"""The short name of a source."""

import pytest

from catalog.reading.sources import Mark, marks_of
from catalog.text.source_names import source_name


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
    ],
)
def test_an_address_is_named_as_a_reader_knows_it(url: str, name: str) -> None:
    assert source_name(url) == name


def source(**fields: str) -> dict[str, str]:
    return {"field": "year", "url": "", "note": "", "confidence": "confirmed", **fields}


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (source(url="https://arxiv.org/abs/1"), Mark("sourced", "arXiv 1", "https://arxiv.org/abs/1")),
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
    assert marks_of("year", [row], only_listed=True) == [mark]


def test_what_has_no_source_stands_on_the_list_or_on_nothing() -> None:
    assert marks_of("name", [source()], only_listed=True) == [Mark("list", "the list")]
    assert marks_of("name", [source()], only_listed=False) == []
