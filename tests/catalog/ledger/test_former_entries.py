"""Which entry had a name or an identifier before it was renamed, retired or merged."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.former_entries import former_matches
from catalog.ledger.identity import Match, identity_of
from catalog.ledger.publishing import merge, restore, retire
from tests.factories import make_paper, make_revision, trace

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]
ARXIV = "2407.01449"


def match(**payload: Any) -> Match[int] | None:
    return former_matches([(PAPER, identity_of(PAPER, payload), payload["name"])])[0]


@pytest.mark.parametrize("name", ["Old Name", "OldName", "old-name", "Old  Name!"])
def test_an_entry_is_found_by_a_spelling_of_its_former_name(name: str) -> None:
    entry = make_paper(name="Old Name")
    make_revision("paper", entry=entry, name="New name", slug="new-name")

    assert match(name=name) == Match(entry.pk)


def test_a_retired_entry_is_found_by_its_id_which_is_doubtful_under_another_name() -> None:
    entry = make_paper(name="Gone", arxiv_id=ARXIV)
    gone = entry.pk
    retire(entry=entry, trace=trace("No such model."))

    assert match(name="Gone: a long title", arxiv_id=f"{ARXIV}v2") == Match(gone, f"has the same arXiv id {ARXIV}")
    assert match(name="Gone", arxiv_id=ARXIV) == Match(gone)
    assert match(name="Gone+") == Match(gone, "has the same name but for signs")
    assert match(name="Gone", arxiv_id="2501.12948") is None


def test_a_retired_entry_is_found_by_its_name_though_its_slug_was_numbered() -> None:
    make_paper(name="Twin", arxiv_id="2501.12948")
    second = make_paper(name="Twin", arxiv_id=ARXIV)
    gone = second.pk
    retire(entry=second, trace=trace("No such model."))

    assert match(name="Twin", arxiv_id=ARXIV) == Match(gone)


def test_merged_entries_are_the_one_that_they_were_merged_into() -> None:
    target = make_paper(name="Target")
    for name in ("Aa", "A-a"):
        merge(entry=make_paper(name=name), into=Paper.objects.get(pk=target.pk), trace=trace("The same model."))

    assert match(name="A a") == Match(target.pk)


def test_an_entry_that_was_retired_and_restored_is_known_by_all_that_it_was() -> None:
    entry = make_paper(name="Back", arxiv_id=ARXIV)
    pk = entry.pk
    retire(entry=entry, trace=trace("No such model."))
    restore(kind=PAPER, entry_id=pk, trace=trace("A model."))

    assert match(name="Back") == Match(pk)


def test_a_former_name_that_two_had_is_doubtful() -> None:
    first, second = make_paper(name="R1", arxiv_id=ARXIV), make_paper(name="R-1", arxiv_id="2501.12948")
    pk = first.pk
    for entry in (first, second):
        retire(entry=entry, trace=trace("No such model."))

    assert match(name="R1") == Match(pk, "is one of several with this name", is_one_of_several=True)
