"""Labels: none on another, none outside, the first ones first."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.charts.labels import LONGEST, Box, Wanted, place

AREA = Box(0, 0, 600, 300)
WANTED = st.lists(
    st.builds(
        Wanted,
        text=st.text("abcXYZ-", min_size=1, max_size=40),
        x=st.floats(0, 600),
        y=st.floats(0, 300),
        kind=st.just("all"),
        below=st.booleans(),
    ),
    max_size=40,
)


@given(WANTED)
def test_no_two_labels_overlap_and_none_leaves_the_area(wanted: list[Wanted]) -> None:
    placed = place(wanted, [], AREA, 12, most=14)

    boxes = [label.box(12) for label in placed]
    assert len(placed) <= 14
    assert all(box.within(AREA) for box in boxes)
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_the_first_ones_are_placed_if_there_is_not_enough_room() -> None:
    placed = place([Wanted(name, 300, 150, "all") for name in "abcdefghijkl"], [], AREA, 12, most=3)

    assert [label.text for label in placed] == ["a", "b", "c"]


def test_a_label_goes_where_it_covers_nothing() -> None:
    above = Box(200, 100, 400, 150)

    (label,) = place([Wanted("GPT-4o", 300, 160, "all")], [above], AREA, 12, most=1)

    assert not label.box(12).overlaps(above)


def test_a_label_that_would_cover_much_everywhere_is_left_out() -> None:
    assert place([Wanted("GPT-4o", 300, 150, "all")], [AREA] * 9, AREA, 12, most=1) == ()


def test_below_is_preferred_where_lower_is_better() -> None:
    (above,) = place([Wanted("a", 300, 150, "all")], [], AREA, 12, most=1)
    (below,) = place([Wanted("a", 300, 150, "all", below=True)], [], AREA, 12, most=1)

    assert above.y < 150 < below.y


def test_a_long_name_is_cut() -> None:
    (label,) = place([Wanted("n" * 60, 300, 150, "all")], [], AREA, 12, most=1)

    assert label.text == "n" * (LONGEST - 1) + "…"
