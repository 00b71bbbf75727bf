"""The one way into the catalogue, and what it leaves behind."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.topic.model import Topic
from catalog.ledger.publishing import (
    NothingChanged,
    PayloadError,
    PublishingError,
    StaleBase,
    merge,
    publish,
    restore,
    retire,
)
from catalog.ledger.trace import Trace
from catalog.models import FacetValue, FormerSlug, LedgerIsAppendOnly, Revision
from tests.examples import FULL
from tests.factories import (
    contributor,
    make,
    make_benchmark,
    make_component,
    make_dataset,
    make_paper,
    make_result,
    make_revision,
    make_topic,
    trace,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
def test_publish_stores_what_the_live_entry_dumps(kind: str, surroundings: None) -> None:
    entry = make(kind, **FULL[kind])

    revision = Revision.objects.of(kind, entry.pk).get()
    payload = KINDS[kind].dump(entry)
    assert revision.snapshot == payload
    assert {key: payload[key] for key in FULL[kind] if key != "name"} == {
        key: value for key, value in FULL[kind].items() if key != "name"
    }
    assert (revision.number, revision.action, revision.contributor, revision.approver) == (1, "create", "ada", "grace")


@pytest.mark.parametrize("kind", KINDS)
def test_publish_the_same_payload_again_is_refused(kind: str, surroundings: None) -> None:
    entry = make(kind, **FULL[kind])

    with pytest.raises(NothingChanged):
        make_revision(kind, entry=entry)

    assert Revision.objects.of(kind, entry.pk).count() == 1


def test_an_edit_appends_a_revision_that_names_what_changed() -> None:
    paper = make_paper(name="CLIP", year=2020)

    revision = make_revision("paper", entry=paper, year=2021, comment="The report says 2021.")

    assert (revision.number, revision.action, revision.changed) == (2, "edit", ["year"])
    assert (Paper.objects.get().year, Paper.objects.get().revision) == (2021, 2)


def test_a_move_leaves_a_forwarding_address_that_nobody_else_can_take() -> None:
    paper = make_paper(name="PH4 Mini")

    revision = make_revision("paper", entry=paper, slug="phi-4-multimodal")

    assert (revision.action, revision.slug) == ("move", "phi-4-multimodal")
    assert list(FormerSlug.objects.values_list("kind", "slug", "entry_id")) == [("paper", "ph4-mini", paper.pk)]
    with pytest.raises(PayloadError, match="address of another"):
        make("paper", name="Other", slug="ph4-mini")
    assert make_paper(name="PH4 Mini").slug == "ph4-mini-2"


def test_a_move_back_frees_the_address_in_between() -> None:
    paper = make_paper(name="One")
    make_revision("paper", entry=paper, slug="two")

    make_revision("paper", entry=Paper.objects.get(), slug="one")

    assert Paper.objects.get().slug == "one"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["two"]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"colour": "red"}, "colour", "Unknown field"),
        ({"name": 5}, "name", "Must be text, not a whole number."),
        ({"name": ""}, "name", "required"),
        ({"name": "a\u202eb"}, "name", "U+202E"),
        ({"name": "a\x07b"}, "name", "U+0007"),
        ({"name": "x" * 301}, "name", "300"),
        ({"year": True}, "year", "Must be a whole number or null"),
        ({"year": "2024"}, "year", "Must be a whole number or null"),
        ({"year": 12}, "year", "1900"),
        ({"aliases": ["a", 1]}, "aliases", "Item 2 must be text."),
        ({"links": ["https://example.org"]}, "links", "row 1"),
        ({"links": [{"kind": "code", "url": "javascript:alert(1)"}]}, "links", "row 1, url"),
        ({"links": [{"kind": "code", "url": "data:text/html,x"}]}, "links", "row 1, url"),
        ({"links": [{"kind": "odd", "url": "https://example.org"}]}, "links", "row 1, kind"),
        ({"links": [{"kind": "code", "url": "https://example.org", "colour": ""}]}, "links", "row 1, colour: Unknown"),
        ({"released": "2024-13"}, "released", "There is no month 2024-13."),
        ({"released": "2024-9"}, "released", "2024-09"),
        ({"architecture": "rnn"}, "architecture", "rnn"),
        ({"section": "nowhere"}, "section", "There is no section “nowhere”"),
        ({"topics": ["nothing"]}, "topics", "There is no topic “nothing”"),
        ({"vision_encoders": [{"component": "nothing"}]}, "vision_encoders", "there is no component “nothing”"),
        ({"origins": [{"relation": "successor-of"}]}, "origins", "not both"),
        ({"variants": [{"name": "7B", "total_b": "7,6"}]}, "variants", "plain decimal"),
        ({"sources": [{"field": "year", "confidence": "confirmed"}]}, "sources", "Name the source"),
        ({"sources": [{"field": "odd", "url": "https://example.org", "confidence": "confirmed"}]}, "sources", "odd"),
    ],
)
def test_a_bad_payload_is_refused_by_field(fields: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(PayloadError) as refused:
        make_paper(**fields)

    assert list(refused.value.errors) == [field]
    assert message in " ".join(refused.value.errors[field])
    assert not Paper.objects.exists()
    assert not Revision.objects.exists()


def test_nobody_approves_their_own_proposal() -> None:
    with pytest.raises(IntegrityError, match="self_approved"), transaction.atomic():
        publish(kind=KINDS["paper"], payload={"name": "X"}, trace=Trace(contributor(), contributor()))

    assert not Paper.objects.exists()


def test_a_result_keeps_its_value_as_printed_and_sorts_by_number() -> None:
    result = make_result(value="64.50")

    assert (result.value, str(result.number)) == ("64.50", "64.50000000")
    assert result.name == "A paper on A benchmark: accuracy"


def test_retire_keeps_the_ledger_and_empties_the_indexes() -> None:
    paper = make_paper(name="Gone", year=2020)

    revision = retire(entry=paper, trace=trace("A double of CLIP."))

    assert (revision.action, revision.number, revision.comment) == ("retire", 2, "A double of CLIP.")
    assert not Paper.objects.exists()
    assert not FacetValue.objects.filter(kind="paper").exists()


@pytest.mark.parametrize("kind", ["component", "topic"])
def test_retire_is_refused_while_others_refer_to_the_entry(kind: str) -> None:
    entry = make_component(name="SigLIP") if kind == "component" else make_topic(name="Video")
    refers = {"vision_encoders": [{"component": "siglip"}]} if kind == "component" else {"topics": ["video"]}
    make_paper(name="User", **refers)

    with pytest.raises(PublishingError, match="while these refer to it: User"):
        retire(entry=entry, trace=trace("No."))


def test_restore_brings_back_the_same_entry(surroundings: None) -> None:
    paper = make_paper(**FULL["paper"])
    payload = KINDS["paper"].dump(paper)
    retire(entry=paper, trace=trace("By mistake."))

    revision = restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    back = Paper.objects.with_references().get(pk=paper.pk)
    assert (revision.action, revision.number, back.slug) == ("restore", 3, paper.slug)
    assert KINDS["paper"].dump(back) == payload
    with pytest.raises(PublishingError, match="Only a retired entry"):
        restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())


def test_a_publish_that_is_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        make_paper(name="Half")
        transaction.set_rollback(True)

    assert not Paper.objects.exists()
    assert not Revision.objects.exists()
    assert not FacetValue.objects.exists()


def test_a_component_carries_its_family_into_the_facets_of_its_models() -> None:
    component = make_component(name="SigLIP-400M")
    make_paper(vision_encoders=[{"component": "siglip-400m"}])

    make_revision("component", entry=component, family="SigLIP")

    values = FacetValue.objects.filter(kind="paper", facet="vision").values_list("value", "label")
    assert list(values) == [("siglip", "SigLIP")]


class TestLedger:
    def test_python_refuses_to_change_a_revision(self) -> None:
        make_paper()
        revision = Revision.objects.get()

        for attempt in (
            revision.save,
            revision.delete,
            Revision.objects.all().delete,
            lambda: Revision.objects.update(comment="x"),
            lambda: Revision.objects.bulk_update([revision], ["comment"]),
        ):
            with pytest.raises(LedgerIsAppendOnly):
                attempt()

    def test_the_database_refuses_to_change_a_revision(self) -> None:
        make_paper()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_revision SET comment = 'x'")

    def test_a_number_stands_once_in_the_history_of_an_entry(self) -> None:
        make_paper()
        first = Revision.objects.values().get()

        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.create(**{**first, "id": None})


class TestMerge:
    def test_references_to_the_duplicate_lead_to_the_target_and_its_address_redirects(self, client: Client) -> None:
        duplicate, target = make_paper(name="LLaVA 1.5"), make_paper(name="LLaVA-1.5")
        result = make_result(paper=duplicate.slug)
        component = make_component(name="Eye", paper=duplicate.slug)
        child = make_paper(name="Child", origins=[{"relation": "initialised-from", "paper": duplicate.slug}])

        revision = merge(entry=duplicate, into=target, trace=trace("The same."))

        assert (revision.action, revision.number) == ("merge", 2)
        assert not Paper.objects.filter(pk=duplicate.pk).exists()
        assert Result.objects.get(pk=result.pk).paper_id == target.pk
        assert Component.objects.get(pk=component.pk).paper_id == target.pk
        assert KINDS["paper"].dump(Paper.objects.with_references().get(pk=child.pk))["origins"] == [
            {"relation": "initialised-from", "paper": target.slug, "component": None, "note": ""}
        ]
        assert Revision.objects.of("result", result.pk).latest("number").snapshot["paper"] == target.slug
        assert client.get(f"/papers/{duplicate.slug}/").headers["Location"] == f"/papers/{target.slug}/"

    def test_an_entry_is_not_merged_into_itself_another_kind_or_one_that_refers_to_it(self) -> None:
        paper, dataset = make_paper(name="One"), make_dataset(name="Two")
        child = make_paper(name="Child", origins=[{"relation": "initialised-from", "paper": paper.slug}])

        for into, message in ((paper, "two different"), (dataset, "two different"), (child, "refers to")):
            with pytest.raises(PublishingError, match=message):
                merge(entry=paper, into=into, trace=trace("The same."))

    @pytest.mark.parametrize("remove", [retire, merge])
    def test_an_entry_that_refers_to_itself_can_be_taken_out(self, remove: Any) -> None:
        paper, topic = make_paper(name="One"), make_topic(name="Two")
        paper.origins.create(relation="successor-of", paper=paper)  # stored when the form did not refuse it yet
        topic.topics.add(topic)

        for entry, other in (
            (Paper.objects.with_references().get(), make_paper(name="Other")),
            (Topic.objects.with_references().get(), make_topic(name="Another")),
        ):
            into = {"into": other} if remove is not retire else {}
            assert remove(entry=entry, trace=trace("Not here."), **into).number == 2
            assert list(type(other).objects.all()) == [other]

    def test_a_merged_entry_can_be_restored(self) -> None:
        duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
        merge(entry=duplicate, into=target, trace=trace("The same."))

        revision = restore(kind=KINDS["paper"], entry_id=duplicate.pk, trace=trace())

        assert (revision.action, revision.slug) == ("restore", "duplicate")


class TestFormerAddresses:
    def test_a_payload_may_name_an_entry_by_an_address_it_had_before(self) -> None:
        component, topic = make_component(name="Eye"), make_topic(name="Seeing")
        paper, benchmark = make_paper(name="Model"), make_benchmark(name="Bench")
        for entry, slug in ((component, "new-eye"), (topic, "new-seeing"), (paper, "new-model")):
            make_revision(entry.kind, entry=entry, slug=slug)

        built = make_paper(name="Built", vision_encoders=[{"component": "eye"}], topics=["seeing"])
        result = make_result(paper="model", benchmark=benchmark.slug)

        snapshot = Revision.objects.of("paper", built.pk).latest("number").snapshot
        assert (snapshot["vision_encoders"][0]["component"], snapshot["topics"]) == ("new-eye", ["new-seeing"])
        assert snapshot == KINDS["paper"].dump(Paper.objects.with_references().get(pk=built.pk))
        assert Revision.objects.of("result", result.pk).latest("number").snapshot["paper"] == "new-model"


def test_a_change_made_from_another_revision_is_refused() -> None:
    paper = make_paper(name="Model")
    make_revision("paper", entry=paper, year=2024)

    with pytest.raises(StaleBase, match="made from revision 1; the entry is at revision 2"):
        make_revision("paper", entry=paper, year=2025, base=1)


def test_the_ledger_takes_another_name_for_somebody_who_left_and_nothing_else() -> None:
    paper = make_paper(name="Model")

    Revision.objects.rename_person(contributor().pk, "former-contributor-1")

    revision = Revision.objects.of("paper", paper.pk).get()
    assert (revision.contributor, revision.approver) == ("former-contributor-1", "grace")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_revision SET comment = 'x', contributor = 'y'")


def test_a_long_name_that_is_taken_keeps_an_address_that_can_be_restored() -> None:
    name = "x" * 90
    make_paper(name=name)
    duplicate = make_paper(name=name)
    retire(entry=duplicate, trace=trace("A duplicate."))
    restore(kind=KINDS["paper"], entry_id=duplicate.pk, trace=trace())

    assert (len(duplicate.slug), Paper.objects.get(pk=duplicate.pk).slug) == (80, duplicate.slug)


def test_addresses_from_before_a_merge_lead_to_the_entry_that_stays() -> None:
    goes, stays = make_component(name="ViT"), make_component(name="Vision Transformer")
    make_revision("component", entry=goes, slug="vit-base")

    merge(entry=goes, into=stays, trace=trace(comment="The same."))

    assert FormerSlug.objects.entry_ids("component", ["vit", "vit-base"]) == {"vit": stays.pk, "vit-base": stays.pk}
    paper = make_paper(name="CLIP", vision_encoders=[{"component": "vit"}])
    assert [part.component for part in paper.parts.all()] == [stays]


def test_a_value_of_a_unique_column_is_refused_by_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no such field yet; one that is added later must not end in an error of the database."""
    monkeypatch.setattr(Topic._meta.get_field("name"), "unique", True)
    make("topic", name="Grounding")

    with pytest.raises(PayloadError) as refusal:
        make("topic", name="Grounding")

    assert refusal.value.errors == {"name": ["Topic with this Name already exists."]}
