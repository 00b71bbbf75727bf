"""The change feed: in order, without duplicates or gaps."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connection, transaction

from catalog.kinds import KINDS
from catalog.ledger.publishing import merge, publish, restore, retire
from catalog.models import Revision
from tests.catalog.api.reading import BASE, read, refused
from tests.factories import make_dataset, make_paper, make_revision, trace

WRITERS, EACH = 4, 12


def read_changes(path: str = "changes/") -> list[tuple[str, str, int]]:
    return [(row["action"], row["slug"], row["revision"]) for row in read(path)["results"]]


@pytest.mark.django_db
def test_a_change_has_the_full_payload_and_its_contributor() -> None:
    paper = make_paper(name="CLIP", year=2020)
    make_revision("paper", paper, year=2021, source="https://a.example/", comment="As printed.", slug="openai-clip")

    change = read("changes/")["results"][1]

    revision = Revision.objects.get(number=2)
    assert change.pop("at") == revision.at.isoformat()
    assert change == {
        "action": "edit",
        "kind": "paper",
        "slug": "openai-clip",
        "moved_from": "clip",
        "merged_into": None,
        "name": "CLIP",
        "url": f"{BASE}/api/v1/papers/openai-clip/",
        "html_url": f"{BASE}/papers/openai-clip/",
        "revision": 2,
        "contributor": "ada",
        "approver": "grace",
        "seconder": None,
        "source": "https://a.example/",
        "comment": "As printed.",
        "changed": ["year"],
        "fields": {**KINDS["paper"].dump(paper), "year": 2021},
    }


@pytest.mark.django_db
def test_every_kind_of_change_is_listed_in_order() -> None:
    paper, duplicate, target = make_paper(name="CLIP"), make_paper(name="Duplicate"), make_paper(name="Target")
    make_revision("paper", paper, slug="openai-clip")
    merge(entry=duplicate, into=target, trace=trace("One paper."))
    paper.refresh_from_db()
    retire(entry=paper, trace=trace("A test."))
    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    page = read("changes/")

    assert read_changes() == [
        ("create", "clip", 1),
        ("create", "duplicate", 1),
        ("create", "target", 1),
        ("move", "openai-clip", 2),
        ("merge", "duplicate", 2),
        ("retire", "openai-clip", 3),
        ("restore", "openai-clip", 4),
    ]
    assert [row["merged_into"] for row in page["results"]] == [None, None, None, None, "target", None, None]
    assert [row["fields"] is None for row in page["results"]] == [False, False, False, False, True, True, False]


@pytest.mark.django_db
def test_the_cursor_goes_on_where_it_stopped() -> None:
    for name in ("A", "B", "C"):
        make_paper(name=name)
    first = read("changes/?page_size=2")
    last = read(first["next"].partition("/api/v1/")[2])
    make_paper(name="D")

    assert [row["slug"] for row in first["results"]] == ["a", "b"]
    assert (first["has_more"], last["has_more"]) == (True, False)
    assert [row["slug"] for row in last["results"]] == ["c"]
    assert read_changes(f"changes/?since={last['cursor']}") == [("create", "d", 1)]


@pytest.mark.django_db
def test_a_follower_may_begin_now() -> None:
    make_paper(name="A")
    now = read("changes/?since=now")
    make_paper(name="B")

    assert now["results"] == []
    assert read_changes(f"changes/?since={now['cursor']}") == [("create", "b", 1)]


@pytest.mark.django_db
def test_changes_are_narrowed_by_kind_and_action() -> None:
    paper = make_paper(name="A")
    make_dataset(name="B")
    make_revision("paper", paper, year=2021)

    assert read_changes("changes/?kind=dataset") == [("create", "b", 1)]
    assert read_changes("changes/?kind=paper&action=edit") == [("edit", "a", 2)]
    assert list(refused("changes/?kind=model&since=x")) == ["kind"]
    assert list(refused("changes/?since=x")) == ["since"]


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Start a thread with its own database connection, which it closes."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def followed(done: Callable[[], bool]) -> Iterator[tuple[str, str, int]]:
    """Yield what a client of the feed reads until `done` and nothing is left."""
    since, finished, more = "", False, True
    while more or not finished:
        finished = done()
        page = read(f"changes/?page_size=3{since}")
        yield from ((row["action"], row["slug"], row["revision"]) for row in page["results"])
        since, more = f"&since={page['cursor']}", page["has_more"]


class RolledBack(Exception):
    """An error that rolls a writer back."""


@pytest.mark.django_db(transaction=True)
def test_a_follower_misses_nothing_while_others_publish() -> None:
    signed = trace()

    def write(number: int) -> None:
        for turn in range(EACH):
            name = f"Paper {number} {turn}"
            payload = {"name": name}
            revision = publish(kind=KINDS["paper"], payload=payload, trace=signed)
            entry = KINDS["paper"].model.objects.get(pk=revision.entry_id)
            try:
                with transaction.atomic():
                    edited = {**payload, "year": 2000 + turn}
                    publish(kind=KINDS["paper"], payload=edited, trace=signed, entry=entry)
                    if turn % 3 == 0:
                        raise RolledBack
            except RolledBack:
                continue

    threads = [in_thread(partial(write, number)) for number in range(WRITERS)]
    seen = list(followed(lambda: not any(thread.is_alive() for thread in threads)))
    for thread in threads:
        thread.join()

    ledger = list(Revision.objects.order_by("id").values_list("action", "slug", "number"))
    assert len(ledger) == WRITERS * (EACH + EACH - EACH // 3)
    assert seen == ledger


@pytest.mark.django_db(transaction=True)
def test_a_change_never_becomes_visible_before_one_that_took_its_place_earlier() -> None:
    """On PostgreSQL a sequence assigns ids before the commit: without the publish lock the second revision would become
    visible first, and a client that has read it would never see the first."""
    signed = trace()
    published, may_commit = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            publish(kind=KINDS["paper"], payload={"name": "First"}, trace=signed)
            published.set()
            may_commit.wait(20)

    def second() -> None:
        publish(kind=KINDS["paper"], payload={"name": "Second"}, trace=signed)

    one = in_thread(first)
    assert published.wait(20)
    two = in_thread(second)
    two.join(0.5)

    assert (two.is_alive(), read_changes()) == (True, [])
    may_commit.set()
    one.join()
    two.join()
    assert read_changes() == [("create", "first", 1), ("create", "second", 1)]
