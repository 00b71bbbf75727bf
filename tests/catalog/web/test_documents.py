"""Whatever is stored, every document of the site can be read: no forbidden character, no live markup in a summary."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from catalog.text.documents import FORBIDDEN
from submissions.models import Proposal
from tests.factories import make_dataset, make_paper, make_revision
from tests.people import contributor, moderator, propose, signed_in

pytestmark = pytest.mark.django_db

FORBIDDEN_ONES = "\x01\x08\x0b\x0c\x1b\x7f\x80\x9f\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"
MARKUP = "<script>alert(1)</script>]]>&amp;&#1;\"'](http://evil.example/)"
PAGES = ["/", "/papers/", "/papers/clip/", "/papers/clip/history/", "/papers/clip/history/2/", "/papers/clip/blame/"]
MORE_PAGES = ["/changes/", "/search/?q=clip", "/export/papers.bib", "/export/papers/clip.bib", "/export/README.md"]
XML = ["/feeds/new.atom", "/feeds/changes.atom", "/feeds/papers/changes.atom", "/sitemap.xml", "/sitemap-papers.xml"]
HTML_AND_XML = [path for path in [*PAGES, *MORE_PAGES, *XML] if not path.endswith(".bib")]
JSON = ["/export/papers.json", "/export/papers/clip.json", "/export/datasets/coco.croissant.json"]
API = ["/api/v1/papers/", "/api/v1/papers/clip/", "/api/v1/papers/clip/revisions/2/", "/api/v1/changes/"]
LINES = ["/export/papers.jsonl", "/export/catalogue.jsonl", "/api/v1/papers.jsonl"]
CSV = ["/export/papers.csv", "/api/v1/papers.csv"]


def store(text: str) -> None:
    """A paper with two revisions, all of whose texts were stored when nothing was refused."""
    paper = Paper.objects.filter(slug="clip").first() or make_paper(name="CLIP")
    if not Revision.objects.filter(number=2).exists():
        make_revision("paper", entry=paper, year=2021, source="https://example.org/")
        make_dataset(name="COCO")
    Paper.objects.update(name=text, summary=text, notes=text, title=text, venue=text, authors=[text], doi=text)
    drop = "ALTER TABLE catalog_revision DISABLE TRIGGER catalog_revision_no_change"
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("DROP TRIGGER IF EXISTS catalog_revision_no_update" if is_sqlite else drop)
        for revision in Revision.objects.filter(kind="paper"):
            snapshot = {**revision.snapshot, "name": text, "summary": text, "notes": text, "authors": [text]}
            cursor.execute(
                "UPDATE catalog_revision SET name = %s, comment = %s, contributor = %s, snapshot = %s WHERE id = %s",
                [text[:200], text, f"ada{text[:90]}".replace("/", ""), json.dumps(snapshot), revision.pk],
            )


def body(path: str) -> str:
    response: Any = Client().get(path)
    assert response.status_code == 200, path
    document = b"".join(response.streaming_content if response.streaming else [response.content])
    assert int(response.get("Content-Length", len(document))) == len(document)
    return document.decode()


def texts_in(value: Any) -> list[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


def check_every_document() -> None:
    documents = {path: body(path) for path in [*PAGES, *MORE_PAGES, *XML, *JSON, *API, *LINES, *CSV]}

    assert [path for path, text in documents.items() if FORBIDDEN.search(text)] == []
    for path in XML:
        ET.fromstring(documents[path])  # noqa: S314 -- our own
    values = [json.loads(documents[path]) for path in [*JSON, *API]]
    values += [json.loads(line) for path in LINES for line in documents[path].splitlines()]
    json_ld = documents["/papers/clip/"].split('<script type="application/ld+json">')[1].split("</script>")[0]
    values.append(json.loads(json_ld))
    assert [text for value in values for text in texts_in(value) if FORBIDDEN.search(text)] == []
    for path in CSV:
        assert len(list(csv.reader(io.StringIO(documents[path], newline="")))) == 2
    assert "<script>alert" not in "".join(documents[path] for path in HTML_AND_XML)


def test_forbidden_characters_and_markup_reach_no_document() -> None:
    store(f"A{FORBIDDEN_ONES}{MARKUP}")

    check_every_document()


HALF = "half \ud800 a character, then \udfff\ud83d"
AS_OF = ["/papers/?as_of=2999-01-01", "/papers/clip/?as_of=2021-12-31", "/api/v1/papers/clip/?as_of=2021-12-31"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses such JSON")
def test_half_a_character_in_stored_json_breaks_no_document() -> None:
    paper = make_paper(name="CLIP", at=datetime(2021, 3, 1, tzinfo=UTC))
    store("CLIP")
    link = {"kind": "code", "url": "https://example.org/", "label": HALF}
    Paper.objects.update(authors=[HALF], aliases=[HALF], links=[link])
    with connection.cursor() as cursor:
        for revision in Revision.objects.filter(kind="paper"):
            said = {"name": f"CLIP {HALF}", "summary": HALF, "notes": HALF, "authors": [HALF], "links": [link]}
            snapshot = json.dumps({**revision.snapshot, **said})
            assert "\\ud800" in snapshot
            cursor.execute("UPDATE catalog_revision SET snapshot = %s WHERE id = %s", [snapshot, revision.pk])

    check_every_document()
    assert "half \ufffd a character, then \ufffd\ufffd" in body("/papers/clip/")
    assert [path for path in AS_OF[1:] if "half \ufffd a character" not in body(path)] == []
    assert (paper.pk, Paper.objects.get().aliases) == (
        Paper.objects.get().pk,
        ["half \ufffd a character, then \ufffd\ufffd"],
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses such JSON")
def test_half_a_character_in_a_stored_proposal_breaks_no_page() -> None:
    proposal = propose(name="Vim", summary="Fine.")
    payload = {**proposal.payload, "name": HALF, "summary": HALF, "authors": [HALF]}
    Proposal.objects.update(payload=payload, twins=[])
    path = f"/submissions/{proposal.pk}/"

    pages = [
        signed_in(contributor()).get(path),
        signed_in(contributor()).get("/submissions/"),
        signed_in(contributor()).get(f"/api/v1/proposals/{proposal.pk}/"),
        signed_in(moderator()).get("/admin/submissions/proposal/"),
        signed_in(moderator()).get(f"/admin/submissions/proposal/{proposal.pk}/change/"),
    ]

    assert [page.status_code for page in pages] == [200] * 5
    assert ["half \ufffd a character" in page.content.decode() for page in pages[2:3]] == [True]


@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
def test_any_stored_text_is_served(db: None, text: str) -> None:
    store(text)

    check_every_document()


@pytest.mark.parametrize("path", ["/feeds/changes.atom", "/feeds/new.atom", "/feeds/papers/changes.atom"])
def test_a_summary_of_a_feed_is_text(path: str) -> None:
    make_paper(name="CLIP", comment="See <b>this</b> <script>alert(1)</script>")
    atom = "{http://www.w3.org/2005/Atom}"

    [summary] = ET.fromstring(body(path)).iter(f"{atom}summary")  # noqa: S314 -- our own

    assert summary.get("type", "text") == "text"
    assert str(summary.text).startswith("Paper or model. See <b>this</b> <script>alert(1)</script>")


@pytest.mark.parametrize("path", [*JSON[:2], *CSV, *LINES[:2], "/export/README.md", "/export/papers.bib"])
def test_an_export_is_an_attachment(path: str) -> None:
    make_paper(name="CLIP")

    assert Client().get(path)["Content-Disposition"].startswith("attachment; filename=")
