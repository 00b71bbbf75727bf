"""The Python client proposes to a running site, with a token."""

from typing import Any

import pytest
from vlm_portal_client import Conflict, Forbidden, Invalid, NotFound, Portal, Retired, Stale, Unauthorized

from accounts.tokens import make_token
from catalog.kinds.paper.model import Paper
from submissions.models import Proposal
from submissions.workflow import approve
from tests.factories import make_revision
from tests.people import moderator, person

SOURCE = "https://arxiv.org/abs/2103.00020"
NEW = {"name": "COYO-700M", "size": "747M image-text pairs"}


def stored() -> list[tuple[int, str, str, str]]:
    rows = Proposal.objects.order_by("pk")
    return list(rows.values_list("pk", "action", "name", "status"))


def test_a_new_entry_is_proposed_and_followed_to_its_decision(proposing: Portal) -> None:
    proposed = proposing.propose("dataset", NEW, source=SOURCE, comment="Large.")

    assert stored() == [(proposed.id, "create", "COYO-700M", "pending")]
    assert (proposed.author, proposed.source, proposed.comment) == ("bob", SOURCE, "Large.")
    assert proposed.fields is not None
    assert proposed.fields["size"] == NEW["size"]
    approve(proposal=Proposal.objects.get(), actor=moderator())
    decided = proposing.proposal(proposed.id)
    assert decided.decision is not None
    assert (decided.status, decided.decision.by, decided.decision.slug) == ("approved", "hedy", "coyo-700m")
    assert [event.verb for event in decided.events or []] == ["submit", "approve"]
    assert proposing.entry("dataset", "coyo-700m").fields["name"] == "COYO-700M"


def test_an_edit_names_what_changes_and_the_revision_that_it_is_based_on(proposing: Portal) -> None:
    clip = proposing.entry("paper", "clip")
    about: dict[str, Any] = {"action": "edit", "slug": "clip", "source": SOURCE, "at_revision": clip.revision}

    proposed = proposing.propose("paper", {"venue": "ICML 2021", "year": None}, **about)

    assert (proposed.slug, proposed.base) == ("clip", 2)
    assert proposed.fields == {**clip.fields, "venue": "ICML 2021", "year": None}
    make_revision("paper", Paper.objects.with_references().get(slug="clip"), summary="Somebody else was here.")
    with pytest.raises(Stale) as caught:
        proposing.propose("paper", {"venue": "NeurIPS"}, **about)
    assert caught.value.members["revision"] == 3


def test_a_key_makes_two_calls_one(proposing: Portal) -> None:
    first = proposing.propose("dataset", NEW, source=SOURCE, key="coyo")
    again = proposing.propose("dataset", NEW, source=SOURCE, key="coyo")

    assert again.id == first.id
    assert len(stored()) == 1
    with pytest.raises(Invalid, match="was used for another request"):
        proposing.propose("dataset", {"name": "Other"}, source=SOURCE, key="coyo")


def test_what_is_wrong_is_named(proposing: Portal) -> None:
    with pytest.raises(Invalid) as caught:
        proposing.propose("paper", {"name": "X", "yeer": 2024}, source=SOURCE)

    assert list(caught.value.errors["fields"]) == ["yeer"]
    assert "\n  fields.yeer: " in str(caught.value)
    assert stored() == []


def test_a_batch_says_of_each_line_what_became_of_it(proposing: Portal) -> None:
    lines = [
        {"kind": "dataset", "fields": NEW, "source": SOURCE},
        {"kind": "dataset", "fields": {"name": "X", "sise": "1"}, "source": SOURCE},
    ]
    batch = proposing.propose_batch(lines, name="Two datasets")

    assert (batch.accepted, batch.refused) == (1, 1)
    good, bad = batch.results
    assert (good.line, good.status, good.proposal) == (1, 201, stored()[0][0])
    assert bad.problem is not None
    assert (bad.line, bad.status, list(bad.problem["errors"]["fields"])) == (2, 422, ["sise"])
    assert [one.batch for one in proposing.proposals(batch=batch.batch)] == [batch.batch]
    with pytest.raises(Invalid) as caught:
        proposing.propose_batch(lines[1:])
    assert [result["status"] for result in caught.value.members["results"]] == [422]


def test_a_text_becomes_a_draft_to_complete(proposing: Portal) -> None:
    draft = proposing.parse("2021 | CLIP | https://arxiv.org/abs/2103.00020 | Contrastive")

    assert (draft.kind, draft.fields["name"], draft.fields["year"]) == ("paper", "CLIP", 2021)
    assert [twin.slug for twin in draft.twins] == ["clip"]
    assert stored() == []


def test_ones_proposals_are_listed_revised_commented_and_withdrawn(proposing: Portal) -> None:
    for number in range(3):
        proposing.propose("dataset", {"name": f"Set {number}"}, source=SOURCE)
    newest = next(iter(proposing.proposals(page_size=1)))

    assert [one.name for one in proposing.proposals(page_size=2)] == ["Set 2", "Set 1", "Set 0"]
    assert newest.events is None
    revised = proposing.revise(newest.id, {"size": "5"}, comment="With its size.", at_version=newest.version)
    assert revised.fields is not None
    assert (revised.fields["name"], revised.fields["size"], revised.source) == ("Set 2", "5", SOURCE)
    with pytest.raises(Stale):
        proposing.revise(newest.id, {"size": "6"}, at_version=newest.version)
    commented = proposing.comment(newest.id, "See the paper.")
    assert [(event.verb, event.comment) for event in commented.events or []][-1] == ("comment", "See the paper.")
    assert proposing.withdraw(newest.id, "A mistake.").status == "withdrawn"
    assert [one.name for one in proposing.proposals(status="pending")] == ["Set 1", "Set 0"]
    with pytest.raises(Conflict):
        proposing.withdraw(newest.id)


def test_retiring_and_merging_name_the_entry_and_the_reason(proposing: Portal) -> None:
    merging = proposing.propose("paper", action="merge", slug="clip", into="gemma-3", comment="One paper.")

    assert (merging.action, merging.slug, merging.into, merging.takes_two) == ("merge", "clip", "gemma-3", True)
    assert merging.effects is not None
    assert [reference.kind for reference in merging.effects.referring] == ["result"]
    with pytest.raises(Conflict) as caught:
        proposing.propose("paper", action="merge", slug="clip", into="gemma-3", comment="One paper.")
    assert caught.value.members["proposal"] == merging.url


def test_tokens_do_what_they_may(address: str, portal: Portal) -> None:
    _, reading = make_token(user=person("bob"), name="reads", scopes=["read"], days=7)

    with pytest.raises(Unauthorized):
        portal.propose("dataset", NEW, source=SOURCE)
    with Portal(address, "vlmp_unknown") as unknown, pytest.raises(Unauthorized):
        unknown.entry("paper", "clip")
    with Portal(address, reading) as reader:
        assert list(reader.proposals()) == []
        with pytest.raises(Forbidden, match="This token may not propose"):
            reader.propose("dataset", NEW, source=SOURCE)
        with pytest.raises((NotFound, Retired)):
            reader.proposal(10**6)
    assert stored() == []
