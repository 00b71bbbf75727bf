"""Queries of the ledger: history, blame and differences."""

import pytest

from catalog.kinds import KINDS
from catalog.ledger.history import payload_differences

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def test_differences_names_the_fields_in_the_order_of_the_payload() -> None:
    empty = PAPER.form.empty()

    changes = payload_differences(PAPER, {**empty, "year": 2020}, {**empty, "year": 2021, "name": "CLIP"})

    assert [(change.field, change.label, change.before, change.after) for change in changes] == [
        ("name", "Name", "", "CLIP"),
        ("year", "Year", 2020, 2021),
    ]


def test_differences_of_equal_snapshots_are_none() -> None:
    assert payload_differences(PAPER, {"name": "CLIP"}, {"name": "CLIP", "year": None}) == []
