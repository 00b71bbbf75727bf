"""Validators, caching and other response headers."""

import gzip
from typing import Any

import pytest
from django.test import Client

from catalog.api.conditional import base_revision
from tests.catalog.api.reading import unpacked
from tests.days import TODAY
from tests.factories import make_benchmark, make_paper, make_revision, make_topic
from tests.people import person, signed_in

pytestmark = pytest.mark.django_db

READS = [
    "",
    "papers/",
    "papers/?include=provenance",
    f"papers/?as_of={TODAY}",
    "papers.csv",
    "papers.jsonl",
    "papers/clip/",
    "papers/clip/?expand=topics",
    "papers/clip/?include=provenance",
    "papers/clip/revisions/",
    "papers/clip/revisions/1/",
    "search/?q=clip",
    "leaderboards/",
    "leaderboards/mmmu/",
    "changes/",
    "changes/?since=now",
    "vocabularies/",
    "vocabularies/modalities/",
    "schema/",
]


@pytest.fixture
def clip() -> Any:
    make_benchmark(name="MMMU")
    return make_paper(name="CLIP", summary="Reads and sees. " * 40)


def ask(path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/{path}", headers=headers)


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("path", READS)
def test_a_read_that_has_not_changed_is_a_304_without_a_body(path: str, encoding: str, clip: Any) -> None:
    full = ask(path, **{"Accept-Encoding": encoding})
    tag = full.headers["ETag"]

    again = ask(path, **{"Accept-Encoding": encoding, "If-None-Match": f'"other", {tag}'})

    assert (full.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"], again.headers["Vary"]) == (
        tag,
        full.headers["Cache-Control"],
        full.headers["Vary"],
    )
    assert ask(path, **{"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", ["papers/", "papers/clip/", "search/?q=clip", "leaderboards/mmmu/", "papers.csv"])
def test_a_read_that_has_changed_has_another_tag(path: str, clip: Any) -> None:
    before = ask(path).headers["ETag"]
    make_revision("paper", clip, year=2021)

    assert ask(path, **{"If-None-Match": before}).status_code == 200


def test_a_tag_is_of_one_address_query_and_format(clip: Any) -> None:
    paths = ["papers/", "papers/?fields=name", "papers/?sort=name", "papers/clip/", "papers/clip/?fields=name"]
    tags = {ask(path).headers["ETag"] for path in paths}
    tags |= {ask("papers/", Accept=kind).headers["ETag"] for kind in ("text/csv", "application/jsonl")}

    assert len(tags) == len(paths) + 2


def test_a_renamed_neighbour_changes_what_it_is_expanded_in() -> None:
    topic = make_topic(name="Grounding")
    make_paper(name="CLIP", topics=["grounding"])
    before = ask("papers/clip/?expand=topics").headers["ETag"]
    make_revision("topic", topic, summary="New.")

    assert ask("papers/clip/?expand=topics", **{"If-None-Match": before}).status_code == 200


def test_a_date_counts_only_without_an_etag(clip: Any) -> None:
    modified = ask("papers/clip/").headers["Last-Modified"]
    early = "Wed, 01 Jan 2020 00:00:00 GMT"

    assert ask("papers/clip/", **{"If-Modified-Since": modified}).status_code == 304
    assert ask("papers/clip/", **{"If-Modified-Since": early}).status_code == 200
    assert ask("papers/clip/", **{"If-Modified-Since": "yesterday"}).status_code == 200
    assert ask("papers/clip/", **{"If-Modified-Since": modified, "If-None-Match": '"other"'}).status_code == 200


def test_a_compressed_answer_has_the_tag_of_the_plain_one(clip: Any) -> None:
    plain, packed = ask("papers/clip/"), ask("papers/clip/", **{"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip", "gzip"),
        ("brotli", ""),
        ("identity", ""),
    ],
)
def test_a_body_is_compressed_as_the_client_takes_it(accepted: str, used: str, clip: Any) -> None:
    answer = ask("papers/clip/", **{"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding", "") == used
    assert unpacked(answer.content, used) == ask("papers/clip/").content
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_made_for_one_client_is_compressed_the_cheapest_way(clip: Any) -> None:
    client = signed_in(person("ada"))
    answer = client.get("/api/v1/papers/clip/", headers={"Accept-Encoding": "gzip, br, zstd"})

    assert answer.headers["Content-Encoding"] == "zstd"
    assert unpacked(answer.content, "zstd") == ask("papers/clip/").content


@pytest.mark.parametrize("accepted", ["zstd", "gzip", ""])
def test_a_stream_is_compressed_as_the_client_takes_it(accepted: str, clip: Any) -> None:
    answer = ask("papers.jsonl", **{"Accept-Encoding": accepted})

    assert answer.streaming
    assert answer.headers.get("Content-Encoding", "") == accepted
    assert unpacked(b"".join(answer.streaming_content), accepted) == b"".join(ask("papers.jsonl").streaming_content)
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_shared_caches_may_keep_what_is_anonymous_and_nothing_else(clip: Any) -> None:
    signed = signed_in(person("ada")).get("/api/v1/papers/")

    assert ask("papers/").headers["Cache-Control"] == "public, max-age=0, s-maxage=30, stale-while-revalidate=60"
    assert ask("papers/?as_of=2020-01-01").headers["Cache-Control"] == "public, max-age=86400"
    assert ask("changes/").headers["Cache-Control"] == "public, no-cache"
    assert ask("papers/nowhere/").headers["Cache-Control"] == "no-store"
    assert signed.headers["Cache-Control"] == "private, no-cache"
    assert set(signed.headers["Vary"].split(", ")) >= {"Accept", "Accept-Encoding", "Authorization", "Cookie"}


@pytest.mark.parametrize("path", ["papers/", "papers/clip/", "papers.csv", "changes/"])
def test_head_is_get_without_the_body(path: str, clip: Any) -> None:
    head, get = Client().head(f"/api/v1/{path}"), ask(path)

    assert head.status_code == 200
    assert {name: head.headers[name] for name in ("ETag", "Content-Type")} == {
        name: get.headers[name] for name in ("ETag", "Content-Type")
    }


def test_options_says_what_is_allowed() -> None:
    response = Client().options("/api/v1/papers/")

    assert (response.status_code, response.headers["Allow"]) == (200, "GET, HEAD, OPTIONS")


def test_any_origin_may_read_and_none_with_credentials(clip: Any) -> None:
    headers = ask("papers/", Origin="https://elsewhere.example").headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert (
        "Access-Control-Allow-Origin" not in Client().get("/", headers={"Origin": "https://elsewhere.example"}).headers
    )


@pytest.mark.parametrize(
    ("header", "revision"),
    [('W/"r12-abc"', 12), ('"r1-abc"', 1), ('"abc"', None), ("*", None), ('"r1-a", "r2-b"', None), ("r1-abc", None)],
)
def test_the_tag_of_an_entry_names_its_revision(header: str, revision: int | None) -> None:
    assert base_revision(header) == revision


def test_the_tag_of_a_read_entry_names_its_revision(clip: Any) -> None:
    make_revision("paper", clip, year=2021)

    assert base_revision(ask("papers/clip/").headers["ETag"]) == 2
