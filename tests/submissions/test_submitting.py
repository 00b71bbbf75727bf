"""What the workflow refuses to take in, whoever asks: the API and the pages call the same verbs."""

from collections.abc import Callable
from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.models import Proposal, ProposalAction
from submissions.workflow import (
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    Target,
    approve,
    comment,
    edit_directly,
    lock,
    reject,
    request_changes,
    revise,
    submit,
    withdraw,
)
from tests.factories import make_component, make_dataset, make_paper, make_revision
from tests.people import admin, contributor, moderator, propose, propose_edit

pytestmark = pytest.mark.django_db


def ask(action: ProposalAction, target: Target, **more: Any) -> Proposal:
    return submit(
        author=contributor(),
        proposed=NewProposal(kind=KINDS["paper"], action=action, target=target, **{"comment": "Because.", **more}),
    )


def refused(**more: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as error:
        ask(**more)
    return error.value.errors


NOT_IN_CATALOGUE = {"__all__": ["The entry is not in the catalogue any more."]}


@pytest.mark.parametrize(
    "action", [ProposalAction.RETIRE, ProposalAction.MERGE, ProposalAction.FLAG, ProposalAction.EDIT]
)
def test_a_proposal_needs_an_entry_that_is_in_the_catalogue(action: ProposalAction) -> None:
    merge_target = make_paper(name="Target")
    more = {"source": "Table 1", "payload": {"name": "V"}} if action == ProposalAction.EDIT else {}

    assert refused(action=action, target=Target(999, "vim", "Vim", 1), into=merge_target, **more) == NOT_IN_CATALOGUE


def test_only_what_was_retired_is_restored() -> None:
    paper = make_paper(name="Vim")

    assert refused(action=ProposalAction.RESTORE, target=Target.live(paper)) == {
        "__all__": ["Only a retired entry can be restored."]
    }


@pytest.mark.parametrize("base", [0, 2])
@pytest.mark.parametrize("action", [ProposalAction.RETIRE, ProposalAction.FLAG])
def test_a_revision_that_never_was_is_no_base(action: ProposalAction, base: int) -> None:
    paper = make_paper(name="Vim")

    assert refused(action=action, target=Target.live(paper, base)) == {
        "__all__": [f"The entry has no revision {base} to start from."]
    }


def test_a_merge_target_is_of_the_same_kind() -> None:
    paper, dataset = make_paper(name="Vim"), make_dataset(name="COCO")

    assert refused(action=ProposalAction.MERGE, target=Target.live(paper), into=dataset) == {
        "into": ["Name the entry that stays: another one of the same kind."]
    }


def test_an_action_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Invalid, match="There is no action “delete”"):
        submit(
            author=contributor(),
            proposed=NewProposal(kind=KINDS["paper"], action="delete", target=Target.live(make_paper())),
        )


def submit_new(source: str, **fields: Any) -> str:
    proposed = NewProposal(KINDS["paper"], ProposalAction.CREATE, PAYLOAD | fields, source=source)
    return submit(author=contributor(), proposed=proposed).source


def submit_edit(source: str) -> str:
    return ask(ProposalAction.EDIT, Target.live(make_paper(name="Vim")), payload=PAYLOAD, source=source).source


def revise_one(source: str) -> str:
    return revise(proposal=propose(), actor=contributor(), payload=PAYLOAD, source=source, comment="").source


def edit_live(source: str) -> str:
    paper = make_paper(name="Vim")
    return edit_directly(entry=paper, actor=admin(), payload=PAYLOAD, base=1, source=source, comment="").source


PAYLOAD = {"name": "Vim", "year": 2024}
WAYS = [submit_new, submit_edit, revise_one, edit_live]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("-", "“-” names no source. Give its URL, or how to find it."),
        ("N/A", "“N/A” names no source. Give its URL, or how to find it."),
        ("https://", "Not an address that starts with http:// or https://."),
        ("https://user:word@example.org/", "Holds a user name or password before the host; remove it."),
    ],
)
def test_what_names_no_source_is_refused_by_every_way(way: Callable[[str], str], source: str, message: str) -> None:
    with pytest.raises(Invalid) as error:
        way(source)

    assert error.value.errors == {"source": [message]}


@pytest.mark.parametrize("way", WAYS)
def test_an_address_without_its_scheme_is_kept_with_https(way: Callable[[str], str]) -> None:
    assert way(" arxiv.org/abs/2405.00003 ") == "https://arxiv.org/abs/2405.00003"


def test_a_row_of_sources_without_an_address_names_one_in_its_note_or_is_not_verified() -> None:
    row = {"field": "year", "url": "", "note": "n/a", "confidence": "confirmed", "source_class": ""}

    with pytest.raises(Invalid) as error:
        submit_new("Table 1", sources=[row])
    unverified = submit_new("Table 1", sources=[{**row, "confidence": "unverified"}])

    message = "row 1: “n/a” names no source: give an address, or say where it was read."
    assert (error.value.errors, unverified) == ({"sources": [message]}, "Table 1")


def test_a_row_that_an_entry_has_already_is_not_refused_again() -> None:
    row = {"field": "year", "url": "", "note": "the report", "confidence": "confirmed", "source_class": ""}
    paper = make_paper(**PAYLOAD, sources=[row])
    Paper.objects.filter(pk=paper.pk).update(sources=[{**row, "note": "x"}])

    assert propose_edit(Paper.objects.get(pk=paper.pk), venue="ECCV", sources=[{**row, "note": "x"}]).pk


@pytest.mark.parametrize("action", [ProposalAction.CREATE, ProposalAction.EDIT])
def test_a_new_entry_has_no_target_and_all_else_has_one(action: ProposalAction) -> None:
    target = Target.live(make_paper(name="Vim")) if action == ProposalAction.CREATE else None

    with pytest.raises(Invalid):
        submit(
            author=contributor(),
            proposed=NewProposal(
                kind=KINDS["paper"], action=action, payload={"name": "V"}, target=target, source="Table 1", comment="y"
            ),
        )


def test_a_locked_entry_can_be_flagged_by_anyone_but_its_proposals_not_revised() -> None:
    paper = make_paper(name="Vim")
    before = propose_edit(paper, year=2024)
    lock(entry=paper, actor=moderator(), reason="An edit war.")

    assert ask(ProposalAction.FLAG, Target.live(paper)).status == "pending"
    with pytest.raises(NotAllowed, match="This entry is locked: An edit war"):
        revise(proposal=before, actor=contributor(), payload={"name": "Vim", "year": 2025}, source="p. 3", comment="")


def test_the_old_address_of_a_reference_is_no_change() -> None:
    part = make_component(name="ViT")
    rows = [{"component": part.slug, "variants": [], "note": ""}]
    paper = make_paper(name="Vim", vision_encoders=rows)
    make_revision("component", entry=part, slug="vision-transformer", name="ViT")

    with pytest.raises(Invalid, match="Nothing is changed"):
        propose_edit(paper, vision_encoders=rows)


def test_a_version_that_was_not_read_is_refused_before_anything_is_written() -> None:
    proposal = propose(name="Vim")

    with pytest.raises(Conflict, match="Somebody changed this proposal a moment ago"):
        withdraw(proposal=Proposal(pk=proposal.pk, author=proposal.author, version=7), actor=contributor(), version=1)


UNSEEN = {"nul": "a\x00b", "bell": "a\x07b", "bidi": "a\u202eb", "surrogate": "a\ud800b"}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN.keys())
class TestTexts:
    """What a database cannot store or a reader cannot see is refused in every text, under the field's name."""

    def test_of_a_proposal(self, text: str) -> None:
        target = Target.live(make_paper(name="Vim"))
        with pytest.raises(Invalid) as error:
            submit(
                author=contributor(),
                proposed=NewProposal(
                    kind=KINDS["paper"],
                    action=ProposalAction.EDIT,
                    payload={"name": "V"},
                    target=target,
                    source=text,
                    comment=text,
                ),
            )
        assert sorted(error.value.errors) == ["comment", "source"]

    def test_of_a_payload(self, text: str) -> None:
        with pytest.raises(Invalid) as error:
            propose(name=text, summary=text, aliases=[text])
        assert sorted(error.value.errors) == ["aliases", "name", "summary"]

    def test_of_a_decision(self, text: str) -> None:
        proposal = propose(name="Vim")
        hedy: Any = {"proposal": proposal, "actor": moderator()}
        ada: Any = {"proposal": proposal, "actor": contributor()}
        attempts: list[Any] = [
            lambda: reject(**hedy, reason=text),
            lambda: approve(**hedy, comment=text),
            lambda: comment(**ada, comment=text),
            lambda: withdraw(**ada, comment=text),
        ]
        for attempt in attempts:
            with pytest.raises(Invalid, match="invisible character"):
                attempt()
        assert (Proposal.objects.get().status, Paper.objects.exists()) == ("pending", False)


BLANK = {"zero width": "\u200b\u2060\ufeff", "soft hyphen": " \xad ", "hangul": "\u3164", "braille": "\u2800"}


@pytest.mark.parametrize("text", BLANK.values(), ids=BLANK.keys())
class TestTextsThatShowNothing:
    """A reason or a source that nobody sees is refused as a missing one is."""

    def test_of_a_decision(self, text: str) -> None:
        proposal = propose(name="Vim")
        hedy: Any = {"proposal": proposal, "actor": moderator()}
        attempts: list[Any] = [
            lambda: reject(**hedy, reason=text),
            lambda: request_changes(**hedy, reason=text),
            lambda: comment(**hedy, comment=text),
        ]
        errors = []
        for attempt in attempts:
            with pytest.raises(Invalid) as refused:
                attempt()
            errors.append(refused.value.errors)
        assert errors == [
            {"reason": ["Say why it is rejected."]},
            {"reason": ["Say what is to be changed."]},
            {"comment": ["Write something first."]},
        ]

    def test_of_a_proposal(self, text: str) -> None:
        target = Target.live(make_paper(name="Vim"))
        about: Any = {"kind": KINDS["paper"], "target": target, "source": text, "comment": text}
        errors = []
        for action in (ProposalAction.EDIT, ProposalAction.FLAG):
            with pytest.raises(Invalid) as refused:
                submit(author=contributor(), proposed=NewProposal(action=action, payload={"name": "V"}, **about))
            errors.append(list(refused.value.errors))
        assert errors == [["source"], ["comment"]]


def test_invisible_characters_between_words_stay() -> None:
    family = "A family: \U0001f469\u200d\U0001f467, \u05d0\u05b8."
    done = reject(proposal=propose(name="Vim"), actor=moderator(), reason=family)
    assert done.decision == family


@pytest.mark.parametrize("verb", [approve, withdraw])
def test_optional_texts_have_a_maximum_length_too(verb: Any) -> None:
    proposal = propose(name="Vim")
    actor = moderator() if verb is approve else contributor()

    with pytest.raises(Invalid) as refused:
        verb(proposal=proposal, actor=actor, comment="x" * 4001)
    assert refused.value.errors == {"comment": ["At most 4000 characters."]}
    assert not Revision.objects.exists()
