"""Snapshots that are damaged: each is served as it is stored, and takes down neither lists nor what else is in them."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.ledger import as_of
from catalog.ledger.payloads import changed_in, current_payload_of, payload_of, read_json
from catalog.models import Revision
from tests.catalog.api.reading import read
from tests.factories import make_component, make_paper, make_revision
from tests.older_code import declare_changes

pytestmark = pytest.mark.django_db

PAPER = KINDS["paper"].form
TODAY, OLDER = "today's shape", "an older shape"
in_every_shape = pytest.mark.parametrize("shape", [TODAY, OLDER])
WRONG_TYPES: list[dict[str, Any]] = [
    {"sources": None},
    {"sources": "x"},
    {"sources": [None, 5]},
    {"sources": [{"field": [], "url": {}, "note": "", "confidence": 1, "source_class": 0}]},
    {"links": "x"},
    {"links": 5},
    {"links": ["x", None]},
    {"section": []},
    {"topics": [{}]},
    {"topics": "x"},
    {"vision_encoders": {"component": "vit"}},
    {"vision_encoders": [{"component": ["vit"], "variants": "x", "note": None}]},
    {"year": {}},
    {"name": None},
]
ODD_VALUES: list[dict[str, Any]] = [
    {"links": [{"kind": "nonsense", "url": "x"}]},
    {"sources": [{"field": "year"}]},
    {"sources": [{"field": "year", "url": "http://[", "confidence": "nonsense", "note": "", "source_class": "odd"}]},
    {"released": "2026-99-99"},
    {"released": "soon"},
    {"year": 10**30},
    {"authors": [""]},
    {"family": "no-such-slug"},
    {"unknown": {"a": 1}},
]
NO_OBJECTS: list[Any] = [[], None, 5, "x", [1]]


def damage(revision: Revision, shape: str = TODAY, **columns: Any) -> Revision:
    """The revision with JSON columns changed by hand, in today's shape or in one that is not known."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE catalog_revision DISABLE TRIGGER catalog_revision_no_change")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS catalog_revision_no_update")
        if shape == OLDER:
            cursor.execute("UPDATE catalog_revision SET shape = NULL WHERE id = %s", [revision.pk])
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE catalog_revision SET {column} = %s WHERE id = %s",  # noqa: S608 -- ours
                [json.dumps(value), revision.pk],
            )
    return Revision.objects.get(pk=revision.pk)


def first_revision() -> Revision:
    paper = make_paper(name="CLIP")
    return Revision.objects.of("paper", paper.pk).get()


def edited_revision() -> Revision:
    """The second revision of an entry, which a log shows beside the first."""
    paper = make_paper(name="CLIP")
    return make_revision("paper", entry=paper, year=2021, source="https://example.org/")


@in_every_shape
@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=str)
@pytest.mark.parametrize("changed", [False, True], ids=["", "renamed"])
def test_a_value_of_a_wrong_type_is_read_as_it_is(
    shape: str, wrong: dict[str, Any], changed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if changed:
        declare_changes(monkeypatch)
    revision = first_revision()
    damaged = {**revision.snapshot, **wrong}
    revision = damage(revision, shape, snapshot=damaged)

    assert current_payload_of(revision) == damaged


@in_every_shape
@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=str)
def test_lists_are_served_with_a_value_of_a_wrong_type(shape: str, wrong: dict[str, Any]) -> None:
    make_paper(name="Other", notes="Sound.")
    revision = edited_revision()
    damaged = {**revision.snapshot, **wrong}
    damage(revision, shape, snapshot=damaged)

    listed = {row["slug"]: row["fields"] for row in read("papers/")["results"]}
    changes = {row["slug"]: row["fields"] for row in read("changes/")["results"]}
    one = read("papers/clip/")["fields"]
    old = read("papers/clip/revisions/2/")["fields"]
    answer: Any = Client().get("/api/v1/papers/", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert (listed["other"]["notes"], changes["other"]["notes"]) == ("Sound.", "Sound.")
    assert (listed["clip"], changes["clip"], one, old) == (damaged, damaged, damaged, damaged)
    assert {row["slug"] for row in lines} == {"clip", "other"}
    for path in ("/", "/papers/", "/changes/", "/feeds/changes.atom"):
        assert Client().get(path).status_code == 200, path


@in_every_shape
def test_the_api_serves_integers_of_any_size(shape: str) -> None:
    revision = edited_revision()
    make_component(name="Set", paper="clip")
    damage(revision, shape, snapshot={**revision.snapshot, "year": 10**30})

    listed = [read(path)["results"][0] for path in ("changes/?action=edit", "papers/?include=provenance", "papers/")]
    listed += [read("papers/clip/"), read("papers/clip/revisions/2/")]
    listed += [read("components/?expand=paper")["results"][0]["expanded"]["papers"]["clip"]]

    assert [float(row["fields"]["year"]) for row in listed] == [1e30] * 6
    assert listed[0]["fields"]["year"] == 10**30


@in_every_shape
@pytest.mark.parametrize("snapshot", NO_OBJECTS, ids=str)
def test_lists_are_served_with_a_snapshot_that_is_no_object(shape: str, snapshot: Any) -> None:
    make_paper(name="Other", notes="Sound.")
    revision = damage(edited_revision(), shape, snapshot=snapshot)

    assert payload_of(revision) == current_payload_of(revision) == snapshot
    listed = {row["slug"]: row["fields"] for row in read("papers/")["results"]}
    changes = {row["slug"]: row["fields"] for row in read("changes/")["results"]}
    trimmed = {row["slug"]: row["fields"] for row in read("papers/?fields=notes")["results"]}
    answer: Any = Client().get("/api/v1/papers/", headers={"Accept": "text/csv"})
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert (listed["clip"], changes["clip"], trimmed["clip"]) == (snapshot, snapshot, {"notes": None})
    assert (listed["other"]["notes"], changes["other"]["notes"]) == ("Sound.", "Sound.")
    assert {row["slug"]: row["notes"] for row in lines} == {"clip": "", "other": "Sound."}
    for path in ("/", "/papers/", "/changes/", "/feeds/changes.atom"):
        assert Client().get(path).status_code == 200, path


@in_every_shape
@pytest.mark.parametrize("damaged", [*WRONG_TYPES, *NO_OBJECTS], ids=str)
def test_provenance_and_filters_of_the_past_are_served_beside_it(shape: str, damaged: Any) -> None:
    make_paper(name="Other", notes="Sound.", links=[{"kind": "code", "url": "https://example.org/", "label": ""}])
    revision = edited_revision()
    damage(revision, shape, snapshot={**revision.snapshot, **damaged} if isinstance(damaged, dict) else damaged)

    provenance = {row["slug"]: row["provenance"] for row in read("papers/?include=provenance")["results"]}
    past = read(f"papers/?as_of={timezone.now().date()}&link=code")["results"]

    assert provenance["other"]["notes"]
    assert [row["slug"] for row in past] == ["other"]


@in_every_shape
@pytest.mark.parametrize("damaged", [*WRONG_TYPES, *ODD_VALUES, *NO_OBJECTS], ids=str)
def test_every_page_of_the_entry_is_served(shape: str, damaged: Any) -> None:
    make_paper(name="Other")
    revision = edited_revision()
    damage(revision, shape, snapshot={**revision.snapshot, **damaged} if isinstance(damaged, dict) else damaged)
    day = (timezone.now() + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    pages = ["", "history/", "history/2/", "history/1/?from=2", "history/compare/?from=2&to=1", "blame/"]
    exports = [f"/export/papers/clip.{extension}" for extension in ("json", "bib")]

    for path in [*(f"/papers/clip/{page}" for page in [*pages, f"?as_of={day}"]), *exports]:
        assert Client().get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("damaged", "labels"), [({"links": 5, "year": {}}, "Year, Links"), ({"name": None}, "Name"), ([], "Name")]
)
def test_the_page_of_a_damaged_record_says_so(damaged: Any, labels: str) -> None:
    revision = edited_revision()
    damage(revision, snapshot={**revision.snapshot, **damaged} if isinstance(damaged, dict) else damaged)
    now = timezone.now().isoformat().replace("+00:00", "Z")

    present = " ".join(Client().get("/papers/clip/").content.decode().split())
    past = " ".join(Client().get("/papers/clip/", {"as_of": now}).content.decode().split())

    assert f"Damaged record: the latest revision holds no readable value of {labels}" in present
    assert f"Damaged record: the latest revision holds no readable value of {labels}" in past
    assert "<h1>CLIP</h1>" in present
    assert '"name": "CLIP"' in present


@pytest.mark.parametrize(
    ("damaged", "labels"), [({"links": 5, "year": {}}, "Year, Links"), ({"name": None}, "Name"), ([], "Name")]
)
def test_its_provenance_and_its_revision_say_so_too(damaged: Any, labels: str) -> None:
    revision = edited_revision()
    damage(revision, snapshot={**revision.snapshot, **damaged} if isinstance(damaged, dict) else damaged)

    pages = {
        page: " ".join(Client().get(f"/papers/clip/{page}").content.decode().split())
        for page in ("blame/", "history/2/", "history/compare/?from=1&to=2", "history/1/")
    }

    says = f"Damaged record: the latest revision holds no readable value of {labels}"
    assert says in pages["blame/"]
    assert ('<table class="blame" role="table">' in pages["blame/"]) is (damaged != [])
    numbered = f"Damaged record: revision 2 holds no readable value of {labels}"
    assert [numbered in pages[page] for page in ("history/2/", "history/compare/?from=1&to=2")] == [True, True]
    assert "Damaged record" not in pages["history/1/"]


def test_a_damaged_value_is_no_change_of_the_last_revision() -> None:
    revision = edited_revision()
    damage(revision, snapshot={**revision.snapshot, "name": None})

    assert [row for row in Client().get("/papers/clip/").context["changes"] if row["label"] == "Name"] == []


@pytest.mark.parametrize("changed", [None, 5, "x", {"a": 1}, [["name"]], [None]], ids=str)
def test_changes_are_served_with_names_that_cannot_be_read(changed: Any) -> None:
    revision = damage(first_revision(), changed=changed)

    assert changed_in(revision) == changed
    assert read("changes/")["results"][0]["changed"] == changed
    assert read("papers/clip/revisions/1/")["changed"] == changed
    for path in ("/", "/changes/", "/feeds/changes.atom", "/papers/clip/", "/papers/clip/history/"):
        assert Client().get(path).status_code == 200, path


@in_every_shape
def test_the_past_is_listed_with_a_key_that_is_missing(shape: str) -> None:
    make_paper(name="Other")
    revision = first_revision()
    damage(revision, shape, snapshot={"name": "CLIP"})
    now = timezone.now() + timedelta(seconds=1)

    entries = as_of.entries(KINDS["paper"], list(as_of.current_revisions(now)), now)

    assert sorted((entry.name, entry.notes, entry.links) for entry in entries) == [("CLIP", "", []), ("Other", "", [])]


@pytest.mark.parametrize("text", ["[]", "null", "5", '"x"'])
def test_a_text_that_is_no_object_is_copied(text: str) -> None:
    assert read_json(KINDS["paper"], text, None) == text


def test_a_row_that_older_code_wrote_keeps_a_value_of_a_wrong_type(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_changes(monkeypatch)

    payload = PAPER.upgraded({"links": [{"kind": 5, "title": ["x"]}, "x"]})

    assert payload["links"] == [{"kind": 5, "url": "", "label": ["x"]}, "x"]
