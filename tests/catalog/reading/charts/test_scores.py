"""The charts of scores: what is drawn, which are the best, and what is said of the rest."""

import re
import time
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string

from catalog.reading.charts.scores import MOST_POINTS, Chart, Point, against_size, over_time


def point(name: str, value: str, reported: str = "2024-01-01", weights: str = "open", **about: Any) -> Point:
    return Point(name=name, value=Decimal(value), text=value, reported=reported, weights=weights, **about)


POINTS = [
    point("a", "50", "2023-05", "closed", parameters=80_000_000_000),
    point("b", "40", "2023-06-01", "open", parameters=7_000_000_000, url="/papers/b/"),
    point("c", "60.5", "2024-02", "closed"),
    point("d", "55", "2024-03", "open", parameters=13_000_000_000),
    point("e", "45", "2024-04", "", parameters=3_000_000_000),
]


def drawn(chart: Chart | None) -> Chart:
    assert chart is not None
    return chart


def best(chart: Chart | None) -> dict[str, list[str]]:
    """The names on each line, as the table has them, from left to right."""
    rows = drawn(chart).rows[::-1]
    return {
        line.text: [row.point.name for row in rows if line.text in row.best.split(", ")] for line in drawn(chart).lines
    }


def render(chart: Chart | None) -> str:
    return render_to_string("components/chart.html", {"chart": drawn(chart)})


class TestLines:
    def test_each_is_better_than_all_before_it(self) -> None:
        assert best(over_time(POINTS, "accuracy", "higher")) == {
            "best so far": ["a", "c"],
            "best so far with open weights": ["b", "d"],
        }

    def test_the_lowest_is_the_best_where_lower_is_better(self) -> None:
        assert best(over_time(POINTS, "WER", "lower")) == {
            "best so far": ["a", "b"],
            "best so far with open weights": ["b"],
        }

    def test_there_are_none_where_it_is_not_known_what_is_better(self) -> None:
        chart = drawn(over_time(POINTS, "score", ""))
        assert (chart.lines, chart.labels, sum(len(group.marks) for group in chart.marks)) == ((), (), 5)

    def test_by_size_the_best_are_those_that_no_smaller_one_reaches(self) -> None:
        assert best(against_size(POINTS, "accuracy", "higher")) == {
            "best at this size or below": ["e", "d"],
            "best at this size or below with open weights": ["b", "d"],
        }

    def test_of_the_same_day_only_the_best_is_on_it(self) -> None:
        same = [point(name, value) for name, value in (("a", "1"), ("b", "3"), ("c", "2"))]
        assert best(over_time(same, "accuracy", "higher")) == {"best so far": ["b"]}

    def test_the_line_of_open_weights_is_not_drawn_where_it_is_that_of_all(self) -> None:
        chart = drawn(over_time([point("a", "1"), point("b", "2"), point("c", "0", weights="closed")], "acc", "higher"))
        assert [line.sort for line in chart.lines] == ["all"]

    def test_a_line_goes_on_to_the_edge(self) -> None:
        assert all(line.d.endswith("H598") for line in drawn(over_time(POINTS, "accuracy", "higher")).lines)


class TestLeftOut:
    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_fewer_than_three_points_are_no_chart(self, count: int) -> None:
        undated = [point(name, "3", reported="") for name in "xyz"]
        assert over_time(POINTS[:count] + undated, "accuracy", "higher") is None

    def test_what_has_no_date_is_counted(self) -> None:
        chart = drawn(
            over_time([*POINTS, point("x", "3", reported=""), point("y", "3", reported="2024-13")], "acc", "")
        )
        assert chart.notes == ("5 results.", "2 without a date are left out.")

    def test_what_has_no_size_is_counted(self) -> None:
        chart = drawn(against_size([*POINTS, point("x", "3", parameters=0)], "accuracy", "higher"))
        assert chart.notes == ("4 results.", "2 without a known number of parameters are left out.")

    def test_of_many_the_best_are_kept_and_of_the_others_an_even_selection(self) -> None:
        many = [point(f"m{n}", str(n % 90), f"2024-01-{1 + n % 28:02}") for n in range(500)]
        leaders = [point("first", "95", "2023-12-01"), point("second", "97", "2024-03-01")]

        chart = drawn(over_time([*leaders, *many], "accuracy", "higher"))

        assert len(chart.rows) == MOST_POINTS
        assert best(chart) == {"best so far": ["first", "second"]}
        assert sorted({int(row.point.value) // 10 for row in chart.rows}) == list(range(10))
        assert chart.notes[0] == "502 results."
        assert chart.notes[1].startswith("Only 200 are drawn and in the table")

    def test_the_best_are_thinned_too_if_there_are_too_many(self) -> None:
        rising = [point(f"m{n}", str(n), f"20{n // 300 + 10}-{n % 12 + 1:02}-{n % 28 + 1:02}") for n in range(1500)]
        rising = sorted(rising, key=lambda one: one.reported)
        rising = [point(one.name, str(n), one.reported) for n, one in enumerate(rising)]

        assert len(drawn(over_time(rising, "accuracy", "higher")).rows) == MOST_POINTS

    def test_the_same_point_twice_is_one(self) -> None:
        assert len(drawn(over_time([*POINTS, *POINTS], "accuracy", "higher")).rows) == 5


class TestDrawing:
    def test_points_are_drawn_by_their_weights_and_the_best_on_top(self) -> None:
        chart = drawn(over_time(POINTS, "accuracy", "higher"))

        assert [(group.on_line, group.weights, len(group.marks)) for group in chart.marks] == [
            (False, "", 1),
            (True, "closed", 2),
            (True, "open", 2),
        ]

    def test_higher_numbers_are_higher_and_later_days_further_right(self) -> None:
        chart = drawn(over_time(POINTS, "accuracy", "higher"))

        marks = {mark.title[0]: mark for group in chart.marks for mark in group.marks}
        assert sorted(marks, key=lambda name: marks[name].x) == ["a", "b", "c", "d", "e"]
        assert sorted(marks, key=lambda name: marks[name].y) == ["c", "d", "a", "e", "b"]

    def test_labels_name_the_best_alone(self) -> None:
        chart = drawn(over_time(POINTS, "accuracy", "higher"))
        assert {label.text for label in chart.labels} == {"a", "b", "c", "d"}


class TestTemplate:
    def test_the_words_are_those_of_the_chart(self) -> None:
        html = render(over_time(POINTS, "accuracy", "higher"))

        assert re.findall(r"<(?:title|desc) id=[^>]*>([^<]*)", html) == [
            "Score over time: accuracy",
            (
                "5 values of accuracy from 40 to 60.5, higher is better. "
                "The line “best so far” has 2 steps and ends at c with 60.5. "
                "The line “best so far with open weights” has 2 steps and ends at d with 55."
            ),
        ]
        assert 'aria-labelledby="over-time-title over-time-desc"' in " ".join(html.split())
        assert "<title>c: 60.5, Feb 2024</title>" in html

    def test_the_table_has_all_that_is_drawn_the_latest_first(self) -> None:
        html = render(over_time(POINTS, "accuracy", "higher"))

        table = html[html.index("<table>") :]
        cells = [re.sub(r"<[^>]*>| {2,}|\n", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", table, re.DOTALL)]
        assert cells[:8] == ["Model", "accuracy", "Reported", "Weights", "e", "45", "April 2024", "unknown"]
        assert [cells[n] for n in range(4, len(cells), 4)] == [
            "e",
            "dbest so far with open weights",
            "cbest so far",
            "bbest so far with open weights",
            "abest so far",
        ]
        assert '<a href="/papers/b/">b</a>' in table

    def test_there_is_no_inline_style(self) -> None:
        assert "style=" not in render(over_time(POINTS, "accuracy", "higher"))

    def test_names_are_escaped(self) -> None:
        html = render(over_time([*POINTS, point("<b>&", "99", "2025-01")], "<i>", "higher"))
        assert ("<b>&" in html, "<i>" in html) == (False, False)

    def test_200_points_are_below_60_kb(self) -> None:
        many = [
            point(
                f"InternVL-Chat-{n:03} with thinking",
                f"{20 + n * 37 % 700 / 10:.1f}",
                f"202{n % 4 + 2}-{n % 12 + 1:02}-{n % 28 + 1:02}",
                ("open", "closed", "")[n % 3],
                url=f"/papers/internvl-chat-{n:03}/",
                parameters=10**9 * (1 + n * 7 % 90),
            )
            for n in range(400)
        ]

        sizes = [len(render(chart(many, "accuracy", "higher")).encode()) for chart in (over_time, against_size)]

        assert max(sizes) < 60_000, sizes


def test_many_points_take_little_time() -> None:
    many = [point(f"m{n}", str(n * 7919 % 10_007), f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}") for n in range(5_000)]
    started = time.perf_counter()

    over_time(many, "accuracy", "higher")

    assert time.perf_counter() - started < 3
