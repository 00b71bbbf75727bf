"""Migration 0017 brings results to the form in which the payloads of the ledger are read."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from catalog.kinds.result.former import in_present_shape

migration = import_module("catalog.migrations.0018_joined_fields")
FORMER = {
    "variant": "",
    "split": "",
    "setting": "",
    "variant_inferred": "",
    "split_inferred": "",
    "setting_inferred": "",
    "fine_tuned": None,
    "shots": None,
    "inferred": [],
    "adaptation": "",
}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"split_inferred": "val"},
        {"variant_inferred": "80B", "setting_inferred": "zero-shot"},
        {"fine_tuned": True},
        {"fine_tuned": True, "shots": 4},
        {"fine_tuned": False, "shots": 0},
        {"shots": 0},
        {"shots": 4},
    ],
)
def test_a_row_and_its_payload_are_brought_to_the_same_form(said: dict[str, Any]) -> None:
    row = SimpleNamespace(**{**FORMER, **said})

    migration.join_fields_of(row)

    present = in_present_shape({**FORMER, **said})
    assert {key: getattr(row, key) for key in present} == present
