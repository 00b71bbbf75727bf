"""Pasted text becomes a draft payload, and nothing is saved."""

import pytest

from submissions.models import Proposal
from tests.factories import make_paper
from tests.people import contributor
from tests.submissions.api.conftest import API, by_token

pytestmark = pytest.mark.django_db
PARSE = f"{API}parse/"
BIBTEX = "@article{zhu2024, title={Vim: Efficient Visual Representation}, author={Zhu, Lianghui}, year={2024}}"


def test_a_line_becomes_a_draft_with_its_duplicates() -> None:
    make_paper(name="Vim", arxiv_id="2401.09417")
    text = "2024 | Vim | https://arxiv.org/abs/2401.09417 | Vision Mamba"
    answer = by_token(contributor()).send("POST", PARSE, {"text": text})

    assert answer.status_code == 200
    assert answer.json() == {
        "kind": "paper",
        "fields": {
            "name": "Vim",
            "summary": "Vision Mamba",
            "year": 2024,
            "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2401.09417", "label": ""}],
            "arxiv_id": "2401.09417",
        },
        "source": "https://arxiv.org/abs/2401.09417",
        "notes": ["Reading from other sites is switched off here; please check the form and fill in what is missing."],
        "twins": [
            {
                "slug": "vim",
                "name": "Vim",
                "url": "/papers/vim/",
                "reason": "same arXiv id 2401.09417",
                "strength": "certain",
            }
        ],
    }
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("text", "kind", "key", "value"),
    [
        ("arXiv:2401.09417v2", "paper", "arxiv_id", "2401.09417"),
        (BIBTEX, "paper", "title", "Vim: Efficient Visual Representation"),
        ("COYO | Image, Text | 747M pairs | CC-BY-4.0", "dataset", "licence", "CC-BY-4.0"),
    ],
)
def test_what_it_understands(text: str, kind: str, key: str, value: str) -> None:
    body = by_token(contributor()).send("POST", PARSE, {"text": text}).json()
    assert (body["kind"], body["fields"][key]) == (kind, value)


def test_a_draft_can_be_proposed_as_it_is() -> None:
    client = by_token(contributor())
    draft = client.send("POST", PARSE, {"text": BIBTEX}).json()
    body = {name: draft[name] for name in ("kind", "fields", "source")}
    assert client.send("POST", API, body).status_code == 201


@pytest.mark.parametrize("text", ["", "hello", "a\nb", "@article{", "x" * 20_001])
def test_what_it_cannot_read_is_reported(text: str) -> None:
    answer = by_token(contributor()).send("POST", PARSE, {"text": text})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["text"])
