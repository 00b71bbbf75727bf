"""edit_many writes what publish writes, in every table, and refuses what it refuses."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.bulk_edits import Edit, edit_many
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, publish, retire
from catalog.models import Entry, Revision, RevisionAction
from tests.catalog.ledger.tables import Table, all_tables
from tests.factories import make, make_many, trace

pytestmark = pytest.mark.django_db

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
Edits = list[tuple[str, dict[str, Any], str]]
"""Slug, changes, new slug."""


def source(field: str, url: str) -> dict[str, str]:
    return {"field": field, "url": url, "note": "", "confidence": "confirmed", "source_class": ""}


@pytest.fixture
def surroundings() -> None:
    """Entries that refer to one another, with sources, topics, results, and something that they were trained on."""
    make("topic", name="Hallucination", family="current-challenges")
    make("topic", name="Grounding")
    make("dataset", name="COCO")
    make("dataset", name="LAION")
    make("component", name="Vicuna", type="language-model")
    make("component", name="Alpaca", type="language-model", sources=[source("type", "https://x.org/alpaca")])
    metric = {"name": "accuracy", "unit": "%", "direction": "higher", "minimum": "0", "maximum": "100"}
    make("benchmark", name="VQAv2", metrics=[metric], topics=["grounding"])
    make("benchmark", name="POPE")
    make(
        "paper",
        name="Flamingo",
        arxiv_id="2204.14198",
        topics=["hallucination"],
        variants=[{"name": "80B"}],
        language_backbones=[{"component": "vicuna"}],
        training_datasets=[{"name": "COCO", "dataset": "coco"}],
        sources=[source("year", "https://x.org/a"), source("arxiv_id", "https://x.org/a")],
    )
    make("paper", name="Otter", origins=[{"relation": "fine-tuned-from", "paper": "flamingo"}])
    said = {"paper": "flamingo", "benchmark": "vqav2", "metric": "accuracy", "source_url": "https://x.org/a"}
    make_many("result", [{**said, "value": value, "scale": "percent"} for value in ("82.1", "56.3", "70")])


def edits() -> dict[str, Edits]:
    row = {"name": "accuracy", "unit": "fraction", "direction": "higher", "minimum": "0", "maximum": "1"}
    return {
        "topic": [("hallucination", {"name": "Hallucinations"}, "hallucinations"), ("grounding", {}, "")],
        "component": [
            ("vicuna", {"name": "Vicuna 7B"}, "vicuna-7b"),
            ("alpaca", {"type": "vision-encoder", "links": [], "aliases": ["Alpaca 7B"]}, ""),
        ],
        "benchmark": [
            ("vqav2", {"metrics": [row], "topics": ["hallucinations"], "summary": "Questions."}, ""),
            ("pope", {"built_on": [{"name": "COCO", "dataset": "coco"}]}, ""),
        ],
        "paper": [
            (
                "flamingo",
                {
                    "year": 2022,
                    "arxiv_id": "2204.14199",
                    "topics": ["grounding", "hallucinations"],
                    "language_backbones": [{"component": "alpaca"}, {"component": "vicuna"}],
                    "vision_encoders": [{"component": "alpaca", "variants": ["80B"]}],
                    "training_datasets": [{"name": "LAION", "dataset": "laion"}],
                    "sources": [source("arxiv_id", "https://x.org/a"), source("year", "https://x.org/b")],
                },
                "",
            ),
            ("otter", {"name": "Otter 2", "variants": [{"name": "7B"}]}, "otter-2"),
        ],
        "result": [
            ("flamingo-on-vqav2-accuracy", {"value": "0.8210", "scale": "fraction", "split": "val"}, ""),
            ("flamingo-on-vqav2-accuracy-2", {"state": "disputed"}, "disputed"),
            ("flamingo-on-vqav2-accuracy-3", {}, ""),
        ],
    }


def entry_of(kind: str, slug: str) -> Entry:
    entry: Entry = KINDS[kind].model.objects.get(slug=slug)
    return entry


def about() -> Any:
    return trace("Corrected.", source="https://x.org/list", at=AT)


def one_by_one(kind: str, rows: Edits) -> None:
    for slug, changes, new in rows:
        entry = entry_of(kind, slug)
        payload = {**KINDS[kind].dump(entry), **changes}
        with suppress(NothingChanged):
            publish(kind=KINDS[kind], payload=payload, trace=about(), entry=entry, slug=new or None, as_given=True)


def at_once(kind: str, rows: Edits) -> list[Revision | None]:
    changes = [Edit(entry_of(kind, slug).pk, values, about(), new) for slug, values, new in rows]
    return edit_many(kind=KINDS[kind], edits=changes)


def written_by(way: Any) -> dict[str, Table]:
    """Every table after `way` has published everything, which is then undone; derived rows have no order."""
    with transaction.atomic():
        for kind, rows in edits().items():
            way(kind, rows)
        tables = {name: rows if name == "Revision" else sorted(rows, key=repr) for name, rows in all_tables().items()}
        transaction.set_rollback(True)
    return tables


@pytest.mark.usefixtures("surroundings")
def test_edit_many_writes_every_table_as_publish_does() -> None:
    assert written_by(at_once) == written_by(one_by_one)


@pytest.mark.usefixtures("surroundings")
def test_edit_many_gives_the_revisions_in_the_order_of_the_edits() -> None:
    moved, unchanged, changed = at_once(
        "paper",
        [("otter", {}, "otter-2"), ("flamingo", {}, "")],
    ) + at_once("component", [("vicuna", {"year": 2023}, "")])

    assert moved
    assert (moved.slug, moved.action, moved.changed) == ("otter-2", RevisionAction.MOVE, [])
    assert unchanged is None
    assert changed
    assert (changed.number, changed.changed) == (2, ["year"])


@pytest.mark.usefixtures("surroundings")
def test_edit_many_names_the_row_and_field_of_every_error_and_writes_nothing() -> None:
    before = Revision.objects.count()

    with pytest.raises(PayloadError) as refusal:
        at_once("paper", [("otter", {"arxiv_id": "2204.14198"}, ""), ("flamingo", {"name": "", "year": 1}, "")])

    assert list(refusal.value.errors) == ["row 1, arxiv_id", "row 2, name", "row 2, year"]
    assert Revision.objects.count() == before


@pytest.mark.usefixtures("surroundings")
def test_edit_many_refuses_an_identifier_that_two_edits_give() -> None:
    with pytest.raises(PayloadError) as refusal:
        at_once("paper", [("otter", {"arxiv_id": "2305.03726"}, ""), ("flamingo", {"arxiv_id": "2305.03726"}, "")])

    assert list(refusal.value.errors) == ["row 2, arxiv_id"]


@pytest.mark.usefixtures("surroundings")
def test_edit_many_refuses_edits_that_depend_on_one_another() -> None:
    with pytest.raises(PublishingError, match="refer to another"):
        at_once(
            "paper",
            [("flamingo", {"origins": [{"relation": "successor-of", "paper": "otter"}]}, ""), ("otter", {}, "")],
        )
    with pytest.raises(PublishingError, match="one slug"):
        at_once("component", [("vicuna", {}, "llm"), ("alpaca", {}, "llm")])
    gone = make("component", name="Gone")
    retire(entry=gone, trace=trace("A duplicate."))
    with pytest.raises(PublishingError, match="not in the catalogue"):
        edit_many(kind=KINDS["component"], edits=[Edit(gone.pk, {"year": 2020}, trace())])


def test_edit_many_asks_no_more_for_many_entries(django_assert_max_num_queries: Any) -> None:
    make("dataset", name="COCO")

    def queries(number: int) -> int:
        names = [f"Model {number} {n}" for n in range(number)]
        revisions = make_many("paper", [{"name": name} for name in names])
        changes = {"year": 2024, "training_datasets": [{"name": "COCO", "dataset": "coco"}]}
        rows = [Edit(revision.entry_id, changes, trace()) for revision in revisions]
        with django_assert_max_num_queries(60) as captured:
            edit_many(kind=KINDS["paper"], edits=rows)
        return len(captured)

    assert queries(2) == queries(20)
