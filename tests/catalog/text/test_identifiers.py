"""arXiv ids and DOIs: whatever they are pasted as, one form; and none that cannot exist."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.identifiers import (
    MAX_LENGTH,
    OLD_ARCHIVES,
    arxiv_error,
    doi_error,
    doi_key,
    normalised_arxiv_id,
    normalised_doi,
)

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    "pasted",
    [
        "2304.08485",
        " 2304.08485v2 ",
        "arXiv:2304.08485",
        "ARXIV: 2304.08485v13",
        "https://arxiv.org/abs/2304.08485v1",
        "http://www.arxiv.org/pdf/2304.08485v2.pdf",
        "export.arxiv.org/abs/2304.08485/",
        "https://ar5iv.labs.arxiv.org/html/2304.08485",
    ],
)
def test_an_arxiv_id_is_stored_without_address_and_version(pasted: str) -> None:
    assert normalised_arxiv_id(pasted) == "2304.08485"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/Math.GT/0309136v1", "math/0309136"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_an_old_arxiv_id_is_stored_without_its_subject_class(pasted: str, stored: str) -> None:
    assert normalised_arxiv_id(pasted) == stored


@pytest.mark.parametrize(
    "number",
    [
        "0704.0001",
        "1412.9999",
        "1501.00001",
        "2304.08485",
        "2611.00001",
        "2612.00001",
        "hep-th/9108001",
        "math/0703999",
    ],
)
def test_an_arxiv_id_that_can_exist_is_accepted(number: str) -> None:
    assert arxiv_error(number, TODAY) == ""


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("2304.084857", "not an arXiv id"),
        ("2304.084", "not an arXiv id"),
        ("2304.08485v2", "not an arXiv id"),
        ("2304,08485", "not an arXiv id"),
        ("\u0662\u0663\u0660\u0664.08485", "not an arXiv id"),  # Arabic-Indic digits
        ("2313.08485", "there is no month 13"),
        ("2300.08485", "there is no month 00"),
        ("0703.0001", "from 2007-04 to 2026-12"),
        ("2701.00001", "from 2007-04 to 2026-12"),
        ("9901.00001", "from 2007-04 to 2026-12"),
        ("1412.00001", "4 digits from 1 on"),
        ("1501.0001", "5 digits from 1 on"),
        ("2304.00000", "5 digits from 1 on"),
        ("hep-xx/9901001", "never had an archive “hep-xx”"),
        ("hep-th/9913001", "there is no month 13"),
        ("hep-th/0704001", "from 1991-07 to 2007-03"),
        ("hep-th/9106001", "from 1991-07 to 2007-03"),
        ("hep-th/99010011", "not an arXiv id"),
        ("10.48550/arXiv.2304.08485", "not an arXiv id"),
    ],
)
def test_an_arxiv_id_that_cannot_exist_is_refused_with_the_reason(number: str, reason: str) -> None:
    assert reason in arxiv_error(number, TODAY)


def test_next_month_of_december_is_in_the_next_year() -> None:
    assert arxiv_error("2701.00001", date(2026, 12, 31)) == ""
    assert arxiv_error("2702.00001", date(2026, 12, 31)) != ""


@given(st.dates(date(2015, 1, 1), TODAY), st.integers(1, 99_999), st.integers(1, 20), st.booleans())
def test_any_id_of_a_past_month_survives_address_and_version(day: date, number: int, version: int, pdf: bool) -> None:
    arxiv_id = f"{day:%y%m}.{number:05}"
    address = f"https://arxiv.org/{'pdf' if pdf else 'abs'}/{arxiv_id}v{version}{'.pdf' if pdf else ''}"

    assert normalised_arxiv_id(address) == arxiv_id
    assert arxiv_error(arxiv_id, TODAY) == ""


@given(st.sampled_from(sorted(OLD_ARCHIVES)), st.dates(date(1991, 7, 1), date(2007, 3, 31)), st.integers(1, 999))
def test_any_old_id_of_a_known_archive_is_accepted(archive: str, day: date, number: int) -> None:
    arxiv_id = f"{archive}/{day:%y%m}{number:03}"

    assert (normalised_arxiv_id(arxiv_id), arxiv_error(arxiv_id, TODAY)) == (arxiv_id, "")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (normalised_arxiv_id, normalised_doi):
        once = normalise(text)
        assert normalise(once) == once


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("10.1109/CVPR52688.2022.01042", "10.1109/CVPR52688.2022.01042"),
        ("https://doi.org/10.1109/CVPR52688.2022.01042", "10.1109/CVPR52688.2022.01042"),
        ("http://dx.doi.org/10.1000/182", "10.1000/182"),
        ("www.doi.org/10.1000/182", "10.1000/182"),
        ("doi: 10.1000/182.", "10.1000/182"),
        ("DOI:10.1000.10/123456", "10.1000.10/123456"),
        ("https://doi.org/10.1016%2FS0140-6736(05)66912-7", "10.1016/S0140-6736(05)66912-7"),
        ("10.1016/S0140-6736(05)66912-7)", "10.1016/S0140-6736(05)66912-7"),
        (
            "10.1002/(SICI)1097-4571(1999)50:1%3C1::AID-ASI1%3E3.0.CO;2-A",
            "10.1002/(SICI)1097-4571(1999)50:1<1::AID-ASI1>3.0.CO;2-A",
        ),
        ("10.1000/a(b)", "10.1000/a(b)"),
        ("10.1000/100%", "10.1000/100%"),
        ("https://doi.org/10.1000/e%CC%81", "10.1000/\u00e9"),
        ("https://doi.org/10.1000/a%2541b", "https://doi.org/10.1000/a%2541b"),
        ("doi:10.1000/a%00b", "doi:10.1000/a%00b"),
        ("10.1000/).", "10.1000/)."),
        ("10.1000/ab),", "10.1000/ab"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_doi_is_stored_without_address_percent_signs_and_stray_brackets(pasted: str, stored: str) -> None:
    assert normalised_doi(pasted) == stored


@pytest.mark.parametrize(
    "doi", ["11.1000/182", "10.12/x", "10.1000/", "10.1000", "10.1000/a b", "10.1000/\ufffd", "10.1000/%41", "x"]
)
def test_what_is_no_doi_is_refused(doi: str) -> None:
    assert doi_error(doi) == f"“{doi}” is not a DOI. Write a DOI as 10.1109/CVPR52688.2022.01042."


def test_two_dois_are_the_same_in_upper_and_lower_case_of_ascii_only() -> None:
    assert doi_key("10.1000/ABC") == doi_key("10.1000/abc")
    assert doi_key("10.1000/\u0130") != doi_key("10.1000/i")


def test_a_long_text_is_not_looked_at() -> None:
    text = "10.1000/" + ")" * MAX_LENGTH

    assert normalised_doi(text) == text
