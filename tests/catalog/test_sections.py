"""Entries stand in the order of their sections, and follow a section that moves."""

import pytest

from catalog.kinds import KINDS
from catalog.models import Section
from tests.factories import make_paper, make_revision

pytestmark = pytest.mark.django_db


def listed() -> list[str]:
    return list(
        KINDS["paper"].model.objects.order_by(*KINDS["paper"].orders["listed"].by).values_list("slug", flat=True)
    )


def test_entries_stand_in_the_order_of_their_sections_those_without_one_last() -> None:
    for position, slug in enumerate(("early", "late")):
        Section.objects.create(slug=slug, name=slug, kind="paper", position=position)
    make_paper(name="A")
    make_paper(name="B", section="late")
    make_paper(name="C", section="early")
    make_paper(name="D", section="early")

    assert listed() == ["c", "d", "b", "a"]

    Section.objects.update_or_create(slug="early", defaults={"position": 7})

    assert listed() == ["b", "c", "d", "a"]


def test_an_entry_that_changes_its_section_changes_its_place() -> None:
    for position, slug in enumerate(("early", "late")):
        Section.objects.create(slug=slug, name=slug, kind="paper", position=position)
    paper = make_paper(name="A", section="early")
    make_paper(name="B", section="late")
    make_revision("paper", paper, section=None)

    assert listed() == ["b", "a"]
