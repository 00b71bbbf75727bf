"""Restoring a merged entry gives back the references that the merge replaced, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger import integrity
from catalog.ledger.merge_integrity import references_left
from catalog.ledger.merges import (
    KEPT,
    GivingBack,
    is_kept,
    kept_references,
    plan_giving_back,
    with_kept_references,
)
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Entry, Revision
from tests.factories import make_component, make_paper, make_result, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def join(entry: Entry, into: Entry) -> Revision:
    return merge(entry=live(entry), into=live(into), trace=trace("The same."))


def part(entry: Entry, kind: str = "paper") -> Revision:
    return restore(kind=KINDS[kind], entry_id=entry.pk, trace=trace("They differ."))


def origins(*slugs: str) -> list[dict[str, Any]]:
    return [{"relation": "initialised-from", "paper": slug, "component": None, "note": ""} for slug in slugs]


def parents(child: Paper) -> list[str]:
    return [row["paper"] for row in PAPER.dump(live(child))["origins"]]


@pytest.fixture(autouse=True)
def _ledger_agrees() -> Any:
    yield
    assert list(integrity.find_errors()) == []


def test_a_merge_notes_what_it_kept_and_which_revisions_are_its_parts() -> None:
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    result, component = make_result(paper="duplicate"), make_component(name="Set", paper="duplicate")

    revision = join(duplicate, target)

    parts = [(row.kind, row.entry_id) for row in Revision.objects.parts_of(revision)]
    assert (revision.into_id, sorted(parts)) == (target.pk, [("component", component.pk), ("result", result.pk)])


def test_every_reference_goes_back_and_those_of_the_target_stay() -> None:
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    benchmark = make_result(paper="duplicate", value="1").benchmark.slug
    make_result(paper="target", benchmark=benchmark, value="2")
    component, child = (
        make_component(name="Set", paper="duplicate"),
        make_paper(name="Child", origins=origins("duplicate")),
    )
    join(duplicate, target)

    restoration = part(duplicate)

    assert dict(Result.objects.values_list("value", "paper__slug")) == {"1": "duplicate", "2": "target"}
    assert (live(component).paper.slug, parents(child)) == ("duplicate", ["duplicate"])
    given = [(row.kind, row.comment) for row in Revision.objects.parts_of(restoration)]
    comment = "Duplicate is an entry of its own again: They differ."
    assert sorted(given) == [("component", comment), ("paper", comment), ("result", comment)]
    assert kept_references(restoration) == ""


def test_what_was_changed_since_stays_and_is_named() -> None:
    duplicate, target, other = (make_paper(name=name) for name in ("Duplicate", "Target", "Other"))
    component, gone = make_component(name="Set", paper="duplicate"), make_component(name="Gone", paper="duplicate")
    same = make_component(name="Same", paper="duplicate")
    join(duplicate, target)
    make_revision("component", entry=live(component), paper=other.slug)
    make_revision("component", entry=live(same), year=2024)
    retire(entry=live(gone), trace=trace("Nothing."))

    restoration = part(duplicate)

    assert dict(Component.objects.values_list("name", "paper__slug")) == {"Set": "other", "Same": "duplicate"}
    assert kept_references(restoration) == "Gone (it is not in the catalogue any more); Set (described in)"


def test_other_rows_of_the_same_list_keep_what_was_done_to_them() -> None:
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    child = make_paper(name="Child", origins=origins("target", "duplicate"))
    make_paper(name="Third")
    join(duplicate, target)
    make_revision("paper", entry=live(child), origins=origins("target", "third"))

    part(duplicate)

    assert sorted(parents(child)) == ["duplicate", "target", "third"]


def test_topics_go_back() -> None:
    duplicate, target = make_topic(name="OCR"), make_topic(name="Reading text")
    paper = make_paper(name="Model", topics=["ocr"])
    join(duplicate, target)

    part(duplicate, "topic")

    assert [topic.slug for topic in live(paper).topics.all()] == ["ocr"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_a_chain_of_merges_each_restoration_takes_back_its_own(order: tuple[int, int]) -> None:
    first, second, third = (make_paper(name=name) for name in ("First", "Second", "Third"))
    of_first, of_second = (
        make_paper(name="A", origins=origins("first")),
        make_paper(name="B", origins=origins("second")),
    )
    join(first, second)
    join(second, third)
    assert (parents(of_first), parents(of_second)) == (["third"], ["third"])

    for number in order:
        part((first, second)[number])

    assert (parents(of_first), parents(of_second)) == (["first"], ["second"])
    assert not Revision.objects.filter(comment__contains="Not given back").exists()


def test_a_target_that_was_renamed_since_is_no_change_of_what_refers_to_it() -> None:
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    child = make_paper(name="Child", origins=origins("duplicate"))
    join(duplicate, target)
    make_revision("paper", entry=live(target), slug="renamed")
    make_revision("paper", entry=live(child), year=2024)

    part(duplicate)

    assert parents(child) == ["duplicate"]


def test_a_reason_cannot_name_what_was_kept() -> None:
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    component = make_component(name="Set", paper="duplicate")
    join(duplicate, target)
    make_revision("component", entry=live(component), paper=None)

    reason = f"They differ.\n\n{KEPT}everything."
    restoration = restore(kind=PAPER, entry_id=duplicate.pk, trace=trace(reason))

    assert kept_references(restoration) == "Set (described in)"
    assert restoration.comment == f"They differ. {KEPT.strip()} everything.{KEPT}Set (described in)."


@pytest.mark.parametrize("name", ["Set", "Sets of sets", "Set.", "Set; other"])
def test_a_reference_is_kept_by_its_very_name(name: str) -> None:
    comment = with_kept_references("They differ.", ["Open Set", "Set of all", name])
    restoration = Revision(comment=comment)
    assert [is_kept(restoration, text) for text in (name, "Open Set", "Set of all")] == [True] * 3
    assert [is_kept(restoration, text) for text in ("Open", "of all", "e", "Open Set; Set")] == [False] * 4


class TestVerification:
    """`verify_ledger` names what a restoration left, until somebody has mended it."""

    error = "component set: revision 2 replaced a reference that was not given back by paper duplicate: revision 3."

    @pytest.fixture
    def leave(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Entry], None]:
        """Restore an entry as if nothing referred to the one that it was merged into."""

        def leave(entry: Entry) -> None:
            def none(removal: Revision) -> GivingBack:
                return GivingBack(kept=plan_giving_back(removal).kept)

            with monkeypatch.context() as patch:
                patch.setattr("catalog.ledger.publishing.plan_giving_back", none)
                part(entry)

        return leave

    @pytest.fixture
    def component(self, leave: Callable[[Entry], None]) -> Any:
        """One that refers to Target since the restoration of Duplicate left it there."""
        duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
        component = make_component(name="Set", paper="duplicate")
        join(duplicate, target)
        leave(duplicate)
        assert list(integrity.find_errors()) == [self.error]
        return component

    @pytest.mark.parametrize("paper", ["duplicate", None])
    def test_what_a_person_mended_is_answered(self, component: Any, paper: str | None) -> None:
        make_revision("component", entry=live(component), paper=paper)

    def test_what_is_not_in_the_catalogue_any_more_is_answered(self, component: Any) -> None:
        retire(entry=live(component), trace=trace("Nothing."))

    def test_nothing_can_be_given_back_to_an_entry_that_is_not_live(self, component: Any) -> None:
        retire(entry=Paper.objects.get(slug="duplicate"), trace=trace("Nothing."))

    def test_another_change_is_no_answer(self, component: Any) -> None:
        make_revision("component", entry=live(component), year=2024)
        assert list(integrity.find_errors()) == [self.error]
        make_revision("component", entry=live(component), paper="duplicate")

    def test_a_change_of_another_item_is_no_answer(self, leave: Callable[[Entry], None]) -> None:
        duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
        child = make_paper(name="Child", origins=origins("duplicate"))
        make_paper(name="Third")
        join(duplicate, target)
        make_revision("paper", entry=live(child), origins=origins("target", "third"))
        leave(duplicate)

        assert [error.partition(" replaced")[0] for error in integrity.find_errors()] == ["paper child: revision 2"]
        make_revision("paper", entry=live(child), origins=origins("duplicate", "third"))

    def test_a_name_within_another_is_no_answer(self, leave: Callable[[Entry], None]) -> None:
        duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
        left, kept = (make_component(name=name, paper="duplicate") for name in ("CLIP", "OpenCLIP"))
        join(duplicate, target)
        make_revision("component", entry=live(kept), paper=None)
        leave(duplicate)

        assert [error.partition(" replaced")[0] for error in integrity.find_errors()] == ["component clip: revision 2"]
        make_revision("component", entry=live(left), paper="duplicate")

    def test_one_that_was_out_of_the_catalogue_and_came_back_is_answered(self) -> None:
        duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
        component = make_component(name="Set", paper="duplicate")
        join(duplicate, target)
        retire(entry=live(component), trace=trace("Nothing."))
        part(duplicate)
        part(component, "component")

        assert live(component).paper.slug == "target"

    def test_it_costs_the_same_for_many(self) -> None:
        costs = []
        for count in (1, 8):
            duplicate, target = make_paper(name=f"Duplicate {count}"), make_paper(name=f"Target {count}")
            for number in range(count):
                make_component(name=f"Set {count} {number}", paper=duplicate.slug)
            join(duplicate, target)
            part(duplicate)
            with CaptureQueriesContext(connection) as queries:
                assert list(references_left()) == []
            costs.append(len(queries))
        assert costs == [3, 3]
