"""The drawn board, in each state."""

import gzip
import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from catalog.reading.boards.rows import leaderboard
from catalog.reading.boards.shown import Pages
from catalog.reading.results.claims import Claim, Metric
from tests.catalog.reading.boards.boards import ACCURACY, ERROR, claim, described, inferred, many, ranked

ROW = re.compile(r'<td role="cell" class="rank">([^<]*)</td>.*?class="name" href="[^"]*">([^<]*)</a>', re.DOTALL)


def render(*claims: Claim, metric: Metric = ACCURACY, limit: int | None = None, **about: Any) -> str:
    board = leaderboard(ranked(*claims, metric=metric), described(*claims, **about), (metric,), limit=limit)
    context = {"board": board, "title": "MMMU, val", "pages": Pages(next="?page=2", all="?all=1")}
    return render_to_string("components/leaderboard.html", context)


def ranking(html: str) -> list[tuple[str, str]]:
    return ROW.findall(html)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class TestStates:
    def test_one_row_has_no_place(self) -> None:
        html = render(claim("a", "80"))
        assert ranking(html) == [("–", "A")]
        assert "Nothing is ranked, because there is only one to rank." in text(html)

    @pytest.mark.parametrize("count", [5, 50, 500])
    def test_many_rows_are_each_there_once_in_order(self, count: int) -> None:
        assert ranking(render(*many(count))) == [(str(n + 1), f"MODEL-{n:03}") for n in range(count)]

    def test_places_are_ranges_and_rows_that_are_level_have_a_heading(self) -> None:
        html = render(claim("a", "85", items=900), claim("b", "84", items=900), claim("c", "60", items=900))

        assert ranking(html) == [("1–2", "A"), ("1–2", "B"), ("3", "C")]
        assert re.findall(r'<tbody role="rowgroup"([^>]*)>', html) == [' class="level first"', ""]
        assert "Level with A : 95% intervals overlap · 2 rows" in text(html)

    def test_without_a_direction_nobody_has_a_place(self) -> None:
        html = render(*many(3), metric=Metric(name="accuracy"))
        assert [place for place, _ in ranking(html)] == ["–"] * 3
        assert "aria-sort" not in html

    def test_nothing_ranked_shows_no_table_of_ranks(self) -> None:
        html = render(claim("x", "70", state="retracted"))
        assert ranking(html) == []
        assert text(html) == (
            "Nothing is ranked. Superseded or withdrawn: 1 Superseded or withdrawn results "
            "Model accuracy Why Source Reported X exposure unknown 70 retracted "
            "Not verified, source type unknown: source"
        )

    def test_an_empty_board_says_so(self) -> None:
        assert text(render()) == "Nothing is ranked."

    def test_the_smallest_is_first_where_lower_is_better(self) -> None:
        html = render(*many(3, metric=ERROR), metric=ERROR)
        assert ranking(html) == [("1", "MODEL-000"), ("2", "MODEL-001"), ("3", "MODEL-002")]
        assert "3 are ranked by WER, lower is better." in text(html)


class TestParts:
    def test_what_is_not_ranked_is_below_by_reason(self) -> None:
        html = render(*many(4, conditions={"shots": 0}), claim("x", "99", conditions={"shots": 8}))
        below = text(html[html.index("not-ranked") :])
        assert below.endswith(
            "Different shots · 1 result; ranked: 0 shots "
            "X exposure unknown 99 8 shots; better than the first Not verified, source type unknown: source"
        )

    def test_claims_open_on_demand(self) -> None:
        html = render(claim("a", "74.4", verification="checked"), claim("a", "75.2"), claim("b", "60"))
        details = re.search(r"<details>.*?</details>", html, re.DOTALL)
        assert details is not None
        assert text(details[0]) == (
            "2 claims, 74.4 to 75.2 "
            "74.4 Checked against the source, source type unknown: source checked shown above "
            "75.2 Not verified, source type unknown: source"
        )

    def test_conditions_are_stated_inferred_or_unknown_by_shape_and_word(self) -> None:
        html = render(claim("a", "80", conditions={"shots": inferred(0), "chain of thought": True}), claim("b", "60"))
        slots = re.findall(r'<span class="slot (\w+)">(.*?)</span>', html, re.DOTALL)
        assert [(origin, text(words)) for origin, words in slots[:4]] == [
            ("inferred", "0 shots , inferred"),
            ("stated", "CoT"),
            ("unknown", "shots ?"),
            ("unknown", "CoT ?"),
        ]

    def test_what_was_inferred_is_marked_where_there_is_no_column_of_conditions(self) -> None:
        inferred_part = {"part": "Art", "inferred": frozenset({"part"})}
        html = render(
            *many(4, conditions={"shots": 0}),
            claim("model-000", "70", metric="R@5", inferred=frozenset({"metric"})),
            claim("x", "9", conditions={"shots": 8}, **inferred_part),
            claim("y", "8", state="retracted", **inferred_part),
        )
        ranks, below = html.split('id="not-ranked"')
        marks = re.findall(r'<a href="/results/model-000-R@5-70/">70</a>\s*(?:&#32;)?<i [^>]*>(\w+)</i>', ranks)
        assert marks == ["inferred"]
        assert text(below).count("part Art , inferred") == 2

    def test_all_rows_have_as_many_cells_as_the_table_has_heads(self) -> None:
        names = ("accuracy", "R@1", "R@5")
        claims = [claim(model, "9", metric=name) for model in "ab" for name in names]
        html = render(*claims, claim("c", "8"), parameters=7, weights="closed")

        head, *body = re.findall(r"<tr .*?</tr>", html[: html.index("</table>")], re.DOTALL)
        heads = head.count('role="columnheader"')
        cells = [len(re.findall(r'role="(?:cell|rowheader)"', row)) for row in body if "level-head" not in row]
        assert (cells, re.findall(r'colspan="(\d+)"', "".join(body))) == ([heads] * 3, [str(heads)])

    def test_other_pages_are_linked_and_parts_of_a_board_are_not_sorted(self) -> None:
        part, whole = render(*many(10), limit=4), render(*many(10))
        assert "Rows 1 to 4 of 10 Next Show all" in text(part)
        assert ("data-board" in part, "sort-board.js" in part) == (False, False)
        assert ("data-board" in whole, "sort-board.js" in whole, "Rows 1 to" in text(whole)) == (True, True, False)

    def test_nothing_is_styled_inline_and_names_are_escaped(self) -> None:
        html = render(claim("<u>", "80", variant="<b>"), claim("b", "60"), source_url="https://example.org/?a=1&b=2")
        assert [found in html for found in ("style=", "<U>", "<b>", "a=1&b")] == [False] * 4


def test_100_rows_are_below_60_kb_compressed_and_500_as_well() -> None:
    about: dict[str, Any] = {
        "items": 900,
        "reported_on": "2025-03-04",
        "variant": "235B-A22B",
        "measured_by": "authors",
    }
    sizes = [
        len(gzip.compress(render(*many(count, **about), parameters=7, source_url="https://example.org/a/").encode()))
        for count in (100, 500)
    ]
    assert max(sizes) < 60_000, sizes
