"""Payloads of results that earlier releases wrote are read in the present shape."""

from typing import Any

import pytest

from catalog.kinds.result.form import ResultForm
from catalog.ledger.integrity import errors_of_changed
from catalog.models import Revision


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


FORMER = {"variant_inferred": "", "split_inferred": "", "setting_inferred": "", "fine_tuned": None, "subset": ""}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({}, {"fine_tuned": False}, ["fine_tuned"]),
        ({"split_inferred": "val"}, {"split": "val"}, ["split", "split_inferred"]),
        ({"setting": "0-shot"}, {"setting": "0-shot", "setting_inferred": "zero-shot"}, ["setting_inferred"]),
        ({}, {"subset": "EN", "fine_tuned": False}, ["subset", "fine_tuned"]),
    ],
)
def test_changes_of_former_fields_agree_with_the_ledger(
    before: dict[str, Any], after: dict[str, Any], changed: list[str]
) -> None:
    assert errors_of(before, after, changed) == []


def test_other_fields_of_former_revisions_are_checked_as_before() -> None:
    assert errors_of({}, {"fine_tuned": False}, ["fine_tuned", "value"]) == [
        " says that fine_tuned, value changed, and its snapshot says nothing."
    ]


def errors_of(before: dict[str, Any], after: dict[str, Any], changed: list[str]) -> list[str]:
    """What is wrong with an edit that an earlier release published."""
    first, edit = (
        Revision(kind="result", number=number, action="edit", snapshot={**FORMER, **values}, changed=changed)
        for number, values in ((1, before), (2, after))
    )
    return list(errors_of_changed(edit, first))
