"""Strips: one axis for the rows that are shown."""

from decimal import Decimal

from catalog.reading.boards.strips import Strip, strip, strip_axis, strip_ticks
from tests.catalog.reading.boards.boards import claim, ranked


def test_scores_intervals_and_rivals_share_an_axis() -> None:
    board = ranked(
        claim("a", "80.0", error=Decimal(5)), claim("b", "60.0"), claim("b", "50.0", verification="checked", slug="b2")
    )
    axis = strip_axis(board.ranked, "accuracy")

    assert axis is not None
    first, second = (strip(row, axis, "accuracy", "closed") for row in board.ranked)
    assert (first.x, first.low, first.high, first.words) == (75.4, 50.8, 100.0, "between 70.2 and 89.8")
    assert (second.x, second.low, second.high, second.rivals, second.words) == (0.0, None, None, (25.1,), "")
    assert [(tick.x, tick.text) for tick in strip_ticks(axis)] == [
        (0.0, "50"),
        (25.1, "60"),
        (50.3, "70"),
        (75.4, "80"),
    ]


def test_without_rows_there_is_no_axis() -> None:
    assert strip_axis([], "accuracy") is None


def test_the_shape_is_that_of_the_weights() -> None:
    board = ranked(claim("a", "80"), claim("b", "60"))
    axis = strip_axis(board.ranked, "accuracy")

    assert axis is not None
    shapes: dict[str, Strip] = {w: strip(board.ranked[0], axis, "accuracy", w) for w in ("open", "closed", "")}
    assert [shapes[weights].d for weights in ("open", "closed", "")] == [
        "M-4 0a4 4 0 1 1 8 0a4 4 0 1 1-8 0z",
        "M0 -5l5 5-5 5-5-5z",
        "M-3.5 -3.5h7v7h-7z",
    ]
