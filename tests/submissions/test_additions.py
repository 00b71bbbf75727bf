"""A proposal that names something which the benchmark or the model does not list yet brings the row for it along."""

from typing import Any

import pytest
from django.core.management import call_command

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.publishing import merge, retire
from catalog.models import Revision
from submissions.management.commands.verify_ledger import find_proposal_errors
from submissions.models import Event, Proposal
from submissions.verbs import APPROVE
from submissions.workflow import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    Target,
    approve,
    lock,
    rebase,
    reject,
    revise,
    submit,
    submit_proposals,
    undo,
    withdraw,
)
from tests.factories import make_benchmark, make_paper, make_revision, trace
from tests.people import contributor, decide_each, moderator

pytestmark = pytest.mark.django_db
SOURCE = "https://arxiv.org/abs/2310.02255"
KIND = KINDS["result"]
TESTMINI = {"split": {"name": "testmini"}}


@pytest.fixture(autouse=True)
def entries() -> None:
    make_benchmark(
        name="MathVista",
        metrics=[{"name": "accuracy", "unit": "percent", "direction": "higher", "minimum": "0", "maximum": "100"}],
        splits=[{"name": "test"}],
        parts=[{"name": "geometry"}],
    )
    make_paper(name="InternVL2", variants=[{"name": "InternVL2-8B"}])


def mathvista() -> Benchmark:
    benchmark: Benchmark = Benchmark.objects.with_references().get(slug="mathvista")
    return benchmark


def payload(**fields: Any) -> dict[str, Any]:
    about = {
        "paper": "internvl2",
        "benchmark": "mathvista",
        "metric": "accuracy",
        "value": "58.3",
        "source_url": SOURCE,
    }
    return {**KIND.form.empty(), **about, **fields}


def new(additions: Any = None, **fields: Any) -> NewProposal:
    return NewProposal(KIND, "create", payload(**fields), source=SOURCE, additions=additions or {})


def propose(additions: Any = None, **fields: Any) -> Proposal:
    return submit(author=contributor(), proposed=new(additions, **fields))


def errors_of(additions: Any, **fields: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        propose(additions, **fields)
    return refused.value.errors


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def splits() -> list[str]:
    return names(mathvista().splits)


def test_without_one_an_unlisted_name_is_refused() -> None:
    assert list(errors_of(None, split="testmini")) == ["split"]


def test_approving_publishes_the_owner_and_then_the_result() -> None:
    proposal = propose(TESTMINI, split="testmini")
    assert splits() == ["test"]

    approved = approve(proposal=proposal, actor=moderator(), comment="Good.")

    assert (splits(), Result.objects.get().split) == (["test", "testmini"], "testmini")
    owner, result = Revision.objects.order_by("-pk")[:2][::-1]
    assert (owner.kind, owner.action, owner.changed, owner.number) == ("benchmark", "edit", ["splits"], 2)
    assert (owner.contributor, owner.approver, owner.source) == ("ada", "hedy", SOURCE)
    assert owner.comment == f"Added with “{proposal.name}”, proposal {proposal.pk}."
    assert result.pk == approved.revision_id
    event = Event.objects.get(verb="approve")
    assert (event.comment, event.payload) == ("Good.\n\nAdded to MathVista as well.", {"additions": [owner.pk]})
    call_command("verify_ledger")


def test_the_row_is_kept_as_the_owner_would_store_it() -> None:
    proposal = propose({"split": {"name": " testmini ", "size_count": 1000}}, split="testmini")

    row = {**mathvista().splits[0], "name": "testmini", "size_count": 1000}
    assert (proposal.additions, proposal.current_additions) == ({"split": row}, {"split": row})


def test_several_rows_of_two_owners_go_in_two_edits() -> None:
    additions = {
        "variant": {"name": "InternVL2-76B", "total_b": "76"},
        "metric": {"name": "ANLS", "unit": "fraction", "direction": "higher", "maximum": "1"},
        **TESTMINI,
    }
    proposal = propose(additions, variant="InternVL2-76B", metric="ANLS", value="0.5", split="testmini")
    before = Revision.objects.count()

    approve(proposal=proposal, actor=moderator())

    paper = Paper.objects.get()
    assert (names(paper.variants), paper.variants[1]["total_b"]) == (["InternVL2-8B", "InternVL2-76B"], "76")
    assert (names(mathvista().metrics), splits()) == (["accuracy", "ANLS"], ["test", "testmini"])
    assert Revision.objects.count() == before + 3
    result = Result.objects.get()
    assert (result.variant, result.metric, result.number) == ("InternVL2-76B", "ANLS", result.number_in(mathvista()))


def test_a_value_out_of_the_bounds_of_a_new_metric_is_refused() -> None:
    metric = {"name": "ANLS", "unit": "fraction", "maximum": "1"}
    assert list(errors_of({"metric": metric}, metric="ANLS", value="58.3")) == ["value"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["testmini"], "The additions must be an object."),
        ({"splits": {}}, "splits: unknown; known are: variant, part, split, metric."),
        ({"split": "testmini"}, "split, __all__: The fields must be an object."),
        ({"split": {"name": "testmini", "number": 3}}, "split, number: Unknown field; known are: "),
        ({"split": {"name": 3}}, "split, name: "),
        ({"split": {}}, "split, name: Give the name that the proposal has."),
        ({"split": {"name": "testmini", "size_count": -3}}, "split, size_count: "),
        ({"split": {"name": "mini"}}, "split: the proposal names “testmini”, and not “mini”"),
        ({"split": {"name": "testmini", "aliases": ["test"]}}, "split: “test” is a name of two rows"),
        ({"part": {"name": "algebra"}, **TESTMINI}, "part: the proposal names “”, and not “algebra”"),
    ],
)
def test_what_is_no_addition_is_refused(given: Any, message: str) -> None:
    errors = errors_of(given, split="testmini")
    [first, *_] = errors.get("additions") or [str(errors)]
    assert first.startswith(message) or message in first, errors


def test_a_kind_that_names_nothing_takes_none() -> None:
    with pytest.raises(Invalid) as refused:
        submit(
            author=contributor(),
            proposed=NewProposal(KINDS["topic"], "create", {"name": "Maths"}, source=SOURCE, additions=TESTMINI),
        )
    assert list(refused.value.errors) == ["additions"]


def test_what_is_listed_already_is_no_addition() -> None:
    assert propose({"split": {"name": "Test"}}, split="Test").additions == {}


def test_the_same_name_in_the_meantime_does_no_harm() -> None:
    first = propose(TESTMINI, split="testmini", value="1")
    second = propose(TESTMINI, split="testmini", value="2")
    approve(proposal=first, actor=moderator())
    before = Revision.objects.count()

    approve(proposal=second, actor=moderator())

    assert (splits(), Revision.objects.count()) == (["test", "testmini"], before + 1)
    assert Event.objects.filter(verb="approve").latest("pk").payload is None


def test_a_row_that_does_not_fit_any_more_is_refused_and_nothing_is_published() -> None:
    proposal = propose({"split": {"name": "testmini", "aliases": ["mini"]}}, split="testmini")
    make_revision("benchmark", mathvista(), splits=[{"name": "test"}, {"name": "mini"}, {"name": "Mini2"}])
    make_revision("benchmark", mathvista(), splits=[{"name": "test"}, {"name": "other", "aliases": ["mini"]}])
    before = Revision.objects.count()

    with pytest.raises(Conflict, match="“testmini” cannot be added to MathVista as it is now"):
        approve(proposal=proposal, actor=moderator())

    assert (splits(), Revision.objects.count(), Result.objects.count()) == (["test", "other"], before, 0)
    assert Proposal.objects.get().status == "pending"


def test_if_the_result_is_refused_its_owner_is_not_changed() -> None:
    proposal = propose(TESTMINI, split="testmini")
    Proposal.objects.update(payload={**proposal.payload, "value": "many"})

    with pytest.raises(Invalid):
        approve(proposal=Proposal.objects.get(), actor=moderator())

    assert (splits(), Proposal.objects.get().status) == (["test"], "pending")


def test_a_locked_owner_is_refused_with_a_word() -> None:
    lock(entry=mathvista(), actor=moderator(), reason="Under repair.")

    with pytest.raises(NotAllowed, match="MathVista is locked, so that nothing can be added to it: Under repair."):
        propose(TESTMINI, split="testmini")

    assert propose(split="test").pk
    assert submit(author=moderator("mary"), proposed=new(TESTMINI, split="testmini")).pk


def test_a_merged_owner_is_followed() -> None:
    proposal = propose(TESTMINI, split="testmini")
    other = make_benchmark(name="MathVista 2", splits=[{"name": "val"}])
    merge(entry=mathvista(), into=other, trace=trace())

    approve(proposal=proposal, actor=moderator())

    other.refresh_from_db()
    assert (names(other.splits), Result.objects.get().benchmark) == (["val", "testmini"], other)


def test_a_retired_owner_is_told_as_for_any_result() -> None:
    proposal = propose(TESTMINI, split="testmini")
    retire(entry=mathvista(), trace=trace())

    with pytest.raises(Invalid) as refused:
        approve(proposal=proposal, actor=moderator())
    assert list(refused.value.errors) == ["benchmark"]


def an_edit(additions: Any, **fields: Any) -> Proposal:
    live = Result.objects.with_references().get()
    edit = NewProposal(
        KIND, "edit", {**KIND.dump(live), **fields}, Target.live(live), source=SOURCE, additions=additions
    )
    return submit(author=contributor(), proposed=edit)


def test_a_part_of_an_edit_publishes_what_it_names_alone() -> None:
    approve(proposal=propose(split="test"), actor=moderator())
    proposal = an_edit(TESTMINI, split="testmini", notes="Read again.")
    approve(proposal=proposal, actor=moderator(), fields={"notes"})
    assert (splits(), Result.objects.get().notes) == (["test"], "Read again.")

    proposal = an_edit(TESTMINI, split="testmini", notes="And again.")
    approve(proposal=proposal, actor=moderator(), fields={"split"})
    assert (splits(), Result.objects.get().split) == (["test", "testmini"], "testmini")


def test_an_edit_in_review_keeps_what_it_still_names() -> None:
    proposal = propose(TESTMINI, split="testmini")

    approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "value": "59"})

    assert (splits(), Result.objects.get().value) == (["test", "testmini"], "59")
    assert Revision.objects.latest("pk").edited == {"value": "59"}


def test_an_edit_in_review_leaves_out_what_it_does_not_name_any_more() -> None:
    proposal = propose(TESTMINI, split="testmini")
    approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "split": "test"})
    assert (splits(), Result.objects.get().split) == (["test"], "test")


def test_an_edit_in_review_that_names_another_owner_adds_nothing_to_it() -> None:
    proposal = propose(TESTMINI, split="testmini")
    make_benchmark(name="Other", splits=[{"name": "val"}])

    with pytest.raises(Invalid) as refused:
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "benchmark": "other"})

    assert list(refused.value.errors) == ["split"]


def test_a_revision_keeps_drops_or_replaces_additions() -> None:
    about: dict[str, Any] = {"actor": contributor(), "source": SOURCE, "comment": ""}
    proposal = propose(TESTMINI, split="testmini")

    kept = revise(proposal=proposal, payload={**proposal.payload, "value": "59"}, **about)
    assert list(kept.additions) == ["split"]
    replaced = revise(
        proposal=kept, payload={**proposal.payload, "split": "mini"}, additions={"split": {"name": "mini"}}, **about
    )
    assert replaced.additions["split"]["name"] == "mini"
    dropped = revise(proposal=replaced, payload={**proposal.payload, "split": "test"}, **about)
    assert dropped.additions == {}
    former = Event.objects.latest("pk").payload or {}
    assert former["additions"] == replaced.additions
    with pytest.raises(Invalid):
        revise(proposal=dropped, payload={**proposal.payload, "split": "testmini"}, **about)


def test_a_rebased_edit_brings_them_along() -> None:
    approve(proposal=propose(split="test"), actor=moderator())
    proposal = an_edit(TESTMINI, split="testmini")
    make_revision("result", Result.objects.with_references().get(), notes="So.")

    approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())

    assert (splits(), Result.objects.get().split) == (["test", "testmini"], "testmini")


def test_withdrawn_and_rejected_ones_add_nothing() -> None:
    withdraw(proposal=propose(TESTMINI, split="testmini"), actor=contributor())
    reject(proposal=propose(TESTMINI, split="testmini"), actor=moderator(), reason="No.")
    assert splits() == ["test"]


def test_a_batch_adds_a_variant_once() -> None:
    additions = {"variant": {"name": "InternVL2-76B"}}
    items = [new(additions, variant="InternVL2-76B", value=value) for value in ("1", "2", "3")]
    submit_proposals(author=contributor(), name="Three", items=items)

    outcomes = decide_each(APPROVE, Proposal.objects.order_by("pk"), moderator())

    assert [outcome.error_message for outcome in outcomes] == ["", "", ""]
    assert names(Paper.objects.get().variants) == ["InternVL2-8B", "InternVL2-76B"]
    assert Revision.objects.filter(kind="paper").count() == 2


def test_equal_ones_are_recognised() -> None:
    propose(TESTMINI, split="testmini")
    with pytest.raises(AlreadyProposed):
        propose(TESTMINI, split="testmini")


def test_undoing_the_result_leaves_the_row_of_its_owner() -> None:
    approved = approve(proposal=propose(TESTMINI, split="testmini"), actor=moderator())
    undo(revision=Revision.objects.get(pk=approved.revision_id or 0), actor=moderator(), reason="Wrong.")
    assert splits() == ["test", "testmini"]


def test_a_suspended_author_adds_nothing() -> None:
    author = contributor()
    author.suspend(because="Spam.")
    with pytest.raises(NotAllowed):
        submit(author=author, proposed=new(TESTMINI, split="testmini"))


def test_verify_ledger_names_what_does_not_agree() -> None:
    done = approve(proposal=propose(TESTMINI, split="testmini"), actor=moderator())
    open_one = propose({"split": {"name": "mini"}}, split="mini")
    Proposal.objects.filter(pk=open_one.pk).update(additions={"split": "mini"})
    Event.objects.filter(verb="approve").update(payload={"additions": [10**6]})

    assert list(find_proposal_errors()) == [
        f"Proposal {done.pk} names additions that are not in the ledger, or not its own.",
        f"Proposal {open_one.pk} has additions that cannot be read.",
    ]


def test_a_damaged_addition_breaks_no_approval_of_the_rest() -> None:
    proposal = propose(split="test")
    Proposal.objects.update(additions={"split": "x", "colour": {"name": "blue"}})
    assert Proposal.objects.get().current_additions == {}
    assert approve(proposal=Proposal.objects.get(pk=proposal.pk), actor=moderator()).status == "approved"
