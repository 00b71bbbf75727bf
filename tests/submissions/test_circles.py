"""Nothing comes to descend from itself: not by a proposal, by the API, or by two proposals that close a circle."""

from typing import Any

import pytest

from catalog.kinds.paper.model import Paper
from submissions.models import Proposal
from submissions.workflow import Invalid, approve
from tests.factories import make_component, make_paper, make_revision
from tests.people import contributor, moderator, propose_edit
from tests.submissions.api.conftest import API, SOURCE, by_token

pytestmark = pytest.mark.django_db


def origins(slug: str) -> list[dict[str, Any]]:
    return [{"relation": "fine-tuned-from", "paper": slug, "component": None, "note": ""}]


def test_a_proposal_that_closes_a_circle_is_refused_with_the_names_on_it() -> None:
    one = make_paper(name="One")
    make_paper(name="Two", origins=origins("one"))

    with pytest.raises(Invalid, match="One would descend from itself: One → Two → One"):
        propose_edit(one, origins=origins("two"))


def test_the_second_of_two_proposals_that_close_one_together_is_refused_at_approval() -> None:
    one, two = make_paper(name="One"), make_paper(name="Two")
    first, second = propose_edit(one, origins=origins("two")), propose_edit(two, origins=origins("one"))
    approve(proposal=first, actor=moderator())

    with pytest.raises(Invalid, match="Two would descend from itself: Two → One → Two"):
        approve(proposal=second, actor=moderator())

    assert (Proposal.objects.get(pk=second.pk).status, Paper.objects.get(pk=two.pk).revision) == ("pending", 1)


def test_the_api_names_the_field() -> None:
    part = make_component(name="Eye")
    model = make_paper(name="Seer", vision_encoders=[{"component": "eye"}])
    make_revision("component", part, summary="Seen.")
    body = {"kind": "component", "action": "edit", "slug": "eye", "source": SOURCE, "comment": "From the paper."}

    answer = by_token(contributor()).send("POST", API, {**body, "fields": {"origins": origins(model.slug)}})

    message = "Eye would descend from itself: Eye → Seer → Eye. Remove one of these references."
    assert (answer.status_code, answer.json()["errors"]) == (422, {"fields": {"origins": [message]}})
