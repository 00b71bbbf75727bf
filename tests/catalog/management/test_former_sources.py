"""Sources that earlier releases left at values for which they were not given."""

import pytest

from catalog.kinds.paper.model import Paper
from catalog.ledger import publishing
from catalog.ledger.integrity import find_errors
from catalog.management import former_sources
from catalog.management.former_sources import COMMENT, mend
from catalog.models import IndexDefinition, Revision
from tests.factories import make_paper, make_revision

pytestmark = pytest.mark.django_db


def source(field: str) -> dict[str, str]:
    return {"field": field, "url": "https://example.org/", "note": "", "confidence": "confirmed", "source_class": ""}


def paper(name: str) -> Paper:
    found: Paper = Paper.objects.with_references().get(name=name)
    return found


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two edited papers, one of which an earlier release left with the source of its former year."""
    for name in ("Stale", "Right"):
        make_paper(name=name, year=2020, organisation="Lab", sources=[source("year"), source("organisation")])
    monkeypatch.setattr(publishing, "sources_after", lambda kind, entry_id, before, after, part_of: after["sources"])
    make_revision("paper", entry=paper("Stale"), year=2021)
    make_revision("paper", entry=paper("Right"), summary="Describes images.")
    monkeypatch.undo()
    IndexDefinition.objects.all().delete()


@pytest.mark.usefixtures("entries")
def test_a_source_of_a_former_value_is_taken_out_by_a_revision() -> None:
    assert mend() == (1, [])

    last = Revision.objects.of("paper", paper("Stale").pk).last()
    assert last is not None
    assert (last.number, last.contributor, last.comment, last.changed) == (3, "curation", COMMENT, ["sources"])
    assert paper("Stale").sources == [source("organisation")]
    assert paper("Right").revision == 2
    assert list(find_errors()) == []


@pytest.mark.usefixtures("entries")
def test_nothing_is_mended_twice() -> None:
    assert [mend(), mend()] == [(1, []), (0, [])]

    IndexDefinition.objects.all().delete()
    assert mend() == (0, [])


@pytest.mark.usefixtures("entries")
def test_an_entry_with_a_refused_value_is_named_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**change: object) -> None:
        raise publishing.PayloadError({"year": ["No."]})

    with monkeypatch.context() as patched:
        patched.setattr(former_sources, "publish", refuse)
        assert mend() == (0, ["paper stale"])

    assert mend() == (1, [])
