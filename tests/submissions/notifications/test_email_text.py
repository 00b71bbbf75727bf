"""What letters say, word for word."""

import re

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.utils import timezone

from submissions.models import Event, Letter
from submissions.notifications.email_text import compose
from submissions.workflow import approve, comment, reject, request_changes
from tests.people import contributor, moderator, propose

pytestmark = pytest.mark.django_db

OUT = "http://127.0.0.1:8000/accounts/unsubscribe/TOKEN/"


def the_letter(**about: object) -> EmailMessage:
    message = compose(Letter.objects.filter(**about).latest("pk"))
    assert message is not None
    return message


def text_of(message: EmailMessage) -> str:
    return re.sub(r"unsubscribe/[^/\s]+/", "unsubscribe/TOKEN/", str(message.body))


class TestDecision:
    def test_approved(self) -> None:
        proposal = approve(proposal=propose(name="BLIP-2"), actor=moderator(), comment="Well sourced.")

        message = the_letter(proposal=proposal)

        assert message.subject == "[VLM Portal] BLIP-2: approved"
        assert text_of(message) == (
            "Hello ada,\n\n"
            "hedy approved what you proposed, “New entry: BLIP-2”, and published it with your name in its history. "
            "Thank you.\n\n"
            "Well sourced.\n\n"
            f"See it and answer here:\nhttp://127.0.0.1:8000/submissions/{proposal.pk}/\n\n"
            f"--\nVLM Portal. Unsubscribe: {OUT}\n"
        )

    def test_changes_requested(self) -> None:
        proposal = request_changes(proposal=propose(name="BLIP-2"), actor=moderator(), reason="Which table?")

        message = the_letter(proposal=proposal)

        assert message.subject == "[VLM Portal] BLIP-2: changes requested"
        assert text_of(message) == (
            "Hello ada,\n\n"
            "hedy asks you to change something in what you proposed, “New entry: BLIP-2”, before it can be "
            "published.\n\n"
            "Which table?\n\n"
            f"Revise, answer or withdraw it here:\nhttp://127.0.0.1:8000/submissions/{proposal.pk}/\n\n"
            f"--\nVLM Portal. Unsubscribe: {OUT}\n"
        )

    def test_rejected_and_written_to(self) -> None:
        proposal = propose(name="BLIP-2")
        comment(proposal=proposal, actor=moderator(), comment="A moment.")
        assert the_letter(proposal=proposal).subject == "[VLM Portal] BLIP-2: comment"

        reject(proposal=proposal, actor=moderator(), reason="It is a blog post.")

        assert the_letter(proposal=proposal).subject == "[VLM Portal] BLIP-2: rejected"

    def test_of_a_verb_that_left_the_register(self) -> None:
        proposal = request_changes(proposal=propose(name="BLIP-2"), actor=moderator(), reason="Which table?")
        Event.objects.filter(verb="request-changes").update(verb="defer")

        message = the_letter(proposal=proposal)

        assert message.subject == "[VLM Portal] BLIP-2: defer"
        assert text_of(message).startswith(
            "Hello ada,\n\nhedy did this to what you proposed, “New entry: BLIP-2”: defer.\n\nWhich table?\n\n"
        )

    def test_nothing_of_a_name_gets_into_a_header(self) -> None:
        proposal = propose(name="X" * 200)
        proposal.name = "Evil\r\nBcc: all@example.org\u2028x" + "X" * 200
        proposal.save()
        reject(proposal=proposal, actor=moderator(), reason="No.")

        message = the_letter(proposal=proposal)

        assert len(message.subject.splitlines()) == 1
        assert len(message.subject) < 120
        assert message.message()["Bcc"] is None

    def test_names_are_not_escaped_as_in_a_page(self) -> None:
        reject(proposal=propose(name="Q&A <v2>"), actor=moderator(), reason="It's “no”.")

        message = the_letter(proposal__isnull=False)

        assert message.subject == "[VLM Portal] Q&A <v2>: rejected"
        assert "It's “no”." in message.body

    def test_it_says_how_to_have_no_more_by_one_click(self) -> None:
        ada = contributor()
        reject(proposal=propose(), actor=moderator(), reason="No.")

        headers = the_letter(proposal__isnull=False).message()

        assert headers["Auto-Submitted"] == "auto-generated"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        token = re.fullmatch(r"<http://127\.0\.0\.1:8000/accounts/unsubscribe/(.+)/>", headers["List-Unsubscribe"])
        assert token is not None
        assert signing.loads(token[1], salt="accounts.unsubscribing") == [ada.pk, "mail_decisions"]

    def test_nothing_is_sent_to_an_account_that_turned_it_off_meanwhile(self) -> None:
        reject(proposal=propose(), actor=moderator(), reason="No.")
        ada = contributor()
        ada.mail_decisions = False
        ada.save()

        assert compose(Letter.objects.get(proposal__isnull=False)) is None


class TestDigest:
    def test_what_waits_in_the_order_of_the_queue(self) -> None:
        hedy = moderator()
        propose(name="BLIP-2", author=contributor())
        propose(name="Flamingo", author=contributor())
        today = timezone.now().strftime("%-d %B %Y")

        message = the_letter(to=hedy)

        assert message.subject == "[VLM Portal] 2 proposals wait for review"
        assert text_of(message) == (
            "Hello hedy,\n\n"
            "2 proposals wait for review:\n\n"
            f"- New entry: BLIP-2, by ada, since {today}\n"
            f"- New entry: Flamingo, by ada, since {today}\n\n"
            "The queue:\nhttp://127.0.0.1:8000/admin/submissions/proposal/\n\n"
            f"--\nVLM Portal. Unsubscribe: {OUT}\n"
        )

    def test_one_waits(self) -> None:
        hedy = moderator()
        propose(name="BLIP-2")

        assert the_letter(to=hedy).subject == "[VLM Portal] 1 proposal waits for review"

    def test_a_long_queue_is_summarised(self) -> None:
        hedy = moderator()
        for number in range(22):
            propose(name=f"Model {number}")

        text = text_of(the_letter(to=hedy))

        assert text.count("\n- ") == 20
        assert "\n… and 2 more.\n" in text

    def test_an_empty_queue_is_no_letter(self) -> None:
        hedy = moderator()
        proposal = propose()
        reject(proposal=proposal, actor=moderator("rosa"), reason="No.")

        assert compose(Letter.objects.get(to=hedy)) is None

    def test_nor_is_ones_own(self) -> None:
        hedy, rosa = moderator(), moderator("rosa")
        propose(author=rosa)

        assert list(Letter.objects.values_list("to__username", flat=True)) == [hedy.username]
