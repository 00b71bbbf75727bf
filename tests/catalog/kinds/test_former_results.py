"""Payloads of results that earlier releases wrote are read in the present shape."""

from typing import Any

import pytest

from catalog.kinds.result.form import ResultForm


@pytest.mark.parametrize(
    ("stored", "present"),
    [
        ({"split_inferred": "val"}, {"split": "val", "inferred": [{"field": "split", "reason": ""}]}),
        ({"split": "test", "split_inferred": "val"}, {"split": "test"}),
        (
            {"variant_inferred": "80B", "setting_inferred": "zero-shot"},
            {
                "variant": "80B",
                "setting": "zero-shot",
                "inferred": [{"field": "variant", "reason": ""}, {"field": "setting", "reason": ""}],
            },
        ),
        ({"fine_tuned": True}, {"adaptation": "fine-tuned"}),
        ({"fine_tuned": False, "shots": 0}, {"adaptation": "zero-shot", "shots": 0}),
        ({"fine_tuned": False, "shots": 4}, {"adaptation": "few-shot", "shots": 4}),
        ({"fine_tuned": False}, {}),
        ({"fine_tuned": None, "shots": 4}, {"shots": 4, "adaptation": "few-shot"}),
        ({"subset": "MMBench-CN", "headline": True}, {"part": "MMBench-CN"}),
        ({"split_inferred": ["damaged"], "fine_tuned": "damaged"}, None),
    ],
)
def test_former_fields_are_read_as_present_ones(stored: dict[str, Any], present: dict[str, Any] | None) -> None:
    upgraded = ResultForm.upgraded(stored)

    assert set(upgraded) == set(ResultForm.payload_keys())
    if present is not None:
        assert upgraded == {**ResultForm.empty(), **present}


def test_a_payload_of_today_stays_as_it_is() -> None:
    today = {**ResultForm.empty(), "split": "val", "inferred": [{"field": "split", "reason": "Table 2"}], "shots": 0}
    assert ResultForm.upgraded(today) == today


def test_part_of_a_former_payload_is_read_too() -> None:
    changes = ResultForm.upgraded_changes({"split_inferred": "val", "fine_tuned": True, "headline": True})
    assert changes == {"split": "val", "inferred": [{"field": "split", "reason": ""}], "adaptation": "fine-tuned"}


def test_sources_of_former_fields_are_those_of_the_present_ones() -> None:
    source = {"field": "split_inferred", "url": "https://example.org", "note": "", "confidence": "confirmed"}
    upgraded = ResultForm.upgraded({"split_inferred": "val", "sources": [source]})
    assert [row["field"] for row in upgraded["sources"]] == ["split"]
