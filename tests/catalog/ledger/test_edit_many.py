"""edit_many writes what publish writes, in every table, and refuses what it refuses."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.bulk import refused_rows
from catalog.ledger.bulk_edits import Edit, edit_many
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, publish, retire
from catalog.models import Entry, FormerSlug, Revision, RevisionAction
from tests.catalog.ledger.tables import Table, all_tables
from tests.factories import make, make_many, make_revision, trace

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
def test_edit_many_names_the_row_of_every_slug_that_it_refuses_and_writes_nothing() -> None:
    """One that is live, and one that another row gets; what else is wrong with a row is named with it."""
    make("component", name="Llama", type="language-model")
    make("component", name="Mistral", type="language-model")
    before = Revision.objects.count()

    with pytest.raises(PayloadError) as refusal:
        at_once(
            "component",
            [
                ("vicuna", {"year": 1}, "alpaca"),
                ("alpaca", {}, "llm"),
                ("llama", {}, "llm"),
                ("mistral", {}, "Mis tral"),
            ],
        )

    assert refusal.value.errors == {
        "row 1, year": ["Ensure this value is greater than or equal to 1900."],
        "row 1, slug": ["“alpaca” is the address of another component."],
        "row 3, slug": ["“llm” is the address of another component."],
        "row 4, slug": ["“Mis tral” is not a slug; “mis-tral” is."],
    }
    assert set(refused_rows(refusal.value)) == {0, 2, 3}
    assert Revision.objects.count() == before


def test_edit_many_moves_an_entry_back_to_a_slug_of_its_own() -> None:
    entry = make("component", name="Vicuna", type="language-model")
    make_revision("component", entry, slug="vicuna-7b")
    moved = Edit(entry.pk, {}, trace(), "vicuna")

    [revision] = edit_many(kind=KINDS["component"], edits=[moved])

    assert revision
    assert revision.slug == "vicuna"
    assert list(FormerSlug.objects.values_list("slug", "entry_id")) == [("vicuna-7b", entry.pk)]


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
    gone = make("component", name="Gone")
    retire(entry=gone, trace=trace("A duplicate."))
    with pytest.raises(PublishingError, match="not in the catalogue"):
        edit_many(kind=KINDS["component"], edits=[Edit(gone.pk, {"year": 2020}, trace())])


@pytest.mark.parametrize("kind", ["topic", "component", "benchmark", "protocol", "result", "paper", "dataset"])
def test_edit_many_asks_no_more_for_many_renames(kind: str, django_assert_max_num_queries: Any) -> None:
    """Each moves, changes its name and a value that others depend on, and has one that refers to it."""

    def queries(number: int) -> int:
        ids = renamable(kind, number)
        rows = [Edit(pk, renaming(kind, number, n), trace(), f"moved-{number}-{n}") for n, pk in enumerate(ids)]
        with django_assert_max_num_queries(100) as captured:
            edit_many(kind=KINDS[kind], edits=rows)
        return len(captured)

    assert queries(2) == queries(12)


def renamable(kind: str, number: int) -> list[int]:
    """Entries of a kind, each with one that refers to it, if any can; by their ids."""
    named = [f"{kind} {number} {n}" for n in range(number)]
    if kind == "result":
        said = {"paper": make("paper", name=named[0]).slug, "benchmark": make("benchmark", name=named[0]).slug}
        return [row.entry_id for row in make_many("result", [{**said, "metric": name, "value": "1"} for name in named])]
    rows = make_many(kind, [{"name": name} for name in named])
    slugs = [row.slug for row in rows]
    if kind == "topic":
        make_many("paper", [{"name": f"On {slug}", "topics": [slug]} for slug in slugs])
    elif kind == "component":
        parts = [{"name": f"With {slug}", "language_backbones": [{"component": slug}]} for slug in slugs]
        make_many("paper", parts)
    elif kind == "paper":
        origins = [{"relation": "fine-tuned-from", "paper": slug} for slug in slugs]
        make_many("paper", [{"name": f"After {row['paper']}", "origins": [row]} for row in origins])
    elif kind == "dataset":
        make_many(
            "paper", [{"name": f"On {one}", "training_datasets": [{"name": one, "dataset": one}]} for one in slugs]
        )
    else:
        model = make("paper", name=f"For {number}").slug
        other = {"benchmark": make("benchmark", name=f"For {number}").slug} if kind == "protocol" else {}
        said = {"paper": model, "metric": "a", "value": "1", "scale": "percent", **other}
        make_many("result", [{**said, kind: slug} for slug in slugs])
    return [row.entry_id for row in rows]


def renaming(kind: str, number: int, n: int) -> dict[str, Any]:
    if kind == "benchmark":
        return {"name": f"Named {number} {n}", "metrics": [{"name": "a", "unit": "fraction", "direction": "higher"}]}
    return {"summary": f"Said {n}."} if kind == "result" else {"name": f"Named {number} {n}"}


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
