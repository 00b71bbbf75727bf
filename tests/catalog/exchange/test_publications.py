"""What is cited: as what, of which year, by whom."""

from typing import Any

import pytest

from catalog.exchange.publications import Author, Publication, PublicationType, paper, papers, revision
from tests.catalog.exchange.papers import envelope

PROCEEDINGS, JOURNAL = PublicationType.PROCEEDINGS, PublicationType.JOURNAL
PREPRINT, OTHER = PublicationType.PREPRINT, PublicationType.OTHER


@pytest.mark.parametrize(
    ("fields", "appeared"),
    [
        ({"venue": "CVPR 2024", "arxiv_id": "2304.08485", "year": 2023}, (PROCEEDINGS, "CVPR", 2024, "")),
        ({"venue": "CVPR 2024 (oral)", "arxiv_id": "2304.08485", "year": 2023}, (PROCEEDINGS, "CVPR", 2024, "oral")),
        ({"venue": "CVPR", "arxiv_id": "2304.08485", "year": 2023}, (PREPRINT, "", 2023, "CVPR")),
        ({"venue": "CVPR", "year": 2023}, (PROCEEDINGS, "CVPR", 2023, "")),
        ({"venue": "CVPR 2024"}, (PROCEEDINGS, "CVPR", 2024, "")),
        ({"venue": "TMLR 2024", "arxiv_id": "2304.08485", "year": 2023}, (JOURNAL, "TMLR", 2024, "")),
        ({"venue": "TMLR", "arxiv_id": "2304.08485", "year": 2023}, (PREPRINT, "", 2023, "TMLR")),
        ({"venue": "OpenAI blog", "year": 2021}, (OTHER, "OpenAI blog", 2021, "")),
        ({"arxiv_id": "2304.08485", "year": 2023}, (PREPRINT, "", 2023, "")),
        ({"year": 2023}, (OTHER, "", 2023, "")),
        ({}, (OTHER, "", None, "")),
    ],
)
def test_the_year_is_that_of_what_is_cited(fields: dict[str, Any], appeared: tuple[Any, ...]) -> None:
    cited = paper(envelope(**fields))

    assert (cited.type, cited.container, cited.year, cited.note) == appeared


def test_an_organisation_is_the_author_of_what_names_no_people() -> None:
    assert paper(envelope(organisation="Google DeepMind")).authors == (Author("Google DeepMind", is_group=True),)


def test_keys_of_a_list_are_different() -> None:
    one = envelope(name="Same", authors=["A B"], year=2024)

    assert [cited.key for cited in papers([one, one, one])] == ["b2024same", "b2024same-2", "b2024same-3"]


@pytest.mark.parametrize(
    "damage",
    [{"title": 1}, {"authors": "x"}, {"authors": [1]}, {"links": [1, {"url": 2}]}, {"venue": None}, {"year": "x"}],
)
def test_damaged_fields_are_as_if_they_were_empty(damage: dict[str, Any]) -> None:
    assert paper(envelope(**damage)) == paper(envelope())


def test_a_revision_is_a_page_of_its_day() -> None:
    cited = revision("COCO", url="https://x.org/history/2/", number=2, date="2026-11-24", site="VLM Portal")

    assert cited == Publication(
        type=PublicationType.PAGE,
        key="vlmportalcoco",
        title="COCO",
        authors=(Author("VLM Portal contributors", is_group=True),),
        year=2026,
        container="VLM Portal, revision 2",
        url="https://x.org/history/2/",
        date="2026-11-24",
    )
