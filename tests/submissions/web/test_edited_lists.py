"""A list that was exported, edited by hand and brought back, through the site."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from catalog.kinds.paper.model import Paper
from submissions.models import Proposal
from tests.factories import make_revision
from tests.people import contributor, signed_in
from tests.submissions.web.test_lists import TEXTS, html, messages_of, ticked

pytestmark = pytest.mark.django_db
LIST = """# Birds

## Papers

- **Owl** (2023) - [Sees at night](https://arxiv.org/abs/2301.00001)
- **Wren** (2022) - [Sings](https://arxiv.org/abs/2201.00002)
- **Rook** (2020) - [Builds](https://arxiv.org/abs/2001.00003)
- **Jay** (2019) - [Hides](https://arxiv.org/abs/1901.00004)
"""
EDITED = """# Birds

## Papers

- **Owl** (2024) - [Sees at night](https://arxiv.org/abs/2301.00001)
- **Wren** (2023) - [Sings](https://arxiv.org/abs/2201.00002)
- **Rook** (2020) - [Builds](https://arxiv.org/abs/2001.00003)
- **Lark** (2025) - [Flies](https://arxiv.org/abs/2501.00005)
"""


@pytest.fixture
def ada(tmp_path: Path) -> Client:
    """Ada, who is about to bring EDITED; the portal has changed the years of Wren and Rook."""
    (tmp_path / "birds.md").write_text(LIST)
    call_command("import_awesome", str(tmp_path / "birds.md"))
    for name, year in (("Wren", 2024), ("Rook", 2021)):
        make_revision("paper", Paper.objects.with_references().get(name=name), year=year)
    return signed_in(contributor())


def test_each_line_says_who_changed_it(ada: Client) -> None:
    page = html(ada.post("/contribute/batch/", {"text": EDITED}))

    for link in (
        '<a href="#new">1 new</a>',
        '<a href="#differs">1 says something else</a>',
        '<a href="#conflict">1 changed in the list and in the catalogue</a>',
        '<a href="#removed">1 no longer in the list</a>',
        '<a href="#behind">1 changed in the catalogue since</a>',
    ):
        assert link in page
    assert '<a href="/papers/owl/">Owl</a>: Year' in page
    shown = " ".join(page.split())
    assert "Year: “2023” in the list, “2024” in the catalogue, “2022” before. Tick it to propose" in shown
    assert "The list has no line for it any more. It stays in the catalogue" in shown
    assert ticked(page) == ["3", "0"]


def test_what_the_list_changed_is_proposed_in_the_name_of_who_brings_it(ada: Client) -> None:
    sent = {**TEXTS, "text": EDITED, "chosen": "1", "submit": "1", "take": ["0", "3"]}

    response = ada.post("/contribute/batch/", sent)

    assert messages_of(ada, response.headers["Location"]) == ["Thank you. 2 proposals are in the queue."]
    proposals = [(one.name, one.author.username, one.payload["year"]) for one in Proposal.objects.order_by("pk")]
    assert proposals == [("Owl", "ada", 2024), ("Lark", "ada", 2025)]
    assert dict(Paper.objects.values_list("name", "year")) == {"Owl": 2023, "Wren": 2024, "Rook": 2021, "Jay": 2019}


def test_a_conflict_is_proposed_if_it_is_ticked_and_the_others_cannot_be(ada: Client) -> None:
    everything = [str(number) for number in range(8)]

    ada.post("/contribute/batch/", {**TEXTS, "text": EDITED, "chosen": "1", "submit": "1", "take": everything})

    proposed = {one.name: one.payload["year"] for one in Proposal.objects.all()}
    assert proposed == {"Owl": 2024, "Wren": 2023, "Lark": 2025}
