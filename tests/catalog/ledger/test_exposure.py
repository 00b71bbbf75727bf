"""What models were trained on is kept with all that inherits from them, whatever is published."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.kinds.paper.model import PaperOrigin
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, merge, restore, retire
from catalog.models import Entry, Exposure, IndexDefinition, Revision
from tests.factories import (
    make,
    make_benchmark,
    make_component,
    make_dataset,
    make_many,
    make_paper,
    make_revision,
    trace,
)

pytestmark = pytest.mark.django_db


def trained_on(dataset: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": dataset, "dataset": dataset, **more}]


def origins(*named: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"relation": relation, kind: slug} for relation, kind, slug in named]


def from_component(slug: str) -> list[dict[str, Any]]:
    return origins(("initialised-from", "component", slug))


def exposures(entry: Entry) -> list[tuple[str, str, bool, list[tuple[str, str]]]]:
    """What is written about an entry: variant, slug of the target, whether it is excluded, steps and slugs."""
    rows = Exposure.objects.filter(kind=entry.kind, entry_id=entry.pk).order_by("variant", "target_kind", "target_id")
    return [
        (
            row.variant,
            KINDS[row.target_kind].model.objects.get(pk=row.target_id).slug,
            row.excluded,
            [(step["relation"], step["slug"]) for step in row.path],
        )
        for row in rows
    ]


def fresh(entry: Entry) -> Any:
    return KINDS[entry.kind].model.objects.with_references().get(pk=entry.pk)


def everything() -> list[tuple[Any, ...]]:
    columns = [field.name for field in Exposure._meta.fields if not field.primary_key]
    return sorted(Exposure.objects.values_list(*columns), key=repr)


def test_a_model_is_exposed_to_what_its_components_and_ancestors_were_trained_on() -> None:
    for name in ("COCO", "LAION", "Text"):
        make_dataset(name=name)
    make_component(name="CLIP", training_datasets=trained_on("laion"))
    make_component(name="Vicuna", training_datasets=trained_on("text"))
    make_paper(name="LLaVA", vision_encoders=[{"component": "clip"}], training_datasets=trained_on("coco"))
    child = make_paper(
        name="Child",
        language_backbones=[{"component": "vicuna"}],
        origins=origins(("fine-tuned-from", "paper", "llava")),
    )

    assert exposures(child) == [
        ("", "coco", False, [("fine-tuned-from", "llava")]),
        ("", "laion", False, [("fine-tuned-from", "llava"), ("vision-encoder", "clip")]),
        ("", "text", False, [("language-backbone", "vicuna")]),
    ]


def test_a_successor_inherits_nothing() -> None:
    make_dataset(name="COCO")
    make_paper(name="One", training_datasets=trained_on("coco"))

    assert exposures(make_paper(name="Two", origins=origins(("successor-of", "paper", "one")))) == []


def test_what_is_stated_of_one_variant_is_not_said_of_others() -> None:
    """Not of the model's other variants, nor of a child, which may have been made from any."""
    for name in ("COCO", "LAION"):
        make_dataset(name=name)
    make_component(name="CLIP", training_datasets=trained_on("laion"))
    model = make_paper(
        name="Model",
        variants=[{"name": "7B"}, {"name": "13B"}],
        vision_encoders=[{"component": "clip", "variants": ["13B"]}],
        training_datasets=trained_on("coco", variants=["7b"]),
    )
    child = make_paper(name="Child", origins=origins(("initialised-from", "paper", "model")))

    assert exposures(model) == [
        ("13B", "laion", False, [("vision-encoder", "clip")]),
        ("7B", "coco", False, []),
    ]
    assert exposures(child) == []


def test_a_statement_that_it_was_not_trained_on_something_changes_nothing_that_it_inherits() -> None:
    make_dataset(name="COCO")
    make_component(name="CLIP", training_datasets=trained_on("coco"))
    model = make_paper(
        name="Model", vision_encoders=[{"component": "clip"}], training_datasets=trained_on("coco", excluded=True)
    )
    child = make_paper(name="Child", origins=origins(("initialised-from", "paper", "model")))

    assert sorted(exposures(model)) == [
        ("", "coco", False, [("vision-encoder", "clip")]),
        ("", "coco", True, []),
    ]
    assert exposures(child) == [("", "coco", False, [("initialised-from", "model"), ("vision-encoder", "clip")])]


def test_descendants_follow_what_they_descend_from() -> None:
    """An edit, another name, another slug, a merge of the dataset."""
    for name in ("COCO", "MS COCO"):
        make_dataset(name=name)
    clip = make_component(name="CLIP")
    make_component(name="EVA", origins=from_component("clip"))
    model = make_paper(name="Model", vision_encoders=[{"component": "eva"}])
    assert exposures(model) == []

    make_revision("component", clip, training_datasets=trained_on("coco"))
    make_revision("component", fresh(clip), name="CLIP ViT", slug="clip-vit")
    merge(
        entry=KINDS["dataset"].model.objects.get(slug="coco"),
        into=KINDS["dataset"].model.objects.get(slug="ms-coco"),
        trace=trace(),
    )

    row = Exposure.objects.get(kind="paper", entry_id=model.pk)
    assert exposures(model) == [("", "ms-coco", False, [("vision-encoder", "eva"), ("initialised-from", "clip-vit")])]
    assert [step["name"] for step in row.path] == ["EVA", "CLIP ViT"]


def test_a_retired_model_is_left_out_until_it_is_restored() -> None:
    make_dataset(name="COCO")
    model = make_paper(name="Model", training_datasets=trained_on("coco"))
    before = exposures(model)

    retire(entry=model, trace=trace())
    retired = everything()
    restore(kind=KINDS["paper"], entry_id=model.pk, trace=trace())

    assert (retired, exposures(model)) == ([], before)


def test_entries_that_are_published_at_once_have_it_too() -> None:
    make_dataset(name="COCO")
    make_many("component", [{"name": "CLIP", "training_datasets": trained_on("coco")}])
    make_many("paper", [{"name": f"Model {n}", "vision_encoders": [{"component": "clip"}]} for n in range(3)])

    assert Exposure.objects.filter(kind="paper").count() == 3


def test_migrate_writes_it_for_entries_of_an_earlier_release() -> None:
    make_dataset(name="COCO")
    model = make_paper(name="Model", training_datasets=trained_on("coco"))
    before = exposures(model)
    Exposure.objects.all().delete()
    IndexDefinition.objects.filter(index="exposure").delete()

    call_command("migrate", verbosity=0)

    assert exposures(model) == before != []


def test_publishing_asks_the_same_number_of_queries_for_any_number_of_descendants() -> None:
    make_dataset(name="COCO")
    clip = make_component(name="CLIP")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            make_revision("component", clip, training_datasets=trained_on("coco", note=str(Exposure.objects.count())))
        return len(asked)

    make_paper(name="One", vision_encoders=[{"component": "clip"}])
    few = queries()
    make_many("paper", [{"name": f"Model {n}", "vision_encoders": [{"component": "clip"}]} for n in range(30)])
    make_revision("component", fresh(clip), training_datasets=[])
    many = queries()

    assert many <= few + 1  # the rows of all descendants are deleted in one more
    assert Exposure.objects.filter(kind="paper").count() == 31


def test_an_edit_of_something_else_does_not_touch_descendants() -> None:
    make_dataset(name="COCO")
    clip = make_component(name="CLIP", training_datasets=trained_on("coco"))
    model = make_paper(name="One", vision_encoders=[{"component": "clip"}])
    before = Exposure.objects.get(kind="paper", entry_id=model.pk).pk

    make_revision("component", clip, summary="An encoder.")

    assert Exposure.objects.get(kind="paper", entry_id=model.pk).pk == before


def test_a_variant_has_its_listed_name_where_a_part_names_it_by_an_alias() -> None:
    make_dataset(name="COCO")
    make_component(name="CLIP", training_datasets=trained_on("coco"))
    variants = [{"name": "7B", "aliases": ["small"]}, {"name": "13B"}]

    model = make_paper(
        name="Model", variants=variants, vision_encoders=[{"component": "clip", "variants": ["Small", "Model-13B"]}]
    )

    assert [variant for variant, *_ in exposures(model)] == ["13B", "7B"]


def test_a_circle_that_is_stored_ends() -> None:
    """Old data may have one: it is read, written and edited, and rebuilt."""
    make_dataset(name="COCO")
    one = make_paper(name="One", training_datasets=trained_on("coco"))
    two = make_paper(name="Two", origins=origins(("initialised-from", "paper", "one")))
    PaperOrigin.objects.create(owner=one, relation="initialised-from", paper=two)

    make_revision("paper", fresh(one), summary="Edited.")
    call_command("reindex", stdout=StringIO())

    assert exposures(one) == [("", "coco", False, [])]
    assert exposures(two) == [("", "coco", False, [("initialised-from", "one")])]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["create", "create", "train", "build", "descend", "descend", "move", "retire", "merge", "restore"]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=3,
    max_size=16,
)
NAMES = ("dataset", "component", "paper")


def step(verb: str, one: int, other: int) -> None:
    """Do one thing to datasets, components or models, if it can be done."""
    kinds = {"train": NAMES[1:], "descend": NAMES[1:], "build": NAMES[2:]}.get(verb, NAMES)
    name = kinds[(one + other) % len(kinds)]
    live = list(KINDS[name].model.objects.with_references().order_by("pk"))
    if verb == "create" or not live:
        make(name, name=f"{name} {one}{other}")
    elif verb in CHANGES:
        entry = live[one % len(live)]
        make_revision(name, entry, **CHANGES[verb](entry, one, other))
    elif verb == "retire":
        retire(entry=live[one % len(live)], trace=trace("Because."))
    elif verb == "merge":
        merge(entry=live[one % len(live)], into=live[other % len(live)], trace=trace("The same."))
    else:
        removed = Revision.objects.filter(kind=name, action__in=["retire", "merge"]).order_by("entry_id")
        restore(kind=KINDS[name], entry_id=removed[other % len(removed)].entry_id if removed else 0, trace=trace("No."))


def some(kind: str, number: int) -> str:
    """The slug of an entry; of one that is not there if there are none, so that the form refuses it."""
    slugs = list(KINDS[kind].model.objects.order_by("pk").values_list("slug", flat=True))
    return slugs[number % len(slugs)] if slugs else "none"


def train(entry: Entry, one: int, other: int) -> dict[str, Any]:
    rows = trained_on(some("dataset", other), excluded=one % 3 == 0)
    return {"training_datasets": [*KINDS[entry.kind].dump(entry)["training_datasets"], *rows]}


def build(entry: Entry, one: int, other: int) -> dict[str, Any]:
    return {"vision_encoders": [{"component": some("component", other), "variants": ["S"][: one % 2]}]}


def descend(entry: Entry, one: int, other: int) -> dict[str, Any]:
    to = ("component", "paper")[one % 2]
    return {
        "origins": origins((("initialised-from", "fine-tuned-from", "successor-of")[other % 3], to, some(to, other)))
    }


def move(entry: Entry, one: int, other: int) -> dict[str, Any]:
    return {"slug": f"{entry.slug}-{other}", "name": f"{entry.name}."}


CHANGES: dict[str, Callable[[Entry, int, int], dict[str, Any]]] = {
    "train": train,
    "build": build,
    "descend": descend,
    "move": move,
}


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_rebuild_writes_what_publishing_wrote(db: None, steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        for verb, one, other in steps:
            try:
                with transaction.atomic():
                    step(verb, one, other)
            except (PublishingError, NothingChanged):
                continue
        written = everything()
        call_command("reindex", stdout=StringIO())

        assert everything() == written
        transaction.set_rollback(True)


class TestCircles:
    """Nothing inherits from itself."""

    def test_a_link_that_closes_a_circle_is_refused_with_the_names_on_it(self) -> None:
        clip = make_component(name="CLIP")
        make_component(name="EVA", origins=from_component("clip"))
        make_paper(name="LLaVA", vision_encoders=[{"component": "eva"}])

        with pytest.raises(PayloadError) as refused:
            make_revision("component", clip, origins=origins(("fine-tuned-from", "paper", "llava")))

        message = "CLIP would descend from itself: CLIP → LLaVA → EVA → CLIP. Remove one of these references."
        assert refused.value.errors == {"origins": [message]}

    def test_a_part_that_closes_one_is_refused_at_its_field(self) -> None:
        model = make_paper(name="LLaVA")
        make_component(name="EVA", origins=origins(("initialised-from", "paper", "llava")))

        with pytest.raises(PayloadError) as refused:
            make_revision("paper", model, other_encoders=[{"component": "eva"}])

        assert list(refused.value.errors) == ["other_encoders"]

    def test_successors_may_name_each_other(self) -> None:
        one = make_paper(name="One")
        make_paper(name="Two", origins=origins(("successor-of", "paper", "one")))

        make_revision("paper", one, origins=origins(("initialised-from", "paper", "two")))

        assert PaperOrigin.objects.count() == 2

    def test_one_of_old_does_not_keep_anybody_from_editing(self) -> None:
        one = make_paper(name="One")
        two = make_paper(name="Two", origins=origins(("initialised-from", "paper", "one")))
        make_component(name="EVA")
        PaperOrigin.objects.create(owner=one, relation="initialised-from", paper=two)
        live = fresh(one)

        make_revision("paper", live, vision_encoders=[{"component": "eva"}], summary="Edited.")

        live.refresh_from_db()
        assert live.summary == "Edited."

    def test_a_merge_that_closes_one_is_refused(self) -> None:
        clip, copy = make_component(name="CLIP"), make_component(name="CLIP again")
        make_component(name="EVA", origins=from_component("clip-again"))
        make_revision("component", clip, origins=from_component("eva"))

        with pytest.raises(PublishingError, match="would descend from itself: EVA → CLIP → EVA"):
            merge(entry=copy, into=fresh(clip), trace=trace())

    def test_a_reference_that_would_close_one_stays_with_the_merge_target(self) -> None:
        """The restored entry descends meanwhile, through what it names, from what referred to it."""
        copy, target = make_component(name="Copy", origins=[]), make_component(name="Target")
        top = make_component(name="Top")
        make_revision("component", copy, origins=from_component("top"))
        below = make_component(name="Below", origins=from_component("copy"))
        merge(entry=fresh(copy), into=target, trace=trace())
        make_revision("component", fresh(top), origins=from_component("below"))

        restored = restore(kind=KINDS["component"], entry_id=copy.pk, trace=trace())

        live = fresh(below)
        assert KINDS["component"].dump(live)["origins"][0]["component"] == "target"
        assert "Below" in restored.comment

    def test_a_chain_that_is_too_long_to_follow_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("catalog.kinds.shared.inheritance.MOST_GENERATIONS", 2)
        for number in range(3):
            make_paper(name=f"P{number}", origins=from_paper(f"p{number - 1}") if number else [])
        last = make_paper(name="Last")

        with pytest.raises(PayloadError) as refused:
            make_revision("paper", last, origins=from_paper("p2"))

        assert "too many steps" in str(refused.value)


def from_paper(slug: str) -> list[dict[str, Any]]:
    return origins(("initialised-from", "paper", slug))


class TestRows:
    """What a row of training data may say."""

    def test_rows_of_an_earlier_release_are_read_as_trained_on(self) -> None:
        row = {"name": "COCO", "dataset": None, "benchmark": None}

        upgraded = KINDS["paper"].form.upgraded({"training_datasets": [row]})["training_datasets"]

        assert upgraded == [{**row, "excluded": False, "note": "", "variants": []}]

    def test_two_rows_that_state_the_opposite_are_refused(self) -> None:
        make_benchmark(name="GQA")
        rows = [{"name": "GQA", "benchmark": "gqa"}, {"name": "GQA test", "benchmark": "gqa", "excluded": True}]

        with pytest.raises(PayloadError) as refused:
            make_paper(name="Model", training_datasets=rows)

        assert refused.value.errors == {
            "training_datasets": [
                (
                    "row 2: row 1 states the opposite of “GQA test”. "
                    "Remove one of the two, or name the variants that each is about."
                )
            ]
        }

    def test_of_two_variants_they_may_be(self) -> None:
        make_benchmark(name="GQA")
        rows = [
            {"name": "GQA", "benchmark": "gqa", "variants": ["7B"]},
            {"name": "GQA", "benchmark": "gqa", "variants": ["13B"], "excluded": True},
        ]

        model = make_paper(name="Model", training_datasets=rows)

        assert exposures(model) == [("13B", "gqa", True, []), ("7B", "gqa", False, [])]

    def test_a_variant_is_one_of_the_sizes(self) -> None:
        make_dataset(name="COCO")
        rows = trained_on("coco", variants=["7b", "Model-13B", "70B"])

        with pytest.raises(PayloadError) as refused:
            make_paper(name="Model", variants=[{"name": "7B"}, {"name": "13B"}], training_datasets=rows)

        message = "row 1, variants: “70B” is none of its sizes. Name one of them, or add it to the sizes."
        assert refused.value.errors == {"training_datasets": [message]}

    def test_a_variant_is_kept_by_its_listed_name(self) -> None:
        make_dataset(name="COCO")
        rows = trained_on("coco", variants=["7b", "Model-13B"])

        model = make_paper(name="Model", variants=[{"name": "7B"}, {"name": "13B"}], training_datasets=rows)

        assert KINDS["paper"].dump(model)["training_datasets"][0]["variants"] == ["7B", "13B"]
