"""CSL-JSON, as citeproc-py reads and prints it."""

import warnings
from typing import Any

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from catalog.exchange import csl_json
from catalog.exchange.publications import paper, revision
from tests.catalog.exchange.papers import FULL_TEXT, envelope

REVISION = revision("COCO", url="https://x.org/h/2/", number=2, date="2026-11-24", site="VLM Portal")


def printed(item: dict[str, Any]) -> str:
    """The item in the style of Harvard; what the library does not know of it is an error."""
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = CiteProcJSON([item])
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    return str(bibliography.bibliography()[0])


def test_a_paper_in_proceedings() -> None:
    assert csl_json.item(paper(envelope(**FULL_TEXT))) == {
        "id": "radford2022learning",
        "type": "paper-conference",
        "title": "Learning & transfer of {x}^2",
        "author": [
            {"family": "Radford", "given": "Alec"},
            {"family": "Oord", "given": "Aaron", "non-dropping-particle": "van den"},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
            {"literal": "Gemma Team"},
        ],
        "issued": {"date-parts": [[2022]]},
        "container-title": "ICML",
        "note": "oral",
        "DOI": "10.1000/a_b",
        "URL": "https://arxiv.org/abs/2103.00020",
    }


def test_a_preprint_is_published_by_arxiv() -> None:
    assert csl_json.item(paper(envelope(name="X", arxiv_id="2304.08485", authors=["Plato"]))) == {
        "id": "platox",
        "type": "article",
        "title": "X",
        "author": [{"literal": "Plato"}],
        "publisher": "arXiv",
        "number": "arXiv:2304.08485",
        "URL": "https://arxiv.org/abs/2304.08485",
    }


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            csl_json.item(paper(envelope(**{**FULL_TEXT, "authors": ["Aaron van den Oord"]}))),
            "van den Oord, A. (2022) “Learning & transfer of {x}^2”, ICML. Available at: https://doi.org/10.1000/a_b.",
        ),
        (
            csl_json.item(paper(envelope(organisation="Google DeepMind", year=2024))),
            "Google DeepMind (2024) “X”. Available at: https://example.org/papers/x/.",
        ),
        (
            csl_json.item(REVISION),
            "VLM Portal contributors (2026) COCO, VLM Portal, revision 2. Available at: https://x.org/h/2/.",
        ),
    ],
)
def test_a_citation_processor_prints_it(item: dict[str, Any], text: str) -> None:
    assert printed(item) == text
