"""The catalogue as it stood, and that it stays so."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.ledger import as_of as asof
from catalog.ledger.publishing import merge, retire
from catalog.models import Revision
from tests.catalog.api.reading import read, slugs
from tests.days import TODAY
from tests.examples import FULL
from tests.factories import (
    make,
    make_benchmark,
    make_paper,
    make_result,
    make_revision,
    make_topic,
    trace,
)

pytestmark = pytest.mark.django_db


def now() -> str:
    """This moment, as a parameter."""
    return timezone.now().isoformat().replace("+00:00", "Z")


def live(entry: Any) -> Any:
    return KINDS[entry.kind].model.objects.with_references().get(pk=entry.pk)


@pytest.mark.parametrize("name", KINDS)
def test_an_entry_read_back_dumps_its_snapshot(name: str, surroundings: None) -> None:
    kind = KINDS[name]
    entry = make(name, **FULL[name])
    revision = Revision.objects.get(kind=name, entry_id=entry.pk)

    (past,) = asof.entries(kind, [revision], timezone.now())

    assert kind.dump(past) == revision.snapshot
    assert [dict(facet.values(past)) for facet in kind.indexed] == [dict(facet.values(entry)) for facet in kind.indexed]


def test_a_past_moment_stays_whatever_happens_after() -> None:
    clip = make_paper(name="CLIP", year=2020)
    blip = make_paper(name="BLIP")
    duplicate = make_paper(name="BLIP again")
    then = now()
    questions = [
        f"papers/?as_of={then}",
        f"papers/?as_of={then}&year_max=2020",
        f"papers/clip/?as_of={then}",
        f"papers/blip/?as_of={then}",
        f"papers/blip-again/?as_of={then}",
    ]
    before = [read(question) for question in questions]

    make_revision("paper", clip, year=2021, slug="openai-clip")
    merge(entry=duplicate, into=blip, trace=trace("One paper."))
    retire(entry=live(blip), trace=trace("A test."))
    make_paper(name="Later")

    assert [read(question) for question in questions] == before
    assert [row["slug"] for row in before[0]["results"]] == ["blip", "blip-again", "clip"]
    assert slugs("papers/") == ["later", "openai-clip"]


def test_an_address_is_the_one_of_its_time() -> None:
    paper = make_paper(name="CLIP")
    then = now()
    make_revision("paper", paper, slug="openai-clip")

    response = Client().get(f"/api/v1/papers/openai-clip/?as_of={then}")

    assert (response.status_code, response.headers["Location"]) == (
        308,
        f"http://127.0.0.1:8000/api/v1/papers/clip/?as_of={then}",
    )
    assert read(f"papers/openai-clip/?as_of={now()}")["slug"] == "openai-clip"


def test_an_entry_is_absent_before_its_first_revision_and_after_its_retirement() -> None:
    early = now()
    paper = make_paper(name="CLIP")
    retire(entry=paper, trace=trace("A test."))

    client = Client()
    assert client.get(f"/api/v1/papers/clip/?as_of={early}").status_code == 404
    retired = client.get(f"/api/v1/papers/clip/?as_of={now()}")
    assert (retired.status_code, retired.json()["reason"]) == (410, "A test.")
    assert slugs(f"papers/?as_of={early}") == slugs(f"papers/?as_of={now()}") == []


def test_a_day_stands_for_its_end() -> None:
    make_paper(name="CLIP")

    assert slugs(f"papers/?as_of={timezone.now():%Y-%m-%d}") == ["clip"]
    assert slugs("papers/?as_of=2020-01-01") == []


def test_expand_gives_the_neighbours_of_that_time() -> None:
    topic = make_topic(name="Grounding", summary="Old.")
    make_paper(name="CLIP", topics=["grounding"])
    then = now()
    make_revision("topic", topic, summary="New.", slug="visual-grounding")

    past_topic = read(f"papers/clip/?as_of={then}&expand=topics")["expanded"]["topics"]["grounding"]

    assert (past_topic["slug"], past_topic["fields"]["summary"]) == ("grounding", "Old.")


def test_pages_of_a_past_date_end_after_so_many_entries_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.listing.past.MAX_SCANNED", 2)
    for name, year in (("A", 2020), ("B", 2020), ("C", 2021), ("D", 2021), ("E", 2021)):
        make_paper(name=name, year=year)

    pages, url = [], f"papers/?as_of={TODAY}&year=2021&page_size=2"
    while url:
        page = read(url)
        pages.append([row["slug"] for row in page["results"]])
        url = (page["next"] or "").partition("/api/v1/")[2]

    assert pages == [[], ["c", "d"], ["e"]]


def ranks(path: str) -> list[tuple[int, str]]:
    rows = [row for board in read(path)["boards"] for row in board["rows"]]
    return [(row["place"]["first"], row["cells"]["accuracy"]["claims"][0]["value"]) for row in rows]


def test_a_board_is_as_it_stood() -> None:
    benchmark = make_benchmark(
        name="MMMU",
        metrics=[
            {
                "name": "accuracy",
                "unit": "%",
                "direction": "higher",
                "minimum": None,
                "maximum": None,
                "primary": True,
                "note": "",
            }
        ],
    )
    first = make_result(name="X", paper=make_paper(name="CLIP").slug, benchmark="mmmu", split="val", value="58.5")
    make_result(name="Y", paper="clip", benchmark="mmmu", split="val", value="64.50", variant="L")
    then = now()
    make_revision("benchmark", benchmark, slug="mmmu-2023")
    make_revision("result", first, value="70.1")

    assert ranks(f"leaderboards/mmmu/?as_of={then}") == [(1, "64.50"), (2, "58.5")]
    assert ranks("leaderboards/mmmu-2023/") == [(1, "70.1"), (2, "64.50")]


@pytest.mark.parametrize("merges", [0, 1, 3])
def test_slugs_of_a_time_take_a_query_for_each_merge_of_a_chain(
    merges: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    papers = [make_paper(name=f"Model {number}") for number in range(merges + 1)]
    for paper, into in pairwise(papers):
        merge(entry=live(paper), into=live(into), trace=trace("The same."))

    with django_assert_num_queries(2 + merges):
        found = asof.slugs("paper", ["model-0"], timezone.now())

    assert found == ({"model-0": f"model-{merges}"} if merges else {})
