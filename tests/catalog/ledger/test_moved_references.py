"""Items of lists whose references merges move."""

import pytest

from catalog.kinds import KINDS
from catalog.ledger.blame import blame
from catalog.ledger.merges import live_entry
from catalog.ledger.publishing import merge, restore
from catalog.models import Revision
from tests.factories import make_paper, make_revision, trace

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


def test_what_was_given_for_the_entry_that_stays_is_not_said_of_the_one_that_comes_back() -> None:
    before, since = (
        {"field": "origins", "url": f"https://{name}.example/", "note": "", "confidence": "confirmed"} for name in "ab"
    )
    a, b = make_paper(name="a"), make_paper(name="b")
    child = make_paper(name="Child", origins=[{"relation": "initialised-from", "paper": "a"}], sources=[before])
    merge(entry=a, into=b, trace=trace("The same."))
    make_revision("paper", entry=live_entry(PAPER, child.pk), sources=[before, since])

    def sources() -> list[str]:
        values = blame(PAPER, list(Revision.objects.of("paper", child.pk)))
        return [given.row["url"] for value in values if value.field == "origins" for given in value.sources]

    assert sources() == ["https://a.example/", "https://b.example/"]
    restore(kind=PAPER, entry_id=a.pk, trace=trace())
    assert sources() == ["https://a.example/"]
    assert [row["url"] for row in live_entry(PAPER, child.pk).sources] == ["https://a.example/"]  # type: ignore[union-attr]
