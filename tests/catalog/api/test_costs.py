"""Query counts of reads, at one row and at many."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.days import TODAY
from tests.factories import make_benchmark, make_component, make_many, make_paper, make_result, make_topic

pytestmark = pytest.mark.django_db


def queries(path: str) -> int:
    client = Client()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == 200, response.content
    return len(captured)


def fill(count: int) -> None:
    """Make `count` papers, with up to ten different topics and components."""
    for number in range(min(count, 10)):
        make_topic(name=f"Topic {number}")
        make_component(name=f"Part {number}")
    papers = [
        {
            "name": f"Paper {number}",
            "year": 2000 + number % 20,
            "topics": [f"topic-{number % 10}"],
            "vision_encoders": [{"component": f"part-{number % 10}", "variants": [], "note": ""}],
        }
        for number in range(count)
    ]
    make_many("paper", papers)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("papers/?page_size=200", 3),
        ("papers/?page_size=200&count=true", 4),
        ("papers/?page_size=200&year_min=1990", 3),
        ("papers/?page_size=200&topic=topic-1", 4),
        ("papers/?page_size=200&topic=topic-1&topic=topic-2&component=part-1&year=2001&vision=part-1", 4),
        ("papers/?page_size=200&expand=topics,section&include=provenance", 7),
        (f"papers/?page_size=200&as_of={TODAY}", 3),
        (f"papers/?page_size=200&as_of={TODAY}&year_min=1990", 6),
        ("changes/?page_size=200", 2),
        ("search/?q=paper&page_size=50", 4),
    ],
)
def test_queries_do_not_grow_with_rows(path: str, most: int) -> None:
    fill(4)
    few = queries(path)
    fill(8)
    many = queries(path)

    assert (few, many) == (most, most)


def test_a_page_costs_the_same_with_1_25_and_200_rows_expanded_or_not() -> None:
    fill(200)
    plain = [queries(f"papers/?page_size={size}") for size in (1, 25, 200)]
    expanded = [queries(f"papers/?page_size={size}&expand=topics,vision_encoders") for size in (1, 25, 200)]

    assert (plain, expanded) == ([3, 3, 3], [5, 5, 5])


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("papers/clip/", 2),
        ("papers/clip/?expand=topics", 4),
        ("papers/clip/?include=provenance", 4),
        (f"papers/clip/?as_of={TODAY}", 3),
        ("papers/clip/revisions/", 3),
        ("papers/clip/revisions/1/", 3),
    ],
)
def test_an_entry_runs_few_queries(path: str, most: int) -> None:
    make_paper(name="CLIP", topics=[make_topic(name="Grounding").slug])

    assert queries(path) == most


def test_the_second_page_of_an_order_asks_each_part_of_it_once() -> None:
    for number in range(8):
        make_paper(name=f"Paper {number}", year=2000 + number // 3)
    client = Client()
    following = client.get("/api/v1/papers/?sort=released&page_size=2").json()["next"]

    assert queries(following.partition("/api/v1/")[2]) <= 5


def test_boards_do_not_grow_with_results() -> None:
    benchmark = make_benchmark(name="MMMU")
    paper = make_paper(name="CLIP")
    make_result(paper=paper.slug, benchmark=benchmark.slug)
    few = queries("leaderboards/mmmu/"), queries(f"leaderboards/mmmu/?as_of={TODAY}")
    for number in range(9):
        make_result(paper=paper.slug, benchmark=benchmark.slug, variant=str(number), value=str(number))

    assert few == (6, 9)
    assert (queries("leaderboards/mmmu/"), queries(f"leaderboards/mmmu/?as_of={TODAY}")) == few
