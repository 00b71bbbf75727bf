"""publish_many writes what publish writes, in every table, and refuses what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.bulk import publish_many
from catalog.ledger.publishing import PayloadError, publish, retire
from catalog.models import Revision, Section
from tests.catalog.ledger.tables import all_tables
from tests.factories import make, make_many, make_revision, trace

pytestmark = pytest.mark.django_db

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
Payloads = dict[str, list[dict[str, Any]]]


def link(kind: str, url: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "label": ""}


@pytest.fixture
def surroundings() -> None:
    """What the payloads refer to, an address that is in use, one that was, and one that led to a retired entry."""
    for number, kind in enumerate(("paper", "dataset", "topic")):
        Section.objects.create(slug=f"{kind}-section", name=kind.title(), kind=kind, position=number)
    make("topic", name="Hallucination", family="current-challenges")
    make("topic", name="Grounding")
    make("dataset", name="COCO", section="dataset-section")
    make("component", name="CLIP ViT-L", type="vision-encoder", family="CLIP")
    moved = make("component", name="Vicuna", type="language-model")
    make_revision("component", moved, slug="vicuna-7b")
    make("benchmark", name="VQAv2")
    make("paper", name="Flamingo", section="paper-section")
    retired = make("paper", name="Kosmos")
    retire(entry=retired, trace=trace("A duplicate."))


def payloads() -> Payloads:
    paper = {
        "name": "Flamingo",
        "summary": "Sees *and* speaks.",
        "year": 2022,
        "section": "paper-section",
        "links": [link("arxiv", "https://arxiv.org/abs/2204.14198v2"), link("weights", "https://huggingface.co/a/B")],
        "aliases": ["Flamingo 80B", "Flamingo 80B"],
        "topics": ["hallucination", "grounding"],
        "sources": [
            {"field": "year", "url": "https://x.org", "note": "", "confidence": "confirmed", "source_class": "list"}
        ],
        "authors": ["J. Alayrac", "J. Donahue"],
        "architecture": "decoder-only",
        "variants": [{"name": "80B", "total_b": "80.0", "as_stated": "80B"}],
        "vision_encoders": [{"component": "clip-vit-l", "variants": ["80B"], "note": "frozen"}],
        "language_backbones": [{"component": "vicuna"}, {"component": "clip-vit-l"}],
        "training_datasets": [{"name": "COCO", "dataset": "coco"}, {"name": "VQAv2", "benchmark": "vqav2"}],
        "origins": [{"relation": "successor-of", "paper": "flamingo"}],
        "modalities_in": ["image", "text"],
    }
    return {
        "topic": [{"name": "Efficiency", "points": ["Small", "Fast"], "section": "topic-section", "emoji": "⚡"}],
        "dataset": [{"name": "COCO", "size_count": 5, "section": "dataset-section"}, {"name": "LAION", "splits": []}],
        "component": [
            {
                "name": "SigLIP",
                "paper": "flamingo",
                "origins": [{"relation": "initialised-from", "component": "vicuna"}],
            }
        ],
        "benchmark": [{"name": "POPE", "built_on": [{"name": "COCO", "dataset": "coco"}], "topics": ["hallucination"]}],
        "paper": [
            paper,
            {**paper, "topics": []},
            {"name": "Kosmos"},
            {"name": "Flamingo 2", "section": "paper-section"},
        ],
        "result": [
            {"paper": "flamingo", "benchmark": "vqav2", "metric": "accuracy", "value": "82.10", "shots": 0},
            {"paper": "flamingo", "benchmark": "vqav2", "metric": "accuracy", "value": "82.1", "tools": True},
            {"paper": "flamingo", "benchmark": "vqav2", "metric": "accuracy", "value": "82.2", "source_url": " "},
        ],
    }


def one_by_one(kind: str, rows: list[dict[str, Any]], **about: Any) -> list[Revision]:
    return [publish(kind=KINDS[kind], payload=row, trace=trace(**about)) for row in rows]


def at_once(kind: str, rows: list[dict[str, Any]], **about: Any) -> list[Revision]:
    return publish_many(kind=KINDS[kind], payloads=rows, trace=trace(**about))


def written_by(way: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the catalogue after `way` has published everything, which is then undone."""
    with transaction.atomic():
        for kind, rows in payloads().items():
            way(kind, rows, source="https://x.org/list", comment="From a list.", at=AT)
        tables = all_tables()
        transaction.set_rollback(True)
    return tables


@pytest.mark.usefixtures("surroundings")
def test_publish_many_writes_every_table_as_publish_does() -> None:
    assert written_by(at_once) == written_by(one_by_one)


@pytest.mark.usefixtures("surroundings")
def test_publish_many_gives_the_revisions_in_the_order_of_the_payloads() -> None:
    revisions = at_once("paper", payloads()["paper"])

    assert [revision.slug for revision in revisions] == ["flamingo-2", "flamingo-3", "kosmos-2", "flamingo-2-2"]
    assert list(Revision.objects.filter(pk__in=[revision.pk for revision in revisions])) == revisions


@pytest.mark.usefixtures("surroundings")
def test_publish_many_names_the_row_and_field_of_every_error_and_writes_nothing() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "Fine"},
        {"name": "", "year": 1},
        {"name": "A", "vision_encoders": [{"component": "nothing"}]},
    ]
    before = Revision.objects.count()

    with pytest.raises(PayloadError) as refusal:
        at_once("paper", rows)

    assert refusal.value.errors == {
        "row 2, name": ["This field is required."],
        "row 2, year": ["Ensure this value is greater than or equal to 1900."],
        "row 3, vision_encoders": ["row 1, component: there is no component “nothing” in the catalogue."],
    }
    assert Revision.objects.count() == before


def test_publish_many_refuses_a_payload_of_another_shape() -> None:
    with pytest.raises(PayloadError) as refusal:
        at_once("topic", [{"name": "Fine"}, {"name": "Not", "points": "one"}])

    assert refusal.value.errors == {"row 2, points": ["Must be a list, not text."]}


def test_publish_many_refuses_nothing_because_of_a_row_that_is_refused_itself() -> None:
    """Two rows of one identifier: the first is not published, so it holds nothing."""
    with pytest.raises(PayloadError) as refusal:
        at_once("paper", [{"name": "", "arxiv_id": "2204.14198"}, {"name": "Flamingo", "arxiv_id": "2204.14198"}])

    assert refusal.value.errors == {"row 1, name": ["This field is required."]}


def test_publish_many_refuses_an_identifier_that_two_rows_have() -> None:
    rows = [{"name": "Flamingo", "arxiv_id": "2204.14198"}, {"name": "Flamingo 2", "arxiv_id": "2204.14198"}]
    with pytest.raises(PayloadError) as refusal:
        at_once("paper", rows)

    assert list(refusal.value.errors) == ["row 2, arxiv_id"]


@pytest.mark.usefixtures("surroundings")
def test_publish_many_gives_the_slugs_that_are_asked_for_and_makes_the_others() -> None:
    names = ["Flamingo 80B", "Flamingo", "Kosmos"]
    revisions = publish_many(
        kind=KINDS["paper"], payloads=[{"name": name} for name in names], trace=trace(), slugs=["open", "", "k"]
    )

    assert [revision.slug for revision in revisions] == ["open", "flamingo-2", "k"]


@pytest.mark.usefixtures("surroundings")
def test_publish_many_names_the_row_of_every_slug_that_it_refuses_and_writes_nothing() -> None:
    """A live one, one that was retired, one of another row, and two that are no slugs."""
    slugs = ["flamingo", "kosmos", "new", "new", "Not A Slug", "free"]
    before = Revision.objects.count()

    with pytest.raises(PayloadError) as refusal:
        publish_many(kind=KINDS["paper"], payloads=[{"name": f"M{n}"} for n in range(6)], trace=trace(), slugs=slugs)

    assert refusal.value.errors == {
        "row 1, slug": ["“flamingo” is the address of another paper or model."],
        "row 2, slug": ["“kosmos” is the address of another paper or model."],
        "row 4, slug": ["“new” is the address of another paper or model."],
        "row 5, slug": ["“Not A Slug” is not a slug; “not-a-slug” is."],
    }
    assert Revision.objects.count() == before


def test_publish_many_refuses_a_former_slug() -> None:
    make_revision("component", make("component", name="Vicuna"), slug="vicuna-7b")

    with pytest.raises(PayloadError) as refusal:
        publish_many(kind=KINDS["component"], payloads=[{"name": "Other"}], trace=trace(), slugs=["vicuna"])

    assert list(refusal.value.errors) == ["row 1, slug"]


def test_publish_many_takes_a_trace_for_each_payload() -> None:
    traces = [trace("First.", source="https://x.org/1", at=AT), trace("Second.", source="https://x.org/2")]
    payloads = [{"name": "A"}, {"name": "B"}]

    revisions = publish_many(kind=KINDS["topic"], payloads=payloads, trace=traces)

    assert [(row.comment, row.source) for row in revisions] == [
        ("First.", "https://x.org/1"),
        ("Second.", "https://x.org/2"),
    ]
    assert revisions[0].at == AT
    assert revisions[1].at > AT
    created = KINDS["topic"].model.objects.order_by("pk").values_list("created", "updated")
    assert list(created) == [(row.at, row.at) for row in revisions]


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("as_given", [True, False])
def test_publish_many_changes_besides_what_publish_does(as_given: bool) -> None:
    """What a payload entails (`Kind.consequences`) is left out by both if it is published as it is given."""
    row = {
        "paper": "flamingo",
        "benchmark": "vqav2",
        "metric": "accuracy",
        "value": "82.10",
        "source_url": "https://x.org/a",
        "verification": "checked",
    }
    about: dict[str, Any] = {"source": "https://x.org/list", "comment": "From a list.", "at": AT}
    written = []
    for way in ("publish", "publish_many"):
        with transaction.atomic():
            if way == "publish":
                publish(kind=KINDS["result"], payload=row, trace=trace(**about), as_given=as_given)
            else:
                publish_many(kind=KINDS["result"], payloads=[row], trace=trace(**about), as_given=as_given)
            written.append(all_tables())
            transaction.set_rollback(True)

    assert written[0] == written[1]


@pytest.mark.usefixtures("surroundings")
def test_publish_many_asks_no_more_for_many_entries(django_assert_max_num_queries: Any) -> None:
    def queries(rows: list[dict[str, Any]]) -> int:
        with django_assert_max_num_queries(60) as captured:
            at_once("paper", rows)
        return len(captured)

    paper: dict[str, Any] = {**payloads()["paper"][0], "language_backbones": [{"component": "vicuna-7b"}]}
    few, many = ([{**paper, "name": f"Model {size} {n}"} for n in range(size)] for size in (2, 20))

    assert queries(few) == queries(many)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_field_of_a_payload_is_a_unique_column(kind: Any) -> None:
    """Batches do not look for other rows with its value: the database would refuse them without saying which."""
    columns = {field.name for field in kind.model._meta.get_fields() if getattr(field, "unique", False)}

    assert columns & set(kind.form.payload_keys()) == set()


def test_entries_may_point_to_more_than_a_thousand_others() -> None:
    make_many("component", [{"name": f"Part {number}"} for number in range(1_100)])
    rows = [{"component": f"part-{number}", "variants": [], "note": ""} for number in range(1_100)]
    parts = {"vision_encoders": rows[:500], "connectors": rows[500:1_000], "language_backbones": rows[1_000:]}
    make_many("paper", [{"name": "Everything", **parts}])

    paper = KINDS["paper"].model.objects.with_references().get()

    assert [len(KINDS["paper"].dump(paper)[key]) for key in parts] == [500, 500, 100]


def test_publish_many_asks_no_more_for_many_entries_of_taken_names(django_assert_max_num_queries: Any) -> None:
    """A second import gives rivals of what is there, with the same names."""

    def queries(names: list[str]) -> int:
        with django_assert_max_num_queries(60) as captured:
            publish_many(kind=KINDS["paper"], payloads=[{"name": name} for name in names], trace=trace())
        return len(captured)

    names = [f"M{number}" for number in range(30)]
    publish_many(kind=KINDS["paper"], payloads=[{"name": name} for name in names], trace=trace())

    assert queries(["M0"]) == queries(names)
    queries([*names[:20], *names[:5], *names[:5]])
    slugs = set(KINDS["paper"].model.objects.values_list("slug", flat=True))
    assert {"m0", "m0-2", "m0-3", "m0-4", "m0-5", "m0-6", "m19-3", "m29", "m29-2"} <= slugs
    assert len(slugs) == 30 + 1 + 30 + 30
