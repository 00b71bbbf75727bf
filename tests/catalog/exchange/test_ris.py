"""RIS, as rispy reads it."""

from typing import Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange import ris
from catalog.exchange.publications import paper, papers, revision
from tests.catalog.exchange.papers import FULL_TEXT, envelope

PRINTED = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])


def read(text: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = rispy.loads(text)
    return records


def test_a_paper_in_proceedings() -> None:
    assert read(ris.record(paper(envelope(**FULL_TEXT)))) == [
        {
            "type_of_reference": "CPAPER",
            "id": "radford2022learning",
            "title": "Learning & transfer of {x}^2",
            "authors": ["Radford, Alec", "van den Oord, Aaron", "King, Martin, Jr.", "Gemma Team"],
            "year": "2022",
            "secondary_title": "ICML",
            "notes": ["oral"],
            "accession_number": "arXiv:2103.00020",
            "doi": "10.1000/a_b",
            "urls": ["https://arxiv.org/abs/2103.00020"],
        }
    ]


def test_a_preprint_without_authors() -> None:
    assert read(ris.record(paper(envelope(name="X", arxiv_id="2304.08485", year=2023)))) == [
        {
            "type_of_reference": "GEN",
            "id": "anon2023x",
            "title": "X",
            "year": "2023",
            "publisher": "arXiv",
            "accession_number": "arXiv:2304.08485",
            "urls": ["https://arxiv.org/abs/2304.08485"],
        }
    ]


def test_a_revision_has_its_day() -> None:
    cited = revision("COCO", url="https://x.org/h/2/", number=2, date="2026-11-24", site="VLM Portal")

    (record,) = read(ris.record(cited))

    assert (record["type_of_reference"], record["date"]) == ("ELEC", "2026/11/24")
    assert (record["secondary_title"], record["urls"]) == ("VLM Portal, revision 2", ["https://x.org/h/2/"])


@pytest.mark.parametrize("venue", ["CVPR 2024", "TMLR 2024", "A blog", ""])
def test_every_type_is_one_of_ris(venue: str) -> None:
    (record,) = read(ris.record(paper(envelope(venue=venue))))

    assert record["type_of_reference"] in rispy.TYPE_OF_REFERENCE_MAPPING


@given(title=st.text(alphabet=PRINTED, max_size=60), name=st.text(alphabet=PRINTED, max_size=20))
def test_any_paper_is_one_record(title: str, name: str) -> None:
    cited = [envelope(title=f"T {title}", authors=[name]), envelope(title="TY  - JOUR\r\nER  - \r\n")]

    first, second = read("".join(ris.records(papers(cited))))

    assert first["title"].split() == f"T {title}".split()
    assert second["title"] == "TY - JOUR ER -"
