"""Where an entry went that is not at its former slug any more."""

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.former_slugs import present_slug
from catalog.ledger.publishing import merge, retire
from tests.factories import make_paper, make_revision, trace

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
