"""Queries of the ledger: history, blame and differences."""

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.history import blame, payload_differences
from catalog.models import Revision
from tests.factories import make_component, make_paper, make_revision

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


def test_blame_gives_each_item_to_the_revision_that_brought_it() -> None:
    make_component(name="SigLIP")
    make_component(name="DINOv2")
    make_paper(name="Model", year=2020, vision_encoders=[{"component": "siglip"}])
    make_revision("paper", entry=Paper.objects.with_references().get(), year=2021)
    parts = [{"component": "siglip", "variants": [], "note": ""}, {"component": "dinov2", "variants": [], "note": ""}]
    make_revision("paper", entry=Paper.objects.with_references().get(), vision_encoders=parts)

    rows = blame(PAPER, list(Revision.objects.of("paper", Paper.objects.get().pk)))

    assert [(row.field, row.item, row.revision.number) for row in rows] == [
        ("name", "Model", 1),
        ("year", 2021, 2),
        ("vision_encoders", parts[0], 1),
        ("vision_encoders", parts[1], 3),
    ]


def test_blame_of_a_value_that_went_and_came_back_is_its_return() -> None:
    make_paper(name="Model", year=2020)
    for year in (2021, 2020):
        make_revision("paper", entry=Paper.objects.with_references().get(), year=year)

    rows = blame(PAPER, list(Revision.objects.of("paper", Paper.objects.get().pk)))

    assert [(row.field, row.revision.number) for row in rows] == [("name", 1), ("year", 3)]


def test_blame_carries_the_sources_of_its_field() -> None:
    source = {"field": "year", "url": "https://example.org/", "note": "", "confidence": "confirmed"}
    make_paper(name="Model", year=2020, sources=[source])

    rows = blame(PAPER, list(Revision.objects.all()))

    assert [(row.field, row.sources) for row in rows] == [("name", []), ("year", [source])]
