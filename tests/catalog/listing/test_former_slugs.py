"""A filter that names an entry by a former slug is that of the entry it leads to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision, RevisionAction
from tests.catalog.api.reading import slugs
from tests.days import TODAY
from tests.factories import (
    make_benchmark,
    make_component,
    make_dataset,
    make_paper,
    make_result,
    make_revision,
    make_topic,
    trace,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> Any:
    """A result of `goes`, which was moved from `first` and then merged into `stays`."""
    goes, stays = make_paper(name="First"), make_paper(name="Stays")
    result = make_result(paper="first", value="64.50")
    make_revision("paper", goes, slug="goes")
    merge(entry=KINDS["paper"].model.objects.get(pk=goes.pk), into=stays, trace=trace("The same."))
    return result


@pytest.mark.parametrize("former", ["first", "goes"])
def test_the_api_follows_it(result: Any, former: str) -> None:
    assert slugs(f"results/?paper={former}") == [result.slug]
    assert slugs(f"results/?paper={former}&paper=stays") == [result.slug]


@pytest.mark.parametrize("former", ["first", "goes"])
def test_a_page_redirects_with_the_rest_of_the_query(result: Any, former: str) -> None:
    reply: Any = Client().get(f"/results/?paper={former}&paper=stays&sort=name&utm_source=x")
    page = Client().get(reply["Location"])

    assert (reply.status_code, reply["Location"]) == (302, "/results/?paper=stays&sort=name&utm_source=x")
    assert [row.pk for row in page.context["page"]] == [result.pk]


def test_the_day_of_a_page_is_kept(result: Any) -> None:
    reply: Any = Client().get(f"/results/?paper=goes&as_of={TODAY}")

    assert (reply.status_code, reply["Location"]) == (302, f"/results/?paper=stays&as_of={TODAY}")


@pytest.mark.parametrize("address", ["/export/results.json", "/export/results.csv", "/feeds/results/new.atom"])
def test_exports_and_feeds_follow_it(result: Any, address: str) -> None:
    replies: list[Any] = [Client().get(f"{address}?paper={slug}") for slug in ("goes", "stays")]
    bodies = [b"".join(reply.streaming_content) if reply.streaming else reply.content for reply in replies]

    assert [reply.status_code for reply in replies] == [200, 200]
    assert [result.slug.encode() in body for body in bodies] == [True, True]


def test_it_is_unknown_once_nothing_is_left_there() -> None:
    goes, stays = make_paper(name="Goes"), make_paper(name="Stays")
    merge(entry=goes, into=stays, trace=trace("The same."))
    retire(entry=stays, trace=trace("Withdrawn."))

    reply: Any = Client().get("/api/v1/results/?paper=goes")

    assert reply.status_code == 400


def test_a_restored_entry_has_its_slug_again(result: Any) -> None:
    merged = Revision.objects.get(action=RevisionAction.MERGE)
    restore(kind=KINDS["paper"], entry_id=merged.entry_id, trace=trace("They differ."))

    assert (slugs("results/?paper=goes"), slugs("results/?paper=stays")) == ([result.slug], [])


def test_a_slug_that_another_kind_has_now_is_not_followed() -> None:
    """“Trained on” takes datasets and benchmarks."""
    dataset = make_dataset(name="COCO")
    make_paper(name="CLIP", training_datasets=[{"dataset": "coco", "name": "COCO"}])
    make_revision("dataset", dataset, slug="ms-coco")
    make_benchmark(name="COCO")

    assert (slugs("papers/?dataset=ms-coco"), slugs("papers/?dataset=coco")) == (["clip"], [])


def test_former_slugs_are_not_looked_up_for_slugs_in_use() -> None:
    make_paper(name="BLIP", vision_encoders=[{"component": make_component(name="ViT").slug}])
    with CaptureQueriesContext(connection) as queries:
        Client().get("/api/v1/papers/?component=vit")

    assert [query for query in queries if "formerslug" in query["sql"]] == []


class TestOnAPastDay:
    """A filter names an entry by any of its slugs; that of the day is used."""

    @pytest.fixture(autouse=True)
    def named(self) -> None:
        """`one` was moved to `two` in March, and `two` merged into `three` in May."""
        topic = make_topic(slug="one", at=month(1))
        into = make_topic(slug="three", at=month(1))
        make_paper(name="P", topics=["one"], at=month(1))
        make_revision("topic", topic, slug="two", at=month(3))
        live = KINDS["topic"].model.objects.get(pk=topic.pk)
        merge(entry=live, into=into, trace=trace("The same.", at=month(5)))

    @pytest.mark.parametrize(
        ("day", "own", "others"),
        [
            ("2026-02-01", "one", {"two"}),
            ("2026-04-01", "two", {"one"}),
            ("2026-06-01", "three", {"one", "two"}),
        ],
    )
    @pytest.mark.django_db(transaction=True)
    def test_pages_redirect_to_it_and_the_api_follows(self, day: str, own: str, others: set[str]) -> None:
        for slug in (own, *others):
            assert slugs(f"papers/?topic={slug}&as_of={day}") == ["p"], slug
        for slug in others:
            reply: Any = Client().get(f"/papers/?topic={slug}&as_of={day}")
            assert (reply.status_code, reply["Location"]) == (302, f"/papers/?topic={own}&as_of={day}")
        assert "/papers/p/" in Client().get(f"/papers/?topic={own}&as_of={day}").content.decode()

    def test_one_of_another_entry_is_not_followed(self) -> None:
        assert slugs("papers/?topic=three&as_of=2026-02-01") == []


def month(number: int) -> datetime:
    return datetime(2026, number, 1, tzinfo=UTC)
