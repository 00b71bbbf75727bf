"""Items of lists whose references merges move."""

import pytest

from catalog.kinds import KINDS
from catalog.ledger.merges import live_entry
from catalog.ledger.publishing import merge, restore
from tests.factories import make_paper, trace

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def origins(pk: int) -> list[str]:
    return sorted(row.paper.slug for row in live_entry(PAPER, pk).origins.all())  # type: ignore[union-attr]


@pytest.mark.parametrize("into", ["a", "b", "c"])
@pytest.mark.parametrize("before", [["a", "d"], ["b", "d"], ["a", "b", "d"], ["a", "b", "c", "d"], ["d"]])
def test_a_restored_entry_takes_its_own_place_among_others_of_the_list(before: list[str], into: str) -> None:
    """What else the list holds is of the same kind and relation, and is not taken for the item that moved."""
    papers = {slug: make_paper(name=slug) for slug in "abcd"}
    rows = [{"relation": "initialised-from", "paper": slug} for slug in before]
    child = make_paper(name="Child", origins=rows)

    merge(entry=papers["d"], into=papers[into], trace=trace("The same."))
    assert origins(child.pk) == sorted({*before, into} - {"d"})
    restore(kind=PAPER, entry_id=papers["d"].pk, trace=trace())

    assert origins(child.pk) == before
