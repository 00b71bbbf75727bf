"""The drawing of models by date: a true scale, and no label on another."""

from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from catalog.web.timeline import LEFT, LETTER_WIDTH, WIDTH, Dot, timeline

DATES = st.dates(date(2019, 1, 1), date(2030, 12, 31)).map(str)
MODELS = st.lists(st.tuples(st.text("abcdeXYZ-.", min_size=1, max_size=24), st.just("/x/"), DATES), max_size=40)


def span(dot: Dot) -> tuple[float, float]:
    width = len(dot.name) * LETTER_WIDTH
    return (dot.x, dot.label_x + width) if dot.anchor == "start" else (dot.label_x - width, dot.x)


@given(MODELS)
def test_every_model_is_drawn_once_within_the_drawing_and_no_two_overlap(models: list[tuple[str, str, str]]) -> None:
    drawing = timeline(models)

    dots = [dot for year in drawing.years for dot in year.dots]
    assert sorted(dot.released for dot in dots) == sorted(model[2] for model in models)
    assert all(LEFT <= dot.x <= WIDTH and 0 <= dot.y <= drawing.height for dot in dots)
    for one, other in combinations(dots, 2):
        if one.y == other.y:
            assert span(one)[1] <= span(other)[0] or span(other)[1] <= span(one)[0]


def test_a_day_that_does_not_exist_is_left_out() -> None:
    drawing = timeline([("a", "/", "2021-02-30"), ("b", "/", "2021-13"), ("c", "/", "2021-02-28")])

    assert [dot.name for year in drawing.years for dot in year.dots] == ["c"]


def test_the_scale_is_true_within_a_year() -> None:
    drawing = timeline([("a", "/", "2024-01-01"), ("b", "/", "2024-07-01"), ("c", "/", "2024-12-30")])

    first, middle, last = (dot.x for dot in drawing.years[0].dots)
    assert abs((middle - first) / (last - first) - 182 / 364) < 0.001


def test_a_month_stands_for_its_first_day_and_years_run_from_the_newest() -> None:
    drawing = timeline([("old", "/", "2021-01"), ("new", "/", "2024-02")])

    assert [year.year for year in drawing.years] == [2024, 2021]
    assert drawing.years[1].dots[0].x == LEFT


def test_nothing_gives_an_empty_drawing() -> None:
    assert timeline([]).years == []
