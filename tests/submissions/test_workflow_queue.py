"""Many proposals at once get into the queue as each would alone, in far fewer queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from submissions.models import Event, Proposal, ProposalAction
from submissions.workflow import AlreadyProposed, NewProposal, Target, submit, withdraw
from tests.factories import make_paper
from tests.people import contributor, moderator, propose, submit_batch

pytestmark = pytest.mark.django_db

PAPER = KINDS["paper"]
SOURCE = "https://example.org/list"


def bring(*payloads: dict[str, Any], target: Target | None = None) -> Any:
    items = [(PAPER, payload, target) for payload in payloads]
    return submit_batch(author=contributor(), name="A list", items=items, source=SOURCE, comment="All of it.")


def stored_values(proposal: Proposal) -> dict[str, Any]:
    """All that a proposal says, but for where it came from and when."""
    apart = ("_state", "id", "author_id", "batch_id", "submitted_at", "updated_at", "priority", "priority_reason")
    return {key: value for key, value in vars(proposal).items() if key not in apart}


def test_what_a_batch_writes_is_what_a_single_one_writes() -> None:
    make_paper(name="BLIP-2", arxiv_id="2301.12597")
    link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2301.12597", "label": ""}
    payload = {"name": "Blip2", "links": [link], "year": 2023}

    [one] = [outcome.result for outcome in bring(payload)[1]]
    other = submit(
        author=contributor("bob"),
        proposed=NewProposal(
            kind=PAPER, action=ProposalAction.CREATE, payload=payload, source=SOURCE, comment="All of it."
        ),
    )

    stored = Proposal.objects.in_bulk()
    assert stored_values(stored[one.pk]) == stored_values(stored[other.pk])
    assert [duplicate["reason"] for duplicate in stored[one.pk].twins] == ["same arXiv id 2301.12597"]
    events = [Event.objects.get(proposal=pk) for pk in (one.pk, other.pk)]
    assert [(event.verb, event.comment, event.actor.username) for event in events] == [
        ("submit", "All of it.", "ada"),
        ("submit", "All of it.", "bob"),
    ]


def test_the_same_twice_in_a_batch_is_proposed_once() -> None:
    first, second, third = bring({"name": "Vim"}, {"name": "Vim"}, {"name": "Vim", "year": 2024})[1]

    assert (first.error_message, third.error_message) == ("", "")
    assert isinstance(second.error, AlreadyProposed)
    assert second.error.proposal_id == first.result.pk
    assert Proposal.objects.count() == 2


def test_a_queued_duplicate_is_reported_and_a_withdrawn_one_is_not() -> None:
    waiting, withdrawn = propose(name="Vim"), propose(name="Emacs")
    withdraw(proposal=withdrawn, actor=contributor())

    outcomes = bring({"name": "Vim"}, {"name": "Emacs"})[1]

    assert [getattr(outcome.error, "proposal_id", None) for outcome in outcomes] == [waiting.pk, None]


def test_an_edit_of_an_entry_that_was_renamed_since_is_seen_to_be_the_same() -> None:
    paper = make_paper(name="Vim", year=2020)
    payload = {**PAPER.dump(paper), "year": 2024}

    outcomes = [bring(payload, target=Target.live(paper))[1][0] for _ in range(2)]

    assert [type(outcome.error) for outcome in outcomes] == [type(None), AlreadyProposed]


def test_another_target_is_another_merge_and_another_comment_another_flag() -> None:
    target, targets = Target.live(make_paper(name="Vim")), [make_paper(name="Vi"), make_paper(name="Emacs")]

    def again(**about: Any) -> bool:
        try:
            submit(author=contributor(), proposed=NewProposal(kind=PAPER, target=target, **about))
        except AlreadyProposed:
            return True
        return False

    merges = [
        again(action=ProposalAction.MERGE, into=merge_target, comment="A duplicate.")
        for merge_target in (*targets, targets[0])
    ]
    flags = [again(action=ProposalAction.FLAG, comment=text) for text in ("The year.", "The venue.", "The year. ")]
    retirements = [again(action=ProposalAction.RETIRE, comment=text) for text in ("No model.", "A hoax.")]

    assert merges == flags == [False, False, True]
    assert retirements == [False, True]


def test_telling_flags_apart_takes_no_query_for_each() -> None:
    target = Target.live(make_paper(name="Vim"))

    def queries(text: str) -> int:
        proposed = NewProposal(kind=PAPER, action=ProposalAction.FLAG, target=target, comment=text)
        with CaptureQueriesContext(connection) as captured:
            submit(author=moderator(), proposed=proposed)
        return len(captured)

    queries("First.")
    assert queries("Second.") == [queries(f"No. {number}") for number in range(5)][-1]


def test_one_that_is_refused_leaves_the_others_alone() -> None:
    outcomes = bring({"name": "Vim"}, {"name": ""}, {"name": "Emacs"})[1]

    assert [bool(outcome.error_message) for outcome in outcomes] == [False, True, False]
    assert set(Proposal.objects.values_list("name", flat=True)) == {"Vim", "Emacs"}


def test_looking_up_and_writing_take_as_many_queries_for_one_as_for_twenty() -> None:
    """Names of three letters are not looked for by their likeness, which asks for each."""

    def queries(names: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            bring(*({"name": name} for name in names))
        return len(captured)

    queries(["A0"])
    assert queries(["A1"]) == queries([f"B{n}" for n in range(20)])


def test_a_moderator_is_no_newcomer() -> None:
    theirs = propose(author=moderator(), name="Vim")

    assert (theirs.priority_reason, propose(name="Emacs").priority_reason) == ("", "First proposal of a newcomer")
