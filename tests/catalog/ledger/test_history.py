"""Queries of the ledger: history, blame and differences."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.history import blame, differences, payload_differences
from catalog.ledger.publishing import merge, restore
from catalog.models import Revision
from tests.factories import make_component, make_paper, make_revision, make_topic, trace

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


class TestWhatIsReferredTo:
    """Renaming or merging an entry changes nothing of what refers to it."""

    def history(self) -> list[Revision]:
        return list(Revision.objects.of("paper", Paper.objects.get(name="Model").pk))

    def blamed(self) -> dict[str, int]:
        return {row.field: row.revision.number for row in blame(PAPER, self.history())}

    def edit(self, **fields: Any) -> None:
        make_revision("paper", entry=Paper.objects.with_references().get(name="Model"), **fields)

    def test_a_value_is_credited_to_who_set_it_before_a_rename(self) -> None:
        part = make_component(name="SigLIP")
        make_paper(name="Model", vision_encoders=[{"component": "siglip"}])
        make_revision("component", entry=part, slug="siglip-1")
        self.edit(year=2021)

        assert self.blamed() == {"name": 1, "vision_encoders": 1, "year": 2}

    def test_a_rename_is_no_difference(self) -> None:
        part = make_component(name="SigLIP")
        make_paper(name="Model", vision_encoders=[{"component": "siglip"}])
        make_revision("component", entry=part, slug="siglip-1")
        self.edit(year=2021)

        first, second = self.history()
        assert [change.field for change in differences(PAPER, first, second)] == ["year"]

    def test_a_merge_is_a_difference_and_credits_who_set_the_value(self) -> None:
        goes, stays = make_topic(name="OCR"), make_topic(name="Reading text")
        make_paper(name="Model", topics=["ocr"])
        self.edit(year=2021)
        merge(entry=goes, into=stays, trace=trace("The same."))

        assert self.blamed() == {"name": 1, "topics": 1, "year": 2}
        changes = differences(PAPER, *self.history()[1:])
        assert [(change.field, change.before, change.after) for change in changes] == [
            ("topics", ["ocr"], ["reading-text"])
        ]
        restore(kind=KINDS["topic"], entry_id=goes.pk, trace=trace("They differ."))
        assert self.blamed() == {"name": 1, "topics": 1, "year": 2}

    def test_a_value_that_somebody_set_after_a_merge_is_theirs(self) -> None:
        goes, stays = make_topic(name="OCR"), make_topic(name="Reading text")
        make_paper(name="Model", topics=["ocr"])
        merge(entry=goes, into=stays, trace=trace("The same."))
        self.edit(topics=[])
        self.edit(topics=["reading-text"])

        assert self.blamed() == {"name": 1, "topics": 4}
