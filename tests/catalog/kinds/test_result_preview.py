"""A reviewer sees the board as it would be with a proposed result."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.kinds.result.preview import UNREADABLE, BoardPreview, State, Table, preview
from submissions.workflow import NewProposal, submit
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import contributor, moderator, signed_in

pytestmark = pytest.mark.django_db
METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
CLAIM = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}


@pytest.fixture(autouse=True)
def board() -> None:
    make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val", "aliases": ["validation"]}])
    for number in range(10):
        make_paper(name=f"M{number}")
        make_result(**CLAIM, paper=f"m{number}", value=str(50 + number))
    make_paper(name="New", variants=[{"name": "New-7B", "aliases": ["7B"]}])


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


class TestTable:
    def table(self, *claims: dict[str, Any]) -> Table:
        return Table([({**CLAIM, "paper": "new", **claim}, "") for claim in claims])

    def states(self, *claims: dict[str, Any]) -> list[tuple[str, str]]:
        return [(row.state.value, row.reason) for row in self.table(*claims).rows]

    def test_each_row_says_what_it_would_be_beside_the_record(self) -> None:
        make_result(**CLAIM, paper="new", variant="New-7B", value="54.1", source_url="https://new.example.org/")

        assert self.states(
            {"value": "54.1", "variant": "New-7B", "source_url": "https://other.example.org/"},
            {"value": "54.1", "variant": "New-7B", "metric": "Accuracy", "source_url": "https://new.example.org/"},
            {"value": "0.60", "scale": "fraction"},
            {"value": "", "paper": "m1"},
            {"value": "1", "paper": "nobody"},
            {"value": "50", "paper": "m1"},
        ) == [
            ("second source", ""),
            ("duplicate", "New-7B on MMMU: Accuracy says the same already, from the same source"),
            ("new", ""),
            ("unreadable", UNREADABLE),
            ("unreadable", UNREADABLE),
            ("rival", ""),
        ]

    def test_rows_that_contradict_one_another_are_rivals(self) -> None:
        assert self.states({"value": "54.1"}, {"value": "54.2"}) == [
            ("rival", "row 2 of this table says 54.2"),
            ("rival", "row 1 of this table says 54.1"),
        ]

    def test_a_value_out_of_bounds_cannot_be_approved(self) -> None:
        make_benchmark(name="Nest", metrics=[{"name": "hits", "unit": "percent", "minimum": "0", "maximum": "100"}])

        [row] = self.table({"benchmark": "nest", "metric": "hits", "split": "", "value": "600"}).rows

        assert (row.state, row.bounds) == (State.OUT_OF_BOUNDS, "0 to 100")
        assert row.reason.startswith("600, but hits lies between 0 and 100 percent")
        assert not row.state.can_be_approved

    def test_a_claim_on_another_track_is_no_rival(self) -> None:
        make_result(**CLAIM, paper="new", value="20", harness="lmms-eval")

        assert self.states({"value": "54.1"}) == [("new", "")]

    def test_a_row_says_what_is_on_record_and_on_the_board(self) -> None:
        rival = make_result(**CLAIM, paper="new", value="99", source_url="https://arxiv.org/abs/2401.00001")

        [row] = self.table({"value": "0.101", "scale": "fraction", "source_url": "https://new.example.org/x"}).rows

        assert ([claim.slug for claim in row.on_record], row.on_board, row.outside) == ([rival.slug], "50 to 99", True)
        assert (row.number, row.is_shifted, row.source, row.source_class) == (
            *(Decimal("10.1"), True),
            *("new.example.org", "class unknown"),
        )

    def test_the_boards_are_those_with_what_is_taken(self) -> None:
        table = self.table({"value": "57.5"}, {"value": "99", "paper": "m3"}, {"value": "50.5", "split": ""})

        [board] = table.boards([0])
        assert (board.title, board.ranked) == ("MMMU, val, as reported", 11)
        assert [(row.place, row.model, row.is_proposed) if row else None for row in board.rows] == [
            None,
            ("2", "M8", False),
            ("3", "New", True),
            ("4", "M7", False),
        ]
        assert [one.reason for one in table.boards([2])] == ["no split is stated"]
        assert table.boards([]) == []

    def test_an_edit_stands_in_place_of_its_entry(self) -> None:
        mine = make_result(**CLAIM, paper="new", value="99", verification="checked")
        table = Table([({**CLAIM, "paper": "new", "value": "54.5"}, mine.slug)])

        assert [row.state for row in table.rows] == [State.NEW]
        [board] = table.boards([0])
        assert [row.place for row in board.rows if row and row.is_proposed] == ["6"]

    def test_a_hundred_rows_take_as_many_queries_as_one(self) -> None:
        counts = []
        for many in (1, 100):
            with CaptureQueriesContext(connection) as queries:
                table = self.table(*({"value": f"{at / 10}", "source_url": "https://e.org/"} for at in range(many)))
                assert len(table.rows) == many
                assert table.boards(range(many))
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_damaged_values_are_told_and_break_nothing(self) -> None:
        assert self.states({"value": "much"}, {"value": None}, {"value": "NaN"}) == [("unreadable", UNREADABLE)] * 3
