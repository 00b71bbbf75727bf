"""A BibTeX file of the portal's own papers, read again: nothing differs, whatever the terms of citations are."""

from typing import Any

import pytest

from catalog.exchange import bibtex
from catalog.exchange.publications import paper
from catalog.kinds import KINDS
from submissions.intake.batch import State, compare_with_catalogue
from submissions.intake.bibtex import read_bibtex
from submissions.intake.drafts import ParsedItem
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

ARXIV = {
    "arxiv_id": "2304.08485",
    "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2304.08485", "label": ""}],
    "title": "Words of {x}^2 -- <i>",
    "year": 2023,
}


def exported(**fields: Any) -> list[ParsedItem]:
    entry = make_paper(name="Words", **{**ARXIV, **fields})
    envelope = {"fields": KINDS["paper"].dump(entry), "url": "https://example.org/papers/words/"}
    return read_bibtex(bibtex.record(paper(envelope)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"venue": "CVPR 2024 (oral)"},
        {"venue": "CVPR 2024"},
        {"venue": "CVPR"},
        {"venue": "TMLR 2024"},
        {"venue": "A blog, 2023"},
        {"organisation": "Google DeepMind"},
        {"authors": ["Aaron van den Oord", "Martin King Jr.", "Gemma Team"]},
    ],
)
def test_what_the_portal_exports_is_the_same_when_it_is_read(fields: dict[str, Any]) -> None:
    items = exported(**fields)

    (compared,) = compare_with_catalogue(items)

    assert (compared.state, compared.fields) == (State.SAME, ())


def test_another_venue_and_year_still_differ() -> None:
    make_paper(name="Words", **{**ARXIV, "title": "Words"}, venue="CVPR 2024 (oral)")
    text = "@inproceedings{a, title={Words}, eprint={2304.08485}, booktitle={ICCV}, year={2025}}"

    (compared,) = compare_with_catalogue(read_bibtex(text))

    assert (compared.state, sorted(compared.fields)) == (State.DIFFERS, ["venue", "year"])
