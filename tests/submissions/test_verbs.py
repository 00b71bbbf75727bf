"""The register of verbs: what its entries must say, and that a new verb is an entry and a function."""

import importlib
import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.urls import clear_url_caches

from accounts.models import User
from catalog.api.describing import schema, schema_json
from submissions.models import LATER, Event, Proposal
from submissions.verbs import VERBS, verbs_with_rule
from submissions.verbs.definitions import Verb
from submissions.workflow.transitions import FUNCTIONS, performs
from tests.background_work import send_due_emails
from tests.people import contributor, moderator, propose, signed_in
from tests.submissions.api.conftest import API, by_token
from tests.submissions.api.test_matrix import calls
from tests.submissions.deferring import DEFER, defer
from tests.submissions.http import DONE, QUEUE, ask, text_of
from tests.submissions.test_matrix import doors

pytestmark = pytest.mark.django_db

STORED = {
    "submit",
    "revise",
    "withdraw",
    "comment",
    "rebase",
    "request-changes",
    "second",
    "approve",
    "reject",
    "claim",
    "release",
    "undo",
}
"""The names in the event log of every portal: none of them may go."""


def test_stored_names_stay() -> None:
    assert set(VERBS) == STORED
    assert all(name == verb.name and len(name) <= 20 for name, verb in VERBS.items())


def test_each_verb_with_a_rule_has_its_function() -> None:
    named = {name: function.__name__.replace("_", "-") for name, function in FUNCTIONS.items()}
    assert named == {verb.name: verb.name for verb in verbs_with_rule()}


@pytest.mark.parametrize("verb", list(verbs_with_rule()), ids=lambda verb: verb.name)
def test_an_entry_is_complete(verb: Verb) -> None:
    assert verb.summary
    assert verb.past_tense
    assert (verb.position is None) == (not verb.key) == (not verb.done)
    assert verb.position or verb.on_author_page
    assert all(argument.example is not None for argument in verb.arguments if argument.required)


def test_keys_of_verbs_that_are_offered_together_differ() -> None:
    proposal = propose(name="Vim")
    keys = [verb.key for verb in verbs_with_rule() if verb.position and verb.offered(moderator(), proposal)]
    assert len(keys) == len(set(keys))


@pytest.fixture
def deferring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The portal as it starts with a thirteenth verb."""
    with monkeypatch.context() as patch:
        patch.setitem(VERBS, DEFER.name, DEFER)
        patch.setitem(FUNCTIONS, DEFER.name, defer)
        performs(DEFER)(defer)
        start_again()
        yield
    start_again()


def start_again() -> None:
    """Reload what reads the registered verbs on import, each module after those that it imports."""
    api = [f"submissions.api.{name}" for name in ("representing", "proposals", "verbs", "urls")]
    for module in (*api, "vlmportal.api", "vlmportal.urls"):
        importlib.reload(importlib.import_module(module))
    clear_url_caches()
    schema.cache_clear()
    schema_json.cache_clear()


@pytest.mark.usefixtures("deferring")
class TestNewVerb:
    def test_the_review_page_has_its_button_and_its_key(self) -> None:
        page = signed_in(moderator()).get(f"{QUEUE}{propose(name='Vim').pk}/change/")
        html = " ".join(page.content.decode().split())

        assert 'data-key="d" data-verb="Put off" data-needs-reason >Defer <kbd>d</kbd></button>' in html
        assert "<dt><kbd>d</kbd></dt> <dd>defer, in your words</dd>" in html

    def test_it_is_carried_out_from_the_review_page(self) -> None:
        first, second = propose(name="Vim"), propose(name="Emacs")
        client, path = signed_in(moderator()), f"{QUEUE}{first.pk}/defer/"

        status, text = ask(client, path, {"version": "1", "reason": " "})
        assert (status, "Say why it is put off." in text) == (400, True)
        reply = client.post(path, {"version": "1", "reason": "After the conference."}, follow=True)

        assert reply.redirect_chain == [(f"{QUEUE}{second.pk}/change/", DONE)]
        assert "Put off: Vim." in text_of(reply)
        assert Proposal.objects.values_list("status", "priority", "version").get(pk=first.pk) == ("pending", LATER, 2)
        assert ask(client, path, {"version": "1", "reason": "Once more."})[0] == 409

    def test_the_event_and_the_mail_say_it(self) -> None:
        proposal = propose(name="Vim")
        User.objects.filter(username="ada").update(email="ada@example.org")
        signed_in(moderator()).post(f"{QUEUE}{proposal.pk}/defer/", {"version": "1", "reason": "After the conference."})
        page = signed_in(contributor()).get(proposal.get_absolute_url())
        send_due_emails()

        event = Event.objects.latest("pk")
        assert (event.verb, event.actor.username, event.comment) == ("defer", "hedy", "After the conference.")
        assert "hedy put it off" in text_of(page)
        assert [message.subject for message in mail.outbox] == ["[VLM Portal] Vim: put off"]
        assert "hedy put off what you proposed, “New entry: Vim”." in mail.outbox[0].body

    def test_the_api_has_its_address_and_describes_it(self) -> None:
        proposal = propose(name="Vim")
        done = by_token(moderator()).send("POST", f"{API}{proposal.pk}/defer/", {"reason": "After the conference."})
        operation = schema()["paths"]["/api/v1/proposals/{id}/defer/"]["post"]
        body = operation["requestBody"]["content"]["application/json"]

        assert [event["verb"] for event in done.json()["events"]] == ["submit", "defer"]
        assert (operation["operationId"], operation["summary"]) == ("deferProposal", "Put it off")
        assert body["examples"]["Example"]["value"] == {"reason": "After the conference."}
        assert (list(body["schema"]["properties"]), body["schema"]["required"]) == (["reason"], ["reason"])
        events = schema()["components"]["schemas"]["Proposal"]["properties"]["events"]
        assert "defer" in events["items"]["properties"]["verb"]["enum"]
        assert by_token(contributor()).send("POST", f"{API}{proposal.pk}/defer/", {"reason": "No."}).status_code == 403

    def test_the_queue_does_it_to_the_ticked_rows_after_asking_for_the_reason(self) -> None:
        rows = [propose(name="Vim"), propose(name="Emacs")]
        client = signed_in(moderator())
        page = client.get(QUEUE).content.decode()
        assert re.search(r'value="defer_selected"\s*>Defer…</button>', page)

        form = {"action": "defer_selected", "_selected_action": [row.pk for row in rows]}
        preview = text_of(client.post(QUEUE, form))
        report = text_of(client.post(QUEUE, {**form, "reason": "After the conference.", "apply": "1"}))

        assert "Defer 2 proposals" in preview
        assert "2 put off" in report
        assert set(Proposal.objects.values_list("priority", flat=True)) == {LATER}
        # the admin site knows no page of a verb for a batch: it leads back to its index
        assert ask(client, f"{QUEUE}batch/1/defer/", {})[0] == 302

    def test_the_matrices_of_actors_and_verbs_have_it(self) -> None:
        assert doors()["defer"].column == "decide"
        assert (calls()["defer"].column, calls()["defer"].body) == ("decide", {"reason": "After the conference."})


def test_afterwards_it_is_gone() -> None:
    proposal = propose(name="Vim")
    client = signed_in(moderator())

    assert ask(client, f"{QUEUE}{proposal.pk}/defer/", {"reason": "Later."})[0] == 404
    assert by_token(moderator()).send("POST", f"{API}{proposal.pk}/defer/", {"reason": "Later."}).status_code == 404
