"""`migrate` gives back the references that an earlier release left with the target of a merge that was undone."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.ledger import integrity
from catalog.ledger.merges import GivingBack
from catalog.ledger.publishing import merge, restore
from catalog.management.mending import give_back_what_was_left
from catalog.models import Revision
from tests.factories import make_component, make_paper, make_revision, trace

pytestmark = pytest.mark.django_db


def nothing(removal: Revision) -> GivingBack:
    return GivingBack()


@pytest.fixture
def _left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge, undone by an earlier release, and two references of which one was changed since."""
    goes, stays = make_paper(name="Goes"), make_paper(name="Stays")
    make_component(name="Left", paper="goes")
    changed: Any = make_component(name="Changed", paper="goes")
    merge(entry=goes, into=stays, trace=trace("The same."))
    make_revision("component", entry=Component.objects.with_references().get(pk=changed.pk), paper=None)
    with monkeypatch.context() as earlier:
        earlier.setattr("catalog.ledger.publishing.plan_giving_back", nothing)
        restore(kind=KINDS["paper"], entry_id=goes.pk, trace=trace("They differ."))


@pytest.mark.usefixtures("_left")
def test_what_was_left_is_given_back_once_by_a_revision_that_says_so() -> None:
    assert len(list(integrity.find_errors())) == 1

    [mended] = give_back_what_was_left()

    assert dict(Component.objects.values_list("name", "paper__slug")) == {"Left": "goes", "Changed": None}
    assert mended.comment == (
        "Goes is an entry of its own again: the restoration had left this reference with what it was merged into."
    )
    assert (mended.contributor, mended.part_of_id) == ("ada", Revision.objects.get(action="restore").pk)
    assert (list(integrity.find_errors()), give_back_what_was_left()) == ([], [])
