"""Conditions, sources and states in words."""

from typing import Any

import pytest

from catalog.reading.boards.words import (
    Slot,
    Source,
    all_slots,
    caveats,
    condition,
    conditions,
    inferred_slots,
    listing,
    slots,
    source,
    state,
)
from catalog.reading.results.claims import Known, Value
from tests.catalog.reading.boards.boards import claim, inferred


def said(unknown: tuple[str, ...] = (), **about: Any) -> list[tuple[str, str]]:
    return [(slot.text, slot.origin) for slot in slots(claim("a", "1", **about), unknown)]


class TestSlots:
    def test_shots_and_chain_of_thought_are_there_even_if_unknown(self) -> None:
        assert said() == [("shots ?", "unknown"), ("CoT ?", "unknown")]

    def test_what_is_known_is_stated_or_inferred(self) -> None:
        known = {"shots": 0, "chain of thought": inferred(False)}
        assert said(conditions=known) == [("0 shots", "stated"), ("no CoT", "inferred")]

    def test_the_setting_stands_for_an_unknown_number_of_shots(self) -> None:
        assert said(conditions={"setting": inferred("few-shot")}) == [("few-shot", "inferred"), ("CoT ?", "unknown")]

    def test_what_is_stated_and_like_the_reference_is_not_said_again(self) -> None:
        known = {"shots": 1, "chain of thought": True, "judge": "gpt-4"}
        assert said(conditions=known) == [("1 shot", "stated"), ("CoT", "stated")]

    def test_what_is_unknown_of_the_reference_or_inferred_is_said(self) -> None:
        known = {"shots": 1, "chain of thought": True, "frames": inferred(8)}
        assert said(("judge",), conditions=known)[2:] == [("8 frames", "inferred"), ("judge ?", "unknown")]

    def test_an_inferred_split_is_said(self) -> None:
        assert said(split=inferred("val"))[2:] == [("val", "inferred")]

    def test_an_inferred_variant_part_or_metric_is_said(self) -> None:
        fields = frozenset({"variant", "part", "metric", "adaptation"})
        assert said(variant="7B", part="Art", inferred=fields)[2:] == [
            ("variant 7B", "inferred"),
            ("part Art", "inferred"),
            ("metric accuracy", "inferred"),
        ]

    def test_an_inferred_field_without_a_value_is_not_said(self) -> None:
        assert said(inferred=frozenset({"variant", "part"}))[2:] == []

    def test_an_unknown_setting_of_the_reference_stands_for_the_shots(self) -> None:
        assert said(("setting", "shots")) == [("setting ?", "unknown"), ("CoT ?", "unknown")]
        assert said(("shots",))[0] == ("shots ?", "unknown")
        assert said(("setting",), conditions={"shots": 0})[0] == ("0 shots", "stated")

    def test_without_a_reference_all_that_is_known_is_said(self) -> None:
        known = {"setting": "fine-tuned", "shots": 0, "chain of thought": True, "judge": "gpt-4", "frames": inferred(8)}
        found = all_slots(claim("a", "1", conditions=known), ("prompt",))
        assert [(slot.text, slot.origin) for slot in found] == [
            ("fine-tuned", "stated"),
            ("0 shots", "stated"),
            ("CoT", "stated"),
            ("judge gpt-4", "stated"),
            ("8 frames", "inferred"),
            ("prompt ?", "unknown"),
        ]

    def test_what_was_inferred_alone(self) -> None:
        known = {"setting": inferred("zero-shot"), "shots": inferred(0), "judge": "gpt-4"}
        found = inferred_slots(claim("a", "1", conditions=known, split=inferred("val"), inferred=frozenset({"metric"})))
        assert [slot.text for slot in found] == ["zero-shot", "val", "metric accuracy"]

    def test_equal_slots_are_equal(self) -> None:
        assert slots(claim("a", "1"), ()) == (Slot("shots ?", "unknown"), Slot("CoT ?", "unknown"))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("shots", 0, "0 shots"),
        ("shots", 1, "1 shot"),
        ("tools", True, "tools"),
        ("tools", False, "no tools"),
        ("setting", "fine-tuned", "fine-tuned"),
        ("judge", "gpt-4o", "judge gpt-4o"),
        ("frames", "1 fps", "frames 1 fps"),
        ("erratum", "before 2026-07-10", "before the correction of 10 July 2026"),
        (
            "erratum",
            "after 2025-03, before 2026-07-10",
            "after the correction of March 2025, before the correction of 10 July 2026",
        ),
        ("prompt", "x" * 90, f"prompt {'x' * 39}…"),
    ],
)
def test_a_condition_in_words(name: str, value: Value, text: str) -> None:
    assert condition(name, value) == text


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"setting": "zero-shot", "shots": 0, "judge": "gpt-4"}, "zero-shot, judge gpt-4"),
        ({"setting": "few-shot", "shots": 5}, "few-shot, 5 shots"),
        ({"shots": 0}, "0 shots"),
        ({}, ""),
    ],
)
def test_zero_shot_says_that_there_are_no_shots(known: dict[str, Value], text: str) -> None:
    assert conditions(known) == text


def test_a_list_in_words() -> None:
    assert [listing(words) for words in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ({}, ""),
        ({"state": "disputed"}, "disputed"),
        (
            {"state": "retracted", "outdated": "before the correction of 2026"},
            "retracted, before the correction of 2026",
        ),
    ],
)
def test_a_state_in_words(about: dict[str, str], text: str) -> None:
    assert state(claim("a", "1", **about)) == text


@pytest.mark.parametrize(
    ("about", "unknown", "said"),
    [
        ({}, (), ()),
        ({}, ("setting", "shots"), ("setting, shots not stated",)),
        (
            {"state": "disputed", "conditions": {"shots": inferred(0)}, "variant": "7B", "inferred": {"variant"}},
            ("judge",),
            ("disputed", "inferred: 0 shots, variant 7B", "judge not stated"),
        ),
    ],
)
def test_what_is_to_be_known_of_a_claim_beside_its_number(
    about: dict[str, Any], unknown: tuple[str, ...], said: tuple[str, ...]
) -> None:
    assert caveats(claim("a", "1", **about), unknown) == said


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (
            {},
            Source(
                shape="unclassified unverified",
                meaning="Not verified, source type unknown:",
                text="source",
                verified="",
                url="https://example.org/",
                note="Table 2",
            ),
        ),
        (
            {"verification": "checked-in-copy", "source_class": "index", "measured_by": "authors"},
            Source(
                shape="index",
                meaning="Checked in a copy of the source, index or aggregator:",
                text="authors",
                verified="in a copy",
                url="https://example.org/",
                note="Table 2",
            ),
        ),
        (
            {"verification": "reproduced", "source_class": "primary", "measured_by": "third-party"},
            Source(
                shape="primary",
                meaning="Reproduced, primary source:",
                text="third party",
                verified="reproduced",
                url="https://example.org/",
                note="Table 2",
            ),
        ),
    ],
)
def test_a_source_has_its_class_and_verification_as_shape_and_words(about: dict[str, str], expected: Source) -> None:
    assert source(claim("a", "1", **about), "https://example.org/", "Table 2") == expected


def test_a_known_value_is_the_same_whatever_its_origin() -> None:
    assert condition("judge", inferred("gpt-4").value) == condition("judge", Known("gpt-4").value)
