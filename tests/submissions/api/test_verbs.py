"""Decisions through the API go through the workflow: same ledger, same events."""

import pytest

from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.models import Event
from tests.factories import make_paper, make_revision
from tests.people import contributor, moderator, propose, propose_edit
from tests.submissions.api.conftest import API, by_token

pytestmark = pytest.mark.django_db


def test_an_approval_publishes_and_names_both_people() -> None:
    proposal = propose(name="Vim", year=2024)
    done = by_token(moderator()).send("POST", f"{API}{proposal.pk}/approve/", {"comment": "Fine."}).json()

    revision = Revision.objects.get()
    assert (done["status"], done["decision"]["revision"], done["decision"]["slug"]) == ("approved", 1, "vim")
    assert (revision.contributor, revision.approver, Paper.objects.get().year) == ("ada", "hedy", 2024)
    assert [event["verb"] for event in done["events"]] == ["submit", "approve"]


def test_an_edit_is_approved_in_part() -> None:
    paper = make_paper(name="Vim", year=2024, venue="ICLR")
    proposal = propose_edit(paper, year=2023, venue="ICML")
    client, path = by_token(moderator()), f"{API}{proposal.pk}/approve/"

    refused = client.send("POST", path, {"fields": ["venue", "name", "bogus"]})
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        {"fields": ["There is no field bogus.", "The proposal does not change name."]},
    )
    client.send("POST", path, {"fields": ["venue"]})
    assert Paper.objects.values_list("year", "venue").get() == (2024, "ICML")


def test_a_moderator_may_correct_what_is_approved() -> None:
    proposal = propose(name="Vim", year=2014, venue="ICLR")
    client, path = by_token(moderator()), f"{API}{proposal.pk}/approve/"

    refused = client.send("POST", path, {"patch": {"year": "soon"}})
    assert (refused.status_code, list(refused.json()["errors"]["patch"])) == (422, ["year"])
    client.send("POST", path, {"patch": {"year": 2024, "venue": None}})

    revision = Revision.objects.get()
    assert Paper.objects.values_list("year", "venue").get() == (2024, "")
    assert (revision.contributor, revision.approver) == ("ada", "hedy")
    assert (revision.comment, revision.edited) == ("Edited in review: year.", {"year": 2024})


def test_a_correction_stands_alone_and_needs_fields_to_correct() -> None:
    paper = make_paper(name="Vim")
    client = by_token(moderator())
    body = {"kind": "paper", "action": "retire", "slug": "vim", "comment": "A duplicate."}
    edit = propose_edit(paper, year=2023)
    retiring = by_token(contributor("grace")).send("POST", API, body).json()["id"]

    for pk, more in ((edit.pk, {"fields": ["year"]}), (retiring, {})):
        answer = client.send("POST", f"{API}{pk}/approve/", {"patch": {"year": 2024}, **more})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["patch"])
    assert Paper.objects.get().year is None


def test_retiring_takes_two() -> None:
    make_paper(name="Vim")
    body = {"kind": "paper", "action": "retire", "slug": "vim", "comment": "A duplicate."}
    pk = by_token(contributor()).send("POST", API, body).json()["id"]
    path = f"{API}{pk}/approve/"

    refused = by_token(moderator()).send("POST", path, {"fields": ["year"]})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["fields"])
    first = by_token(moderator()).send("POST", path, {}).json()
    assert (first["status"], first["seconded_by"]) == ("pending", "hedy")
    assert by_token(moderator()).send("POST", path, {}).status_code == 403
    second = by_token(moderator("mary")).send("POST", path, {}).json()
    assert (second["status"], second["decision"]["revision"]) == ("approved", 2)
    assert not Paper.objects.exists()


def test_a_stale_edit_is_brought_up_to_date_and_approved() -> None:
    paper = make_paper(name="Vim", year=2024)
    proposal = propose_edit(paper, year=2023)
    make_revision("paper", paper, venue="ICML")
    client, path = by_token(moderator()), f"{API}{proposal.pk}/"

    refused = client.send("POST", f"{path}approve/", {})
    assert (refused.status_code, refused.json()["base"], refused.json()["revision"]) == (409, 1, 2)
    assert client.send("POST", f"{path}rebase/", {}).json()["base"] == 2
    assert client.send("POST", f"{path}approve/", {}).status_code == 200
    assert Paper.objects.values_list("year", "venue").get() == (2023, "ICML")


def test_changes_are_requested_and_answered() -> None:
    proposal = propose(name="Vim")
    path = f"{API}{proposal.pk}/"
    moderating, author = by_token(moderator()), by_token(contributor())
    moderating.send("POST", f"{path}claim/", {})
    moderating.send("POST", f"{path}request-changes/", {"reason": "The year, please."})
    author.send("PATCH", path, {"fields": {"year": 2024}, "comment": "Added."})
    author.send("POST", f"{path}comment/", {"comment": "It is in the footer."})
    moderating.send("POST", f"{path}reject/", {"reason": "It is there already."})

    assert list(Event.objects.values_list("verb", "actor__username", "comment")) == [
        ("submit", "ada", ""),
        ("claim", "hedy", ""),
        ("request-changes", "hedy", "The year, please."),
        ("revise", "ada", "Added."),
        ("comment", "ada", "It is in the footer."),
        ("reject", "hedy", "It is there already."),
    ]


def test_claiming_again_and_releasing_what_nobody_claimed_change_nothing() -> None:
    client, path = by_token(moderator()), f"{API}{propose(name='Vim').pk}/"
    answers = []
    for verb in ("release", "claim", "claim", "release", "release"):
        answer = client.send("POST", f"{path}{verb}/", {})
        body = answer.json()
        answers.append((answer.status_code, body["claimed_by"], body["version"], len(body["events"]), answer["ETag"]))
    assert answers == [
        (200, None, 1, 1, 'W/"v1-1"'),
        (200, "hedy", 2, 2, 'W/"v2-2"'),
        (200, "hedy", 2, 2, 'W/"v2-2"'),
        (200, None, 3, 3, 'W/"v3-3"'),
        (200, None, 3, 3, 'W/"v3-3"'),
    ]
    assert client.send("POST", f"{path}release/", {}, If_Match='W/"v1-1"').status_code == 412


def test_changes_of_what_cannot_be_revised_are_refused_with_a_way_on() -> None:
    make_paper(name="Vim")
    body = {"kind": "paper", "action": "flag", "slug": "vim", "comment": "The year is wrong."}
    path = f"{API}{by_token(contributor()).send('POST', API, body).json()['id']}/"

    answer = by_token(moderator()).send("POST", f"{path}request-changes/", {"reason": "Which year?"})

    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "There is nothing to revise in this proposal: comment, or reject it.",
    )
    assert by_token(moderator()).send("POST", f"{path}approve/", {}).status_code == 200


@pytest.mark.parametrize("verb", ["request-changes", "reject"])
def test_a_reason_is_needed(verb: str) -> None:
    client, path = by_token(moderator()), f"{API}{propose(name='Vim').pk}/{verb}/"
    assert client.send("POST", path, {}).json()["errors"] == {"reason": ["This member must be given."]}
    assert list(client.send("POST", path, {"reason": " "}).json()["errors"]) == ["reason"]
