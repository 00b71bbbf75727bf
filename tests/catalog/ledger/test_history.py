"""Queries of the ledger: history, blame and differences."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.blame import blame
from catalog.ledger.history import differences, payload_differences
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
