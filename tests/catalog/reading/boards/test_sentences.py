"""What is said above a board: what is ranked, under which conditions, and what is not."""

from catalog.reading.boards.sentences import difference, group_heading, group_note, sentences
from catalog.reading.results.boards import Board
from catalog.reading.results.claims import Claim, Metric
from tests.catalog.reading.boards.boards import claim, inferred, many, ranked

PLACES_ARE_RANGES = "A place is a range where 95% intervals overlap."
NO_ERROR = "No error is known for any of them, so small differences mean nothing."


def said(board: Board) -> list[str]:
    return list(sentences(board, lambda row: str(row.claim.model)))


def test_ranked_rows_with_known_errors() -> None:
    assert said(ranked(*many(3, items=900))) == ["3 are ranked by accuracy, higher is better.", PLACES_ARE_RANGES]


def test_without_a_known_error_small_differences_mean_nothing() -> None:
    assert said(ranked(*many(3)))[-1] == NO_ERROR


def test_some_errors_are_known() -> None:
    assert said(ranked(*many(3, items=900), claim("z", "1"), claim("y", "2")))[-1] == (
        "A place is a range where 95% intervals overlap; for 2 without a known error, small differences mean nothing."
    )


def test_nothing_is_ranked_and_why() -> None:
    assert said(ranked(*many(2), metric=Metric(name="accuracy"))) == [
        "Nothing is ranked, because it is not known whether higher or lower is better."
    ]
    assert said(ranked()) == ["Nothing is ranked."]


def test_conditions_and_what_differs_are_said() -> None:
    zero = {"setting": "zero-shot", "shots": 0}
    board = ranked(*many(3, items=900, conditions=zero), claim("z", "1", conditions={"shots": 8}))
    assert said(board)[1:3] == [
        "They are compared with zero-shot; none is known to differ.",
        "1 was measured differently and is below.",
    ]


def test_conditions_say_how_many_rows_state_them() -> None:
    few = [claim(name, "50", conditions={"setting": "zero-shot", "shots": 0}) for name in ("x", "y")]
    concluded = claim("z", "40", conditions={"setting": inferred("zero-shot"), "frames": inferred(8)})
    another = claim("w", "30", conditions={"frames": inferred(8)})
    board = ranked(*few, concluded, another, stated={"judge": "gpt-4", "tools": False})

    assert said(board)[1] == (
        "They are compared with zero-shot (stated by 2 of 4), "
        "no tools (the benchmark’s own, stated by none), 8 frames (only inferred, for 2 of 4), "
        "judge gpt-4 (the benchmark’s own, stated by none); none is known to differ."
    )


def test_the_side_of_a_correction_is_computed_and_not_stated() -> None:
    def board(*rest: Claim) -> Board:
        return ranked(*many(2, conditions={"erratum": "before 2026-07-10"}), *rest)

    end = "are from before the correction of 10 July 2026, by their date or edition."
    assert said(board())[1] == f"All {end}"
    assert said(board(claim("z", "1")))[1] == f"2 of 3 {end}"


def test_one_row_of_several_is_from_before_a_correction() -> None:
    known = claim("x", "2", conditions={"erratum": "before 2026-07-10"})
    board = ranked(known, claim("y", "1"), claim("z", "1"), stated={"erratum": "before 2026-07-10"})
    assert "1 of 3 is from before the correction of 10 July 2026, by its date or edition." in said(board)


def test_better_ones_that_differ_are_named() -> None:
    ahead = [claim(name, number, conditions={"shots": 8}) for name, number in (("x", "99"), ("y", "98.5"), ("z", "98"))]
    board = ranked(*many(4, conditions={"shots": 0}), *ahead)

    assert said(board)[2:4] == [
        "3 were measured differently and are below.",
        "x (99), y (98.5) and 1 more have better numbers than the first.",
    ]


def test_one_better_one_that_differs() -> None:
    board = ranked(*many(4, conditions={"shots": 0}), claim("x", "99", conditions={"shots": 8}))
    assert said(board)[3] == "x (99) has a better number than the first."


def test_how_a_row_differs_and_from_what() -> None:
    board = ranked(
        *many(4, conditions={"shots": 0, "judge": "gpt-4"}),
        claim("x", "99", conditions={"shots": 8, "judge": "gpt-4o"}),
        claim("y", "9", conditions={"shots": 8}),
    )

    assert [(row.differs, difference(board, row)) for row in board.unlike] == [
        (("shots", "judge"), "8 shots, judge gpt-4o; better than the first"),
        (("shots",), "8 shots"),
    ]
    assert group_heading(("shots", "judge")) == "Different shots and judge"
    assert group_note(board, ("shots", "judge")) == "ranked: 0 shots, judge gpt-4"
