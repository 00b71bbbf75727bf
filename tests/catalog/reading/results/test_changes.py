"""What changed on a board between two days."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.results.boards import Board, Row, board
from catalog.reading.results.changes import Change, changes
from catalog.reading.results.claims import Claim, Known, Metric

METRIC = Metric(name="accuracy", direction="higher")


def day(numbers: dict[str, str]) -> Board:
    claims = [
        Claim(slug=f"{model}-{number}", model=model, metric="accuracy", number=Decimal(number), split=Known("val"))
        for model, number in numbers.items()
    ]
    return board(claims, METRIC, {})


def models(rows: tuple[Row, ...]) -> list[str]:
    return [str(row.claim.model) for row in rows]


def moves(rows: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Model and places."""
    return [(str(one.after.claim.model), _place(one.before), _place(one.after)) for one in rows]


def _place(row: Row) -> str:
    return row.place.text if row.place else ""


def test_rows_numbers_and_places_are_compared_and_the_first_is_named() -> None:
    found = changes(
        day({"a": "70", "b": "60", "c": "50", "d": "40", "e": "5"}),
        day({"new": "80", "a": "70", "c": "65", "b": "60", "e": "5"}),
    )

    assert (models(found.new), models(found.gone)) == (["new"], ["d"])
    assert moves(found.numbers) == [("c", "3", "3")]
    assert moves(found.places) == [("a", "1", "2"), ("b", "2", "4")]
    assert models(tuple(filter(None, (found.first_before, found.first_after)))) == ["a", "new"]
    assert not found.same_first


def test_another_claim_for_the_same_number_is_no_change() -> None:
    assert not changes(day({"a": "70.0", "b": "60"}), day({"a": "70", "b": "60"}))


def test_without_places_nobody_is_first() -> None:
    found = changes(day({"a": "70"}), day({"a": "70", "b": "80"}))
    assert found.first_before is None
    assert models(found.new) == ["b"]
    assert moves(found.places) == [("a", "", "2")]


BOARDS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9).map(str)).map(day)


@given(BOARDS)
def test_nothing_changed_from_a_board_to_itself(one: Board) -> None:
    assert not changes(one, one)


@given(BOARDS, BOARDS)
def test_going_back_swaps_what_is_new_and_what_is_gone(before: Board, after: Board) -> None:
    there, back = changes(before, after), changes(after, before)

    assert (there.new, there.gone) == (back.gone, back.new)
    assert sorted(moves(there.places)) == sorted((model, to, since) for model, since, to in moves(back.places))
    assert (there.first_before, there.first_after) == (back.first_after, back.first_before)


@given(BOARDS, BOARDS)
def test_every_ranked_row_is_new_or_was_there(before: Board, after: Board) -> None:
    found = changes(before, after)

    kept = set(models(after.ranked)) - set(models(found.new))
    assert kept == set(models(before.ranked)) - set(models(found.gone))
    changed = {model for model, *_ in (*moves(found.numbers), *moves(found.places))}
    assert changed <= kept
    then = {row.claim.model: (row.claim.number, row.place) for row in before.ranked}
    now = {row.claim.model: (row.claim.number, row.place) for row in after.ranked}
    assert {model for model in kept - changed if then[model] != now[model]} == set()
