"""A board as the template gets it."""

from catalog.reading.boards.rows import leaderboard
from catalog.reading.boards.shown import Leaderboard, ShownRow
from catalog.reading.results.claims import Metric
from tests.catalog.reading.boards.boards import ACCURACY, RECALL, claim, described, inferred, many, ranked


def rows(board: Leaderboard) -> list[ShownRow]:
    return [row for level in board.levels for row in level.rows]


def shown(*claims, metrics=(), metric=ACCURACY, first=0, limit=None, **about) -> Leaderboard:
    return leaderboard(ranked(*claims, metric=metric), described(*claims, **about), metrics, first, limit)


class TestRows:
    def test_say_place_model_score_and_where_it_is_from(self) -> None:
        first = claim(
            "a", "80.50", variant="7B", verification="checked", source_class="primary", reported_on="2024-03-05"
        )
        board = shown(first, claim("b", "60"), parameters=7_600_000_000, weights="open", printed="0.8050, fraction")

        row = rows(board)[0]
        assert (row.place, row.model, row.variant, row.url, row.size) == ("1", "A", "7B", "/papers/a/", "7.6B")
        assert (row.weights, row.reported, row.reported_text) == ("open", "2024-03-05", "Mar 2024")
        (score,) = row.scores
        assert score is not None
        assert (score.text, score.printed, score.url) == ("80.50", "0.8050, fraction", "/results/a-accuracy-80.50/")
        assert (row.source.shape, row.source.verified) == ("primary", "checked")

    def test_a_place_is_a_range_where_intervals_overlap(self) -> None:
        board = shown(claim("a", "85", items=900), claim("b", "84", items=900), claim("c", "60", items=900))
        assert [row.place for row in rows(board)] == ["1–2", "1–2", "3"]

    def test_several_claims_of_a_cell_are_listed_the_shown_one_first(self) -> None:
        checked = claim("a", "74.4", verification="checked")
        board = shown(checked, claim("a", "75.2"), claim("b", "60"))

        first, second = rows(board)
        assert (first.summary, second.summary, second.claims) == ("2 claims, 74.4 to 75.2", "", ())
        assert [(one.text, one.shown) for one in first.claims] == [("74.4", True), ("75.2", False)]

    def test_the_same_number_claimed_twice(self) -> None:
        board = shown(claim("a", "74.4", slug="a1"), claim("a", "74.4", slug="a2"), claim("b", "60"))
        assert rows(board)[0].summary == "2 claims, all 74.4"

    def test_claims_are_counted_by_metric(self) -> None:
        twice = [claim("a", "89.7", slug="a1"), claim("a", "89.7", slug="a2")]
        others = [claim("a", "70", metric="R@5"), claim("a", "71", metric="R@5"), claim("a", "9", metric="Z")]
        only_other = [claim("b", "60"), *(claim("b", number, metric="R@5") for number in ("50", "51"))]

        board = shown(*twice, *others, *only_other, metrics=[ACCURACY, RECALL])

        assert [row.summary for row in rows(board)] == [
            "2 claims, all 89.7; R@5: 2 claims, 70 to 71",
            "R@5: 2 claims, 50 to 51",
        ]

    def test_what_was_inferred_of_another_column_is_marked_there(self) -> None:
        other = claim("a", "7", metric="R@5", inferred=frozenset({"metric"}))
        board = shown(claim("a", "9"), claim("b", "8"), other)
        assert [[score and score.inferred for score in row.scores] for row in rows(board)] == [
            ["", "metric R@5"],
            ["", None],
        ]

    def test_what_was_inferred_of_a_rival_or_of_what_has_no_place_is_said(self) -> None:
        checked = claim("a", "9", variant="7B", verification="checked")
        rival = claim("a", "7", variant="7B", inferred=frozenset({"variant"}))
        unlike = claim("c", "5", part="Art", conditions={"shots": inferred(8)}, inferred=frozenset({"part"}))
        board = shown(*many(3, conditions={"shots": 0}), checked, rival, unlike)

        (row,) = [row for row in rows(board) if row.model == "A"]
        assert [[slot.text for slot in one.slots] for one in row.claims] == [[], ["variant 7B"]]
        assert [slot.text for slot in board.unranked[0].rows[0].slots] == ["8 shots", "part Art"]

    def test_a_disputed_claim_says_so(self) -> None:
        assert rows(shown(claim("a", "74.4", state="disputed"), claim("b", "60")))[0].state == "disputed"


class TestColumns:
    def test_the_metric_comes_first_then_those_of_the_benchmark_in_its_order(self) -> None:
        names = ("R@10", "R@5", "accuracy", "Z")
        claims = [claim("a", "1", metric=name) for name in ("Z", *names[:3])]
        board = shown(*claims, metrics=[Metric(name=name) for name in names])
        assert tuple(column.name for column in board.columns) == ("accuracy", "R@10", "R@5", "Z")

    def test_the_best_of_each_column_whose_direction_is_known_is_marked(self) -> None:
        claims = [claim("a", "9"), claim("b", "8"), claim("b", "7", metric="R@5"), claim("b", "6", metric="Z")]
        board = shown(*claims, metrics=[ACCURACY, RECALL, Metric(name="Z")])

        assert [[score and score.best for score in row.scores] for row in rows(board)] == [
            [True, None, None],
            [False, True, False],
        ]

    def test_many_columns_leave_no_room_for_strips(self) -> None:
        names = ("accuracy", "R@1", "R@5", "R@10")
        claims = [claim(model, "9", metric=name) for model in "ab" for name in names]
        board = shown(*claims)

        assert board.ticks == ()
        assert [row.strip for row in rows(board)] == [None] * 2
        assert board.width == 5 + 4

    def test_what_all_rows_say_is_said_above_them(self) -> None:
        board = shown(*many(2), metric=ACCURACY)

        assert [slot.text for slot in board.conditions] == ["shots ?", "CoT ?"]
        assert ([row.slots for row in rows(board)], board.has_conditions) == ([(), ()], False)

    def test_conditions_that_not_all_have_stay_in_the_rows(self) -> None:
        board = shown(claim("a", "9", conditions={"shots": inferred(0)}), claim("b", "8"))

        assert [slot.text for slot in board.conditions] == ["CoT ?"]
        assert [[slot.text for slot in row.slots] for row in rows(board)] == [["0 shots"], ["shots ?"]]
        assert board.has_conditions

    def test_a_single_row_says_its_conditions_itself(self) -> None:
        board = shown(claim("a", "9"))

        assert board.conditions == ()
        assert [slot.text for slot in rows(board)[0].slots] == ["shots ?", "CoT ?"]


class TestLevels:
    def test_have_a_heading_that_says_with_whom_and_why(self) -> None:
        board = shown(*(claim(name, number, items=900) for name, number in (("a", "85"), ("b", "84"), ("c", "60"))))
        assert [(level.heading, level.note, level.first, len(level.rows)) for level in board.levels] == [
            ("Level with A", "95% intervals overlap · 2 rows", True, 2),
            ("", "", False, 1),
        ]

    def test_the_same_number_without_intervals(self) -> None:
        board = shown(claim("a", "85"), claim("b", "85.0"))
        assert board.levels[0].note == "the same number · 2 rows"

    def test_the_interval_of_a_follower_covers_a_leader_without_one(self) -> None:
        board = shown(claim("a", "85"), claim("b", "84", items=900))
        assert [(level.heading, level.note) for level in board.levels] == [
            ("Level with A", "95% intervals overlap · 2 rows")
        ]

    def test_a_page_that_ends_within_one_says_how_many_it_has(self) -> None:
        claims = many(9, items=900)
        assert shown(*claims, first=2, limit=4).levels[0].note == "95% intervals overlap · 9 rows, 4 of them here"


class TestPages:
    def test_have_the_rows_that_were_asked_for(self) -> None:
        board = shown(*many(10), first=4, limit=3)

        assert [row.model for row in rows(board)] == ["MODEL-004", "MODEL-005", "MODEL-006"]
        assert (board.start, board.end, board.total, board.complete) == (5, 7, 10, False)

    def test_without_a_limit_all_are_shown(self) -> None:
        board = shown(*many(10))
        assert (board.start, board.end, board.total, board.complete) == (1, 10, 10, True)

    def test_behind_the_last_row_there_are_none(self) -> None:
        board = shown(*many(3), first=7, limit=3)
        assert (board.levels, board.start, board.complete) == ((), 0, False)

    def test_the_axis_of_the_strips_is_that_of_the_rows_shown(self) -> None:
        claims = [*many(3), claim("z", "1")]
        assert rows(shown(*claims, limit=3))[2].strip != rows(shown(*claims))[2].strip

    def test_an_empty_board(self) -> None:
        board = shown()
        assert (board.levels, board.unranked, board.set_aside, board.start, board.total) == ((), (), (), 0, 0)


class TestUnranked:
    def test_is_grouped_by_what_differs(self) -> None:
        zero = {"shots": 0, "judge": "gpt-4"}
        board = shown(
            *many(4, conditions=zero),
            claim("x", "99", conditions={"shots": 8}),
            claim("y", "9", conditions={"judge": "gpt-4o"}),
            claim("z", "8", conditions={"shots": 1}),
        )

        assert [(group.heading, group.note, [row.reason for row in group.rows]) for group in board.unranked] == [
            ("Different shots", "2 results; ranked: 0 shots", ["8 shots; better than the first", "1 shot"]),
            ("Different judge", "1 result; ranked: judge gpt-4", ["judge gpt-4o"]),
        ]

    def test_has_those_without_a_value(self) -> None:
        board = shown(*many(3), claim("x", "70", metric="R@5"))
        assert [(group.heading, [row.reason for row in group.rows]) for group in board.unranked] == [
            ("No value for accuracy", ["R@5 70"])
        ]

    def test_what_was_superseded_or_withdrawn_is_apart_with_its_state(self) -> None:
        board = shown(
            *many(3), claim("x", "70", state="superseded"), claim("y", "60", outdated="before the correction")
        )
        assert [(row.model, row.place, row.reason) for row in board.set_aside] == [
            ("X", "", "superseded"),
            ("Y", "", "before the correction"),
        ]
