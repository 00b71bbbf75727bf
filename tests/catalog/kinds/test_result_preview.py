"""A reviewer sees the board as it would be with a proposed result."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.kinds.result.preview import BoardPreview, preview
from submissions.workflow import NewProposal, submit
from tests.catalog.kinds.mmmu import CLAIM, make_mmmu
from tests.factories import make_result
from tests.people import contributor, moderator, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def board() -> None:
    make_mmmu()


def shown(slug: str = "", **claim: Any) -> BoardPreview:
    made = preview({**CLAIM, "paper": "new", **claim}, slug)
    assert made is not None
    return made


def test_it_stands_among_its_neighbours() -> None:
    board = shown(value="0.545", scale="fraction", variant="7B", split="validation")

    assert [(row.place, row.model, f"{row.number:f}", row.is_proposed) for row in board.rows] == [
        ("3", "M7", "57", False),
        ("4", "M6", "56", False),
        ("5", "M5", "55", False),
        ("6", "New", "54.5", True),
        ("7", "M4", "54", False),
        ("8", "M3", "53", False),
        ("9", "M2", "52", False),
    ]
    assert (board.ranked, board.reason, board.outside, board.rivals) == (11, "", False, [])


@pytest.mark.parametrize(("value", "outside"), [("99", True), ("1", True), ("59", False)])
def test_a_number_outside_the_board_is_pointed_out(value: str, outside: bool) -> None:
    assert shown(value=value).outside is outside


def test_what_would_have_no_place_says_why() -> None:
    for number in range(3):
        make_result(**CLAIM, paper=f"m{number}", value="60", adaptation="zero-shot")
    assert shown(value="70", adaptation="fine-tuned").reason == "fine-tuned; better than the first"
    assert shown(value="70", split="").reason == "no split is stated"
    assert shown(value="70", state="retracted").reason == "retracted"


def test_other_claims_for_the_checkpoint_are_listed_and_an_edit_replaces_its_own() -> None:
    rival = make_result(**CLAIM, paper="new", variant="New-7B", value="54.1")
    assert [claim.slug for claim in shown(value="54.5", variant="7B").rivals] == [rival.slug]

    edited = shown(rival.slug, value="54.5", variant="New-7B")
    assert (edited.rivals, edited.ranked) == ([], 11)


def test_a_claim_that_its_row_would_not_show_says_which_one_it_shows() -> None:
    make_result(**CLAIM, paper="new", variant="New-7B", value="54.1", verification="checked")

    board = shown(value="54.5", variant="7B")

    assert board.instead == Decimal("54.1")
    assert not any(row.is_proposed for row in board.rows)
    assert shown(value="54.5").instead is None  # no variant: another checkpoint
    assert shown(value="54.5", variant="7B", split="").instead is None


def test_a_payload_that_names_nothing_has_none() -> None:
    assert preview({"paper": "new", "benchmark": "nothing", "value": "1"}, "") is None
    assert preview({"paper": "new", "benchmark": "mmmu", "value": None}, "") is None


def test_the_review_page_shows_it() -> None:
    payload = {**CLAIM, "name": "", "paper": "new", "value": "99.5"}
    proposal = submit(
        author=contributor(),
        proposed=NewProposal(KINDS["result"], "create", payload, source="https://arxiv.org/abs/2401.00001"),
    )

    path = reverse("admin:submissions_proposal_change", args=[proposal.pk])
    page = " ".join(signed_in(moderator()).get(path).content.decode().split())

    assert "The board as it would be" in page
    assert "99.5 lies outside what is on this board: 50 to 59." in page
    assert "<strong>(this proposal)</strong>" in page
    assert Decimal("99.5") == shown(value="99.5").number
