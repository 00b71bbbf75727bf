"""Where an entry went that is not at its former slug any more."""

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.former_slugs import present_slug
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision
from submissions.workflow import undo
from tests.factories import make_paper, make_result, make_revision, trace
from tests.people import moderator

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def moved(name: str, slug: str) -> Paper:
    """An entry that had a slug after its name and has another one now."""
    make_revision("paper", entry=make_paper(name=name), slug=slug)
    entry: Paper = Paper.objects.with_references().get(slug=slug)
    return entry


def test_moved_to_names_the_present_slug() -> None:
    moved("One", "two")

    assert [present_slug(PAPER, slug) for slug in ("one", "two", "three")] == ["two", None, None]


def test_moved_to_names_the_last_slug_of_an_entry_that_was_retired() -> None:
    retire(entry=moved("One", "two"), trace=trace("No such model."))

    assert [present_slug(PAPER, slug) for slug in ("one", "two")] == ["two", None]


def test_moved_to_names_the_merge_target_for_the_last_slug_of_the_duplicate() -> None:
    target = make_paper(name="Target")

    merge(entry=moved("One", "two"), into=target, trace=trace("The same model."))

    assert present_slug(PAPER, "two") == "target"


def test_a_restored_entry_takes_its_former_slugs_back() -> None:
    target, entry = make_paper(name="Target"), moved("One", "two")
    merge(entry=entry, into=target, trace=trace("The same model."))
    merge(entry=target, into=make_paper(name="Third"), trace=trace("The same model."))
    assert [present_slug(PAPER, slug) for slug in ("one", "two", "target")] == ["third", "third", "third"]

    restore(kind=PAPER, entry_id=entry.pk, trace=trace("Another model."))

    assert [present_slug(PAPER, slug) for slug in ("one", "two", "target")] == ["two", None, "third"]


def test_undoing_a_merge_and_what_it_changed_names_the_entry_that_had_moved_before() -> None:
    entry = make_paper(name="One")
    make_result(paper="one")
    make_revision("paper", entry=entry, slug="two")
    merge(entry=Paper.objects.with_references().get(), into=make_paper(name="Target"), trace=trace("The same model."))
    restored, repointed = Revision.objects.filter(action__in=["merge", "edit"]).order_by("-pk")

    for revision in (restored, repointed):
        undo(revision=revision, actor=moderator(), reason="They differ.")

    assert Result.objects.get().paper.slug == "two"
