"""What a change did to a board, in sentences."""

from typing import Any

import pytest

from catalog.reading.boards.change_sentences import change_sentence
from catalog.reading.results.board_changes import BoardChange, board_change
from catalog.reading.results.claims import Claim
from tests.catalog.reading.boards.boards import ACCURACY, ERROR, claim, ranked

OTHERS = (claim("b", "60", conditions={"shots": 0}), claim("c", "50", conditions={"shots": 0}))


def said(before: Claim | None, after: Claim | None, *others: Claim, **about: Any) -> str:
    """The sentence about a claim beside others."""
    return change_sentence(changed(before, after, *(others or OTHERS), **about), lambda one: str(one.model).upper())


def changed(before: Claim | None, after: Claim | None, *others: Claim, metric: Any = ACCURACY) -> BoardChange:
    was, now = (ranked(*filter(None, (one, *others)), metric=metric) for one in (before, after))
    return board_change(was, now, before.slug if before else "", after.slug if after else "")


def a(number: str, **about: Any) -> Claim:
    return claim("a", number, **{"conditions": {"shots": 0}, "slug": "a", **about})


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, a("70"), "A enters at place 1 with 70; before, B was first with 60."),
        (None, a("55"), "A enters at place 2 with 55."),
        (a("70"), None, "A leaves with 70, which had place 1. B is first with 60; before, A was first with 70."),
        (a("55"), None, "A leaves with 55, which had place 2."),
        (a("55"), a("56"), "A has 56, before 55. Its place is 2, as before."),
        (a("55"), a("45"), "A has 45, before 55. Its place is 3, before 2."),
        (a("55"), a("70"), "A has 70, before 55. Its place is 1, before 2; before, B was first with 60."),
        (a("70"), a("71"), "A has 71, before 70. Its place is 1, as before; before, A was first with 70."),
        (
            a("70"),
            a("70", state="retracted"),
            "A, 70, is retracted. No place: retracted. B is first with 60; before, A was first with 70.",
        ),
        (a("55", state="disputed"), a("55"), "A, 55, is not disputed any more. Its place is 2, as before."),
        (
            a("55"),
            a("55", conditions={"shots": 8}),
            "A, 55, says more of how it was measured, or something else. No place: 8 shots, not 0 shots.",
        ),
        (
            a("55", verification="checked"),
            a("55"),
            "A, 55, is not verified any more. Its place is 2, as before.",
        ),
        (a("55"), a("55", locator="Table 2"), "A, 55, has other details of its source. Its place is 2, as before."),
        (
            a("55"),
            a("55", variant="7B"),
            "A, 55, is of another model or size than was said before. Its place is 2, as before.",
        ),
        (a("55", conditions={"shots": 8}), None, "A leaves with 55, which had no place."),
    ],
)
def test_a_change_of_a_result_says_what_it_did(before: Claim | None, after: Claim | None, sentence: str) -> None:
    assert said(before, after) == sentence


def test_the_first_of_a_metric_that_is_better_when_lower_has_the_least() -> None:
    others = [claim(name, number, metric="WER") for name, number in (("b", "6"), ("c", "7"))]
    assert (
        said(None, a("5", metric="WER", conditions={}), *others, metric=ERROR)
        == "A enters at place 1 with 5; before, B was first with 6."
    )


def test_the_first_place_can_be_one_of_several() -> None:
    items = {"items": 100}
    others = [claim("b", "60", **items), claim("c", "59", **items)]
    assert said(None, a("61", conditions={}, **items), *others) == (
        "A enters at place 1–3 with 61; before, B was first with 60."
    )


def test_a_change_of_what_rows_are_compared_with_says_both() -> None:
    before, after = (ranked(*OTHERS, claim("d", "1"), stated={"shots": shots}) for shots in (0, 8))
    assert change_sentence(BoardChange(before, after), str) == (
        "Ranked are results under these conditions: 8 shots. Before, these were 0 shots. 0 rows with a place, before 3 "
        "rows with a place. Nothing is first; before, "
        f"{OTHERS[0]} was first with 60."
    )


def test_what_changes_nothing_is_not_visible() -> None:
    assert not changed(a("55"), a("55", slug="renamed"), *OTHERS).is_visible
    assert not BoardChange(ranked(*OTHERS), ranked(*OTHERS)).is_visible
    assert changed(a("55"), a("55", locator="Table 2"), *OTHERS).is_visible
