"""Every page costs the same number of queries for 1, 25 and 10,000 rows, and none more than twelve."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import BY_PLURAL, KINDS
from catalog.kinds.paper.model import Paper, Part, TrainingData
from catalog.ledger.indexing.facets import rebuild_sets
from catalog.models import FacetValue, Revision, SearchDocument, Section
from tests.examples import FULL
from tests.factories import make, make_revision

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MISSING = "/papers/cruwd-1/"
ENTRIES = {
    "paper": "/papers/watched/",
    "dataset": "/datasets/coco/",
    "benchmark": "/benchmarks/mmmu/",
    "topic": "/topics/video/",
    "component": "/components/siglip/",
}
PLAIN = [
    *("/", "/about/", "/verification/", "/changes/", "/changes/?kind=papers&action=create", "/export/", "/feeds/"),
    *("/search/?q=crowd", "/search/?q=crowd&kind=papers", "/search/?q=cruwd", "/search/?q=zzzzzz", MISSING),
    *("/feeds/new.atom", "/feeds/changes.atom", "/feeds/papers/new.atom", "/feeds/sections/video-data/changes.atom"),
    "/benchmarks/mmmu/leaderboard.atom",
    *("/sitemap.xml", "/sitemap-papers.xml", "/robots.txt"),
]


@pytest.fixture
def watched(surroundings: None) -> dict[str, str]:
    """One entry of each kind, seen again once; the address of each by its kind."""
    Section.objects.create(slug="video-data", name="Video", kind="dataset")
    pages = dict(ENTRIES)
    make("paper", **FULL["paper"], name="Watched")
    pages |= {name: make(name, **FULL[name]).get_absolute_url() for name in KINDS if name not in ENTRIES}
    for name, page in pages.items():
        entry = KINDS[name].model.objects.with_references().get(slug=page.split("/")[2])
        make_revision(name, entry=entry, notes="Seen again.", year=2003, source="https://example.org/")
    return pages


def multiply(model: Any, numbers: range, change: dict[str, str], like: str, source: str = "series") -> None:
    """Copy the rows of a table that `like` names once a number `i`, with other values in the columns of `change`."""
    name, table = connection.ops.quote_name, model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    values = [change.get(column, f"{table}.{name(column)}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE series(i) AS (SELECT {numbers[0]} UNION ALL SELECT i + 1 FROM series "  # noqa: S608 -- ours
            f"WHERE i < {numbers[-1]}) INSERT INTO {table} ({', '.join(map(name, columns))}) "
            f"SELECT {', '.join(values)} FROM {table}, {source} WHERE {like.format(t=table)}"
        )


def crowd(numbers: range, pages: dict[str, str]) -> None:
    """Copies of what is watched, of all kinds, straight into the tables: what is counted is reading."""
    own = {"slug": "'crowd-' || i", "name": "'Crowd ' || i"}
    for name, page in pages.items():
        model = KINDS[name].model
        more = {"variant": "'v' || i"} if name == "result" else {}
        multiply(model, numbers, own | more, f"{{t}}.slug = '{page.split('/')[2]}'")
        watched = model.objects.get(slug=page.split("/")[2])
        made = f"{model._meta.db_table} made JOIN series ON made.slug = 'crowd-' || i"
        mine = f"{{t}}.kind = '{name}' AND {{t}}.entry_id = {watched.pk}"
        its = {"entry_id": "made.id", "slug": "made.slug", "name": "made.name"}
        multiply(FacetValue, numbers, {"entry_id": "made.id"}, mine, made)
        rebuild_sets(KINDS[name])
        multiply(Revision, numbers, its, f"{mine} AND {{t}}.number = 1", made)
        if name == "paper":
            words = {"names": "'crowd ' || i", "compact": "'crowd' || i", "compact_name": "'crowd' || i"}
            multiply(SearchDocument, numbers, its | words, mine, made)
            for child in (Part, TrainingData, Paper.topics.through):
                multiply(child, numbers, {"paper_id": "made.id"}, f"{{t}}.paper_id = {watched.pk}", made)
    paper = Paper.objects.with_references().get(slug="watched")
    make_revision("paper", entry=paper, notes=f"Seen with {numbers[-1]} others.")


def addresses(pages: dict[str, str]) -> list[str]:
    """One address of each sort of page."""
    paths = list(PLAIN)
    for kind in KINDS.values():
        page = pages[kind.name]
        paths += [f"/{kind.plural}/", f"/{kind.plural}/?size=50&page=2&sort=name", page]
        paths += [f"{page}history/", f"{page}history/2/", f"{page}history/compare/?from=1&to=2", f"{page}blame/"]
        paths += [f"/export{page[:-1]}.json"]
    return paths


def costs(client: Client, pages: dict[str, str]) -> dict[str, int]:
    """The queries of each page: as the first visitor after a change pays them, or the next with the same client."""
    counted = {}
    for path in addresses(pages):
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            response: Any = client.get(path)
            b"".join(response.streaming_content if response.streaming else [response.content])
        assert response.status_code == (404 if path == MISSING else 200), path
        counted[path] = len(captured)
    return counted


def test_every_page_costs_the_same_for_1_25_and_10_000_rows(client: Client, watched: dict[str, str]) -> None:
    counted = []
    for numbers in (range(1), range(1, 25), range(25, 10_000)):
        crowd(numbers, watched)
        counted.append(costs(client, watched))

    one, few, many = counted
    entries = [path for path in one if path.split("/")[1] in BY_PLURAL and path != MISSING]
    assert {path: few[path] for path in entries} == {path: one[path] for path in entries}
    assert many == few
    assert {path: count for path, count in many.items() if count > MOST_QUERIES} == {}


def test_what_was_read_before_costs_one_query(client: Client, watched: dict[str, str]) -> None:
    costs(client, watched)

    again = costs(client, watched)

    del again[MISSING]
    assert {path: count for path, count in again.items() if count != 1} == {}
