"""What people write as a source."""

import pytest

from catalog.text.source_names import as_source, names_no_source

HTTPS = "https://arxiv.org/abs/2405.00003"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arxiv.org/abs/2405.00003", HTTPS),
        (" arxiv.org/abs/2405.00003\n", HTTPS),
        ("www.arXiv.org/abs/1", "https://www.arXiv.org/abs/1"),
        ("www.example.org/a", "https://www.example.org/a"),
        ("github.com/openai/CLIP", "https://github.com/openai/CLIP"),
        ("papers.neurips.cc/paper/1", "https://papers.neurips.cc/paper/1"),
        ("hf.co/Qwen/Qwen-VL", "https://hf.co/Qwen/Qwen-VL"),
        ("example.org:8080/", "example.org:8080/"),
        ("and.or/maybe", "and.or/maybe"),
        ("discuss.this/or.that", "discuss.this/or.that"),
        ("e.g./i.e.", "e.g./i.e."),
        ("model.py/train.py", "model.py/train.py"),
        ("notarxiv.org/abs/1", "notarxiv.org/abs/1"),
        ("arxiv.org.example.net/abs/1", "arxiv.org.example.net/abs/1"),
        (HTTPS, HTTPS),
        ("http://example.org/a b", "http://example.org/a b"),
        ("arxiv.org/abs/2405.00003, table 2", "arxiv.org/abs/2405.00003, table 2"),
        ("example.org", "example.org"),
        ("README.md", "README.md"),
        ("and/or", "and/or"),
        ("v1.2/table", "v1.2/table"),
        ("Table 3", "Table 3"),
        ("", ""),
        ("a." * 20_000 + "/", "a." * 20_000 + "/"),
    ],
)
def test_an_address_without_its_scheme_is_read_as_https(text: str, expected: str) -> None:
    assert as_source(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "-", "—", "…", "?", "???", "x", "X.", "1", "xxx", "--- a ---", "書"),
        *(
            "none",
            "None.",
            "n/a",
            "N.A.",
            "(n/a)",
            "Ｎ／Ａ",
            "unknown",
            "TBD",
            "to-do",
            "nil",
            "no source",
            "don't know",
        ),
    ],
)
def test_what_names_no_source(text: str) -> None:
    assert names_no_source(text)


@pytest.mark.parametrize(
    "text",
    [
        *("p. 3", "T2", "GPT", "My notes", "the list", "unknown author, 2019", HTTPS, "doi:10.1/2"),
        *("論文", "爸爸", "본문", "статья", "โพ", "वेद", "مقال", "מאמר"),
    ],
)
def test_words_that_may_lead_to_a_source(text: str) -> None:
    assert not names_no_source(text)
