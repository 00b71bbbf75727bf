"""Reads of the API as of a time that are answered from the past catalogue."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from catalog.ledger.past import store
from catalog.ledger.publishing import retire
from tests.catalog.api.reading import read, refused
from tests.days import TODAY
from tests.factories import make_benchmark, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
THEN, LATER = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 4, 1, 12, tzinfo=UTC)
READS = ["search/?q=clip", "leaderboards/?", "vocabularies/organisations/?"]


@pytest.fixture
def clip() -> None:
    """CLIP of OpenAI, with a result on MMMU that was retired later; its name was corrected since."""
    make_benchmark(name="MMMU", at=THEN)
    paper = make_paper(name="CLIP", organisation="Open AI", at=THEN)
    result = make_result(paper="clip", benchmark="mmmu", at=THEN)
    make_revision("paper", paper, name="CLIP of 2021", organisation="OpenAI", at=LATER)
    retire(entry=result, trace=trace("Not so.", at=LATER))
    make_paper(name="CLIPSeg", at=LATER)


def test_search_finds_what_was_there_by_the_names_of_the_day(clip: None) -> None:
    def found(day: str) -> list[tuple[str, int]]:
        return [(hit["fields"]["name"], hit["revision"]) for hit in read(f"search/?q=clip&as_of={day}")["results"]]

    assert found("2025-03-15")[0] == ("CLIP", 1)
    assert sorted(found("2025-04-15")) == [("CLIP of 2021", 2), ("CLIPSeg", 1)]
    assert sorted(found(TODAY)) == [("CLIP of 2021", 2), ("CLIPSeg", 1)]
    assert read("search/?q=clip&as_of=2025-02-01")["results"] == []


def test_the_index_of_leaderboards_counts_the_results_of_the_day(clip: None) -> None:
    def counts(day: str) -> list[tuple[str, int]]:
        return [(row["benchmark"], row["results"]) for row in read(f"leaderboards/?as_of={day}")["results"]]

    assert counts("2025-03-15") == [("mmmu", 1)]
    assert counts("2025-04-15") == counts(TODAY) == []


def test_a_vocabulary_has_the_values_of_the_day(clip: None) -> None:
    def values(day: str) -> list[tuple[str, int]]:
        rows = read(f"vocabularies/organisations/?as_of={day}")["results"]
        return [(row["label"], row["count"]) for row in rows]

    assert values("2025-03-15") == [("Open AI", 1)]
    assert values("2025-04-15") == values(TODAY) == [("OpenAI", 1)]


@pytest.mark.parametrize("path", [*READS, "papers/?", "papers/clip/?", "leaderboards/mmmu/?"])
def test_a_time_to_come_is_refused(clip: None, path: str) -> None:
    assert refused(f"{path}&as_of=2100-01-01") == {"as_of": ["“2100-01-01” is still to come."]}


@pytest.mark.parametrize("path", READS)
def test_a_past_day_is_cached_for_a_day_and_revalidated(clip: None, path: str) -> None:
    url = f"/api/v1/{path}&as_of=2025-03-15"

    first = Client().get(url)
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})

    assert (first["Cache-Control"], again.status_code) == ("public, max-age=86400", 304)


@pytest.mark.parametrize("path", READS)
def test_a_ledger_that_is_too_long_is_refused(clip: None, settings: Any, path: str) -> None:
    settings.PAST_MAX_REVISIONS = 1

    assert refused(f"{path}&as_of=2025-03-15") == {
        "as_of": ["The ledger is too long for this. Lists, entries and leaderboards of a benchmark take it."]
    }


@pytest.mark.parametrize("path", READS)
def test_while_another_day_is_prepared_the_client_is_sent_away_for_a_while(
    clip: None, settings: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(store, "MAX_WAIT", 0)
    settings.PAST_DIR.mkdir(parents=True)

    with store._building(settings.PAST_DIR):
        response = Client().get(f"/api/v1/{path}&as_of=2025-03-15")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response.json()["type"].endswith("#problem-preparing")
