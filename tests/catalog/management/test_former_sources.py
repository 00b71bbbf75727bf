"""Sources that earlier releases left at values for which they were not given."""

import pytest

from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger import publishing
from catalog.ledger.integrity import find_errors
from catalog.management import former_sources
from catalog.management.former_sources import COMMENT, mend
from catalog.models import IndexDefinition, Revision
from tests.factories import make_paper, make_result, make_revision

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


TABLE, BLOG = "https://arxiv.org/abs/2410.08565", "https://medium.com/@somebody/scores"


def scored(**fields: str) -> tuple[str, str, str]:
    result = Result.objects.with_references().get()
    if fields:
        make_revision("result", entry=result, **fields)
    return result.value, result.source_url, result.verification


def test_a_score_of_an_earlier_release_is_not_shown_as_checked_in_the_source_of_the_former_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_result(value="47.3", source_url=TABLE, verification="checked")
    monkeypatch.setattr(publishing, "with_consequences", lambda form, before, source: form)
    scored(value="71.9", source=BLOG)
    scored(notes="Says so.")
    monkeypatch.undo()
    IndexDefinition.objects.all().delete()
    assert scored() == ("71.9", TABLE, "checked")

    assert [mend(), mend()] == [(1, []), (0, [])]

    assert scored() == ("71.9", BLOG, "reported")
    last = Revision.objects.latest("pk")
    assert (last.contributor, last.source, set(last.changed)) == ("curation", BLOG, {"source_url", "verification"})
    IndexDefinition.objects.all().delete()
    assert mend() == (0, [])
    assert list(find_errors()) == []


@pytest.mark.parametrize(
    ("since", "present"),
    [
        ({"value": "47.3"}, ("47.3", TABLE, "reported")),
        ({"source_url": BLOG, "verification": "reported"}, ("71.9", BLOG, "reported")),
    ],
    ids=["value", "source"],
)
def test_what_was_put_right_since_is_left_alone(
    since: dict[str, str], present: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_result(value="47.3", source_url=TABLE, verification="checked")
    monkeypatch.setattr(publishing, "with_consequences", lambda form, before, source: form)
    scored(value="71.9", source=BLOG)
    scored(**since, source=TABLE)
    monkeypatch.undo()
    IndexDefinition.objects.all().delete()

    mend()

    assert scored() == present
