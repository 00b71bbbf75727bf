"""Boards rank like with like, name what they leave out, and move nobody for saying more."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.reading.results.boards import Board, Row, board
from catalog.reading.results.claims import Claim, Known, Metric, Origin, Value
from catalog.reading.results.comparing import CONDITIONS, compare

ACCURACY = Metric(name="accuracy", direction="higher", primary=True, proportion=True)
ERROR = Metric(name="WER", direction="lower", primary=True)
SPLIT = Known("val")


def claim(model: str, number: str, **about: Any) -> Claim:
    conditions = {name: Known(value) for name, value in about.pop("conditions", {}).items()}
    about = {"metric": "accuracy", "split": SPLIT, "slug": f"{model}-{number}-{len(conditions)}", **about}
    return Claim(model=model, number=Decimal(number), conditions=conditions, **about)


def order(rows: tuple[Row, ...]) -> list[str]:
    return [str(row.claim.model) for row in rows]


def places(done: Board) -> list[tuple[str, int, int]]:
    return [(str(row.claim.model), row.place.first, row.place.last) for row in done.ranked if row.place]


def ranked(*claims: Claim, metric: Metric = ACCURACY, stated: Mapping[str, Value] | None = None) -> Board:
    return board(claims, metric, stated or {})


class TestPlaces:
    def test_the_best_is_first_and_equal_numbers_share_their_places(self) -> None:
        done = ranked(claim("a", "60.2"), claim("b", "70.2"), claim("c", "60.20"), claim("d", "50"))
        assert places(done) == [("b", 1, 1), ("a", 2, 3), ("c", 2, 3), ("d", 4, 4)]

    def test_the_smallest_is_first_where_lower_is_better(self) -> None:
        done = ranked(claim("a", "6", metric="WER"), claim("b", "4", metric="WER"), metric=ERROR)
        assert order(done.ranked) == ["b", "a"]

    def test_overlapping_intervals_make_places_ranges(self) -> None:
        done = ranked(claim("a", "85.4", items=900), claim("b", "84.2", items=900), claim("c", "60.0", items=900))
        assert places(done) == [("a", 1, 2), ("b", 1, 2), ("c", 3, 3)]

    def test_a_standard_error_goes_before_the_number_of_items(self) -> None:
        done = ranked(claim("a", "85.4", error=Decimal("0.1"), items=900), claim("b", "84.2", error=Decimal("0.1")))
        assert places(done) == [("a", 1, 1), ("b", 2, 2)]

    @pytest.mark.parametrize(
        ("claims", "metric", "reason"),
        [
            ([claim("a", "1", split=None), claim("b", "2", split=None)], ACCURACY, "no split is stated"),
            ([claim("a", "1"), claim("b", "2")], Metric(name="accuracy"), "it is not known whether higher"),
            ([claim("a", "1")], ACCURACY, "there is only one"),
        ],
    )
    def test_without_them_the_board_says_why(self, claims: list[Claim], metric: Metric, reason: str) -> None:
        done = ranked(*claims, metric=metric)
        assert done.reason.startswith(reason)
        assert places(done) == []


class TestConditions:
    def test_what_differs_from_what_the_most_models_have_is_not_ranked(self) -> None:
        tuned = claim("tuned", "78.3", conditions={"setting": "fine-tuned"})
        done = ranked(
            claim("a", "60", conditions={"setting": "zero-shot"}),
            claim("b", "62", conditions={"setting": "zero-shot"}),
            claim("c", "61"),
            tuned,
        )
        assert (done.reference, order(done.ranked)) == ({"setting": "zero-shot"}, ["b", "c", "a"])
        assert [(row.claim, row.differs) for row in done.unlike] == [(tuned, ("setting",))]
        assert [row.unknown for row in done.ranked] == [(), ("setting",), ()]
        assert order(done.better_but_unlike) == ["tuned"]

    def test_those_of_the_benchmark_go_before_those_of_the_most(self) -> None:
        claims = [claim(model, "6", conditions={"setting": "zero-shot"}) for model in "abc"]
        done = ranked(*claims, claim("d", "5", conditions={"setting": "fine-tuned"}), stated={"setting": "fine-tuned"})
        assert (order(done.ranked), len(done.unlike)) == (["d"], 3)

    def test_a_checkpoint_that_was_measured_in_two_ways_has_a_row_for_each(self) -> None:
        done = ranked(
            claim("a", "60", conditions={"shots": 0}),
            claim("a", "65", conditions={"shots": 8}),
            claim("b", "61", conditions={"shots": 0}),
        )
        assert (order(done.ranked), order(done.unlike)) == (["b", "a"], ["a"])


class TestClaims:
    def test_a_rival_takes_no_place(self) -> None:
        done = ranked(
            claim("a", "58.3", measured_by="third-party"),
            claim("a", "63.1", measured_by="authors"),
            claim("b", "60"),
        )
        assert places(done) == [("a", 1, 1), ("b", 2, 2)]
        cell = done.ranked[0].cells["accuracy"]
        assert (str(cell.shown.number), cell.rivals, cell.spread) == ("63.1", 1, (Decimal("58.3"), Decimal("63.1")))

    def test_what_is_shown_is_what_was_checked_best(self) -> None:
        about: list[dict[str, Any]] = [
            {"state": "disputed", "verification": "reproduced"},
            {"verification": "reproduced", "source_class": "list"},
            {"verification": "checked", "source_class": "primary"},
            {"source_class": "primary", "measured_by": "third-party", "reported_on": "2025-01-01"},
            {"source_class": "index", "measured_by": "authors"},
        ]
        claims = [claim("a", str(50 + number), slug=str(number), **one) for number, one in enumerate(about)]
        done = ranked(*claims, claim("b", "1"))
        assert [one.slug for one in done.ranked[0].cells["accuracy"].claims] == ["1", "2", "3", "4", "0"]

    @pytest.mark.parametrize("gone", [{"state": "retracted"}, {"state": "superseded"}, {"outdated": "2026-07-10"}])
    def test_what_does_not_stand_takes_no_place_and_stays_in_sight(self, gone: dict[str, str]) -> None:
        done = ranked(claim("a", "99", **gone), claim("b", "60"), claim("c", "50"))
        assert (order(done.ranked), order(done.set_aside)) == (["b", "c"], ["a"])

    def test_metrics_are_columns_of_the_row_that_differs_alike(self) -> None:
        recall = [Metric(name=f"R@{k}", direction="higher", proportion=True) for k in (1, 5, 10)]
        tuned = {"setting": "fine-tuned"}
        rows = {"clip": ("68.7", "90.6", "95.2"), "align": ("75.7", "93.8", "96.8")}
        claims = [
            claim(model, number, metric=metric.name)
            for model, numbers in rows.items()
            for metric, number in zip(recall, numbers, strict=True)
        ]
        claims += [claim("blip", "87.6", metric="R@1", conditions=tuned)]
        claims += [claim("align", "84.9", metric="R@1", conditions=tuned)]
        claims += [claim("florence", "97.1", metric="R@10")]

        done = ranked(*claims, metric=recall[0], stated={"setting": "zero-shot"})

        assert done.metrics == ("R@1", "R@10", "R@5")
        shown = [{name: str(cell.shown.number) for name, cell in row.cells.items()} for row in done.ranked]
        assert shown == [
            {"R@1": "75.7", "R@5": "93.8", "R@10": "96.8"},
            {"R@1": "68.7", "R@5": "90.6", "R@10": "95.2"},
        ]
        assert [(row.claim.model, list(row.cells)) for row in done.unlike] == [("blip", ["R@1"]), ("align", ["R@1"])]
        assert order(done.without) == ["florence"]


# -- whatever the claims are
numbers = st.integers(0, 100).map(str)
values: dict[str, st.SearchStrategy[Value]] = {
    "setting": st.sampled_from(["zero-shot", "few-shot", "fine-tuned"]),
    "shots": st.integers(0, 2),
    "chain of thought": st.booleans(),
    "judge": st.sampled_from(["GPT-4", "GPT-4o"]),
}
conditions = st.fixed_dictionaries({}, optional=values)
claims = st.builds(
    lambda model, variant, number, conditions, state, items, slug: claim(
        model, number, variant=variant, conditions=conditions, state=state, items=items, slug=str(slug)
    ),
    st.sampled_from("abcde"),
    st.sampled_from(["", "7B"]),
    numbers,
    conditions,
    st.sampled_from(["live", "live", "disputed", "superseded", "retracted"]),
    st.none() | st.integers(10, 5000),
    st.integers(0, 10**6),
)
lists = st.lists(claims, max_size=14, unique_by=lambda one: one.slug)


def pairs(done: Board) -> dict[tuple[str, str], bool]:
    """For each two results with a place, whether the first one's number is better."""
    return {
        (one.claim.slug, other.claim.slug): number < rest
        for number, one in enumerate(done.ranked)
        for rest, other in enumerate(done.ranked)
        if one.claim.number != other.claim.number
    }


@given(claims, claims)
def test_comparing_is_symmetrical(one: Claim, other: Claim) -> None:
    assert compare(one, other) == compare(other, one)
    assert not compare(one, one).differs


@given(lists, st.data())
def test_stating_what_the_reference_is_changes_no_order(all_claims: list[Claim], data: st.DataObject) -> None:
    before = ranked(*all_claims)
    silent = [
        (number, name)
        for number, one in enumerate(all_claims)
        for name in before.reference
        if name not in one.conditions
    ]
    if not silent:
        return
    number, name = data.draw(st.sampled_from(silent))
    one = all_claims[number]
    stated = one._replace(conditions={**one.conditions, name: Known(before.reference[name])})
    after = ranked(*all_claims[:number], stated, *all_claims[number + 1 :])

    assert after.reference == before.reference
    assert [(row.claim.slug, row.place) for row in after.ranked] == [
        (row.claim.slug, row.place) for row in before.ranked
    ]


@given(lists, claims)
def test_another_result_changes_the_order_of_no_others(all_claims: list[Claim], new: Claim) -> None:
    assume(new.slug not in {one.slug for one in all_claims})
    before, after = ranked(*all_claims), ranked(*all_claims, new)
    changed = [pair for pair, is_better in pairs(before).items() if pairs(after).get(pair, is_better) != is_better]
    assert changed == []


@given(lists, claims)
def test_where_the_benchmark_states_its_conditions_another_result_moves_nobody_out(
    all_claims: list[Claim], new: Claim
) -> None:
    assume(new.slug not in {one.slug for one in all_claims})
    stated: dict[str, Value] = {**dict.fromkeys(CONDITIONS, "-"), "setting": "zero-shot", "shots": 0}
    before, after = ranked(*all_claims, stated=stated), ranked(*all_claims, new, stated=stated)

    def others(done: Board) -> list[str]:
        return [row.claim.slug for row in done.ranked if row.claim.checkpoint != new.checkpoint]

    assert others(before) == others(after)


@given(lists)
def test_what_differs_is_never_ranked_together(all_claims: list[Claim]) -> None:
    done = ranked(*all_claims)
    for one in done.ranked:
        assert [compare(one.claim, other.claim).differs for other in done.ranked if other is not one] == [
            () for other in done.ranked if other is not one
        ]


@given(lists)
def test_the_other_direction_reverses_the_order(all_claims: list[Claim]) -> None:
    up, down = ranked(*all_claims), ranked(*all_claims, metric=Metric(name="accuracy", direction="lower"))
    assert pairs(up) == {(other, one): is_better for (one, other), is_better in pairs(down).items()}


@given(lists, st.data())
def test_more_items_never_widen_a_place(all_claims: list[Claim], data: st.DataObject) -> None:
    measured = [number for number, one in enumerate(all_claims) if one.items]
    if not measured:
        return
    number = data.draw(st.sampled_from(measured))
    one = all_claims[number]
    more = one._replace(items=(one.items or 1) * 3)

    before = {row.claim.slug: row.place for row in ranked(*all_claims).ranked}
    after = {row.claim.slug: row.place for row in ranked(*all_claims[:number], more, *all_claims[number + 1 :]).ranked}

    for slug, place in after.items():
        former = before[slug]
        assert (place is None) == (former is None)
        assert place is None or former is None or former.first <= place.first <= place.last <= former.last


@given(lists, st.data())
def test_retracting_a_row_leaves_the_others_as_they_are(all_claims: list[Claim], data: st.DataObject) -> None:
    if not all_claims:
        return
    number = data.draw(st.integers(0, len(all_claims) - 1))
    one = all_claims[number]
    gone = one._replace(state="retracted")
    before, after = ranked(*all_claims), ranked(*all_claims[:number], gone, *all_claims[number + 1 :])

    def others(done: Board) -> list[str]:
        return [row.claim.slug for row in done.ranked if row.claim.checkpoint != one.checkpoint]

    assert others(before) == others(after)


@given(lists)
def test_every_claim_is_somewhere(all_claims: list[Claim]) -> None:
    done = ranked(*all_claims)
    rows = [*done.ranked, *done.unlike, *done.set_aside, *done.without]
    shown = [one.slug for row in rows for one in row.cells["accuracy"].claims]
    assert sorted(shown) == sorted(one.slug for one in all_claims)


def test_where_a_value_comes_from_makes_no_difference() -> None:
    assert Known(0, Origin.INFERRED) == Known(0, Origin.STATED)


class TestWhatDiffers:
    def test_claims_under_other_values_of_a_condition_are_rows_of_their_own(self) -> None:
        done = ranked(
            claim("a", "70", conditions={"shots": 0}),
            claim("b", "75", conditions={"shots": 0}),
            claim("c", "60", conditions={"shots": 4}),
            claim("c", "80", conditions={"shots": 32}),
        )
        assert [(f"{row.claim.number:f}", row.differs) for row in done.unlike] == [
            ("80", ("shots",)),
            ("60", ("shots",)),
        ]
        assert [f"{row.claim.number:f}" for row in done.better_but_unlike] == ["80"]

    def test_what_was_inferred_for_one_model_is_no_condition_of_all(self) -> None:
        inferred = Known("fine-tuned", Origin.INFERRED)
        one = Claim(
            slug="x", model="a", split=SPLIT, metric="accuracy", number=Decimal(9), conditions={"setting": inferred}
        )
        assert ranked(claim("b", "1"), one).reference == {}
        other = Claim(
            slug="y", model="c", split=SPLIT, metric="accuracy", number=Decimal(8), conditions={"setting": inferred}
        )
        assert ranked(claim("b", "1"), one, other).reference == {"setting": "fine-tuned"}

    def test_a_value_of_another_metric_under_other_conditions_is_shown_too(self) -> None:
        done = ranked(
            claim("a", "70", conditions={"setting": "zero-shot"}),
            claim("b", "60", conditions={"setting": "zero-shot"}),
            claim("a", "99", metric="F1", conditions={"setting": "fine-tuned"}),
        )
        assert [(list(row.cells), f"{row.claim.number:f}") for row in done.without] == [(["F1"], "99")]

    def test_a_board_of_retracted_results_has_none_to_rank(self) -> None:
        assert ranked(claim("a", "70", state="retracted")).reason == "there is none to rank"
