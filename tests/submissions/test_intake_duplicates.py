"""Likely duplicates of a half-filled form: by arXiv id, DOI, address, name, alias, and names that look alike."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from submissions.intake.duplicates import find_duplicates
from tests.factories import make_paper, make_result

pytestmark = pytest.mark.django_db

PAPER = KINDS["paper"]


def link(url: str) -> dict[str, str]:
    return {"kind": "paper", "url": url, "label": ""}


@pytest.mark.parametrize(
    ("payload", "reason", "strength"),
    [
        ({"arxiv_id": "2301.12597"}, "same arXiv id 2301.12597", "certain"),
        ({"links": [link("http://www.arxiv.org/pdf/2301.12597v2.pdf")]}, "same arXiv id 2301.12597", "certain"),
        ({"doi": "10.1000/BLIP2"}, "same DOI 10.1000/blip2", "certain"),
        (
            {"links": [link("http://github.com/Salesforce/LAVIS/?utm_source=x")]},
            "same address github.com/salesforce/lavis",
            "likely",
        ),
        ({"name": "blip 2"}, "same name", "certain"),
        ({"name": "Bootstrapper Two"}, "same name", "certain"),
        ({"name": "Bootstraper Two"}, "similar name", "likely"),
        ({"name": "\u0412LI\u0420-2"}, "a name that looks the same", "likely"),  # Cyrillic Ve and Er
        ({"name": "\uff22\uff2c\uff29\uff30-2"}, "same name", "certain"),  # full width
    ],
)
def test_a_duplicate_is_shown_with_the_reason(payload: dict[str, Any], reason: str, strength: str) -> None:
    entry = make_paper(
        name="BLIP-2",
        arxiv_id="2301.12597",
        doi="10.1000/blip2",
        aliases=["Bootstrapper Two"],
        links=[link("https://github.com/salesforce/LAVIS")],
    )

    duplicates = find_duplicates(PAPER, payload)

    assert [(duplicate.slug, duplicate.reason, duplicate.strength) for duplicate in duplicates] == [
        (entry.slug, reason, strength)
    ]


def test_a_name_in_ascii_looks_like_one_in_another_script() -> None:
    entry = make_paper(name="\u0421LI\u0420")  # Cyrillic Es and Er

    assert [(row.slug, row.reason) for row in find_duplicates(PAPER, {"name": "CLIP"})] == [
        (entry.slug, "a name that looks the same")
    ]


def test_a_name_of_letters_that_are_drawn_alike_is_similar() -> None:
    entry = make_paper(name="Qwen2-VL")

    assert [(row.slug, row.reason) for row in find_duplicates(PAPER, {"name": "Qwen2-VI"})] == [
        (entry.slug, "similar name")
    ]


def test_a_name_in_another_alphabet_is_itself() -> None:
    make_paper(name="Сова")
    make_paper(name="CLIP")

    assert [row.reason for row in find_duplicates(PAPER, {"name": "сова"})] == ["same name"]
    assert find_duplicates(PAPER, {"name": "Заря"}) == []


def test_another_model_is_no_duplicate() -> None:
    make_paper(name="BLIP-2", arxiv_id="2301.12597")

    assert find_duplicates(PAPER, {"name": "Flamingo", "arxiv_id": "2204.14198"}) == []


def test_an_entry_is_not_its_own_duplicate() -> None:
    entry = make_paper(name="BLIP-2", arxiv_id="2301.12597")

    assert find_duplicates(PAPER, PAPER.dump(entry), exclude=entry.pk) == []


def test_a_result_with_the_same_claim_is_a_duplicate() -> None:
    result = make_result(metric="accuracy", value="50.0")
    payload = {**KINDS["result"].dump(result), "name": "", "value": "51.0"}

    assert [duplicate.reason for duplicate in find_duplicates(KINDS["result"], payload)] == [
        "same model, benchmark, part, split, metric and setting"
    ]
