"""What authors are told by email when a published change of theirs is undone."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from catalog.models import Revision
from submissions.models import Letter, Proposal
from submissions.notifications.email_text import compose
from submissions.notifications.enqueue import COLLECTED_FOR
from submissions.workflow import approve, undo
from tests.background_work import send_due_emails
from tests.factories import make_paper
from tests.people import contributor, moderator, propose, propose_edit, take_back, take_back_all

pytestmark = pytest.mark.django_db


def published(year: int = 1999, name: str = "Vim", author: str = "mia") -> Proposal:
    """An edit by somebody with an email address that a moderator approved; its email is sent."""
    user = contributor(author)
    user.email = f"{author}@example.org"
    user.save()
    done = approve(proposal=propose_edit(make_paper(name=name), author=user, year=year), actor=moderator())
    send_due_emails()
    mail.outbox.clear()
    return done


def take_out(proposal: Proposal, reason: str = "The report says 2001.", by: str = "mary") -> Revision:
    return take_back(Revision.objects.get(pk=proposal.revision_id or 0), moderator(by), reason)


def sent(minutes: int = 0) -> list[str]:
    """The texts of the emails to authors that are sent so many minutes after the time to collect has passed."""
    mail.outbox.clear()
    send_due_emails(timezone.now() + COLLECTED_FOR + timedelta(minutes=minutes, seconds=1))
    texts = [str(message.body) for message in mail.outbox if message.to != ["hedy@example.org"]]
    return [re.sub(r"unsubscribe/[^/\s]+/", "unsubscribe/TOKEN/", text) for text in texts]


def test_the_author_reads_once_who_undid_it_and_why() -> None:
    done = published()

    take_out(done)

    assert send_due_emails() == 0
    [text] = sent()
    assert text == (
        "Hello mia,\n\n"
        "1 of your published changes was undone. Nothing is deleted: the history of each entry keeps it.\n\n"
        "mary wrote: The report says 2001.\n"
        f"- Edit: Vim\n  http://127.0.0.1:8000/submissions/{done.pk}/\n\n"
        "You can answer on the page of each.\n\n"
        "--\nVLM Portal. Unsubscribe: http://127.0.0.1:8000/accounts/unsubscribe/TOKEN/\n"
    )
    assert mail.outbox[0].subject == "[VLM Portal] Vim: undone"
    assert sent(minutes=60) == []


def test_a_rollback_is_one_email_for_each_account() -> None:
    start = timezone.now()
    first, second, other = published(), published(name="Mamba"), published(name="CLIP", author="bob")

    outcomes = take_back_all(contributor("mia"), start, reason="Invented.")
    take_out(other, "Not so.", by="tim")
    to_bob, to_mia = sorted(sent())

    assert [bool(outcome.error_message) for outcome in outcomes] == [False, False]
    assert to_mia.partition("keeps it.\n\n")[2].partition("\n\n")[0] == (
        "hedy wrote: Invented.\n"
        f"- Edit: Mamba\n  http://127.0.0.1:8000/submissions/{second.pk}/\n"
        f"- Edit: Vim\n  http://127.0.0.1:8000/submissions/{first.pk}/"
    )
    assert "2 of your published changes were undone." in to_mia
    assert "tim wrote: Not so.\n- Edit: CLIP\n" in to_bob
    assert mail.outbox[0].subject == "[VLM Portal] 2 of your published changes were undone"


def test_what_is_undone_after_an_email_is_in_the_next_one_alone() -> None:
    first, second = published(), published(name="Mamba")
    take_out(first)
    Letter.objects.filter(event__verb="undo").update(attempts=1)  # somebody has begun to send it

    take_out(second)

    assert [re.findall(r"- (.*)", text) for text in sent()] == [["Edit: Vim"], ["Edit: Mamba"]]


def test_a_long_list_ends_with_the_number_of_the_rest() -> None:
    for number in range(22):
        take_out(published(name=f"Model {number}"))

    [text] = sent()

    assert (text.count("\n- "), "\n… and 2 more: http://127.0.0.1:8000/submissions/\n\n" in text) == (20, True)


def test_a_creation_whose_undoing_takes_two_is_told_once_the_second_has_agreed() -> None:
    ada = contributor()
    ada.email = "ada@example.org"
    ada.save()
    done = approve(proposal=propose(), actor=moderator())
    send_due_emails()

    waiting = undo(revision=Revision.objects.get(pk=done.revision_id or 0), actor=moderator("mary"), reason="Spam.")
    before = sent()
    assert isinstance(waiting, Proposal)
    approve(proposal=waiting, actor=moderator("tim"))
    [after] = sent()

    assert before == []
    assert "mary wrote: Undoes revision 1: Spam.\n- New entry: A paper\n" in after


def test_ones_own_undoing_is_no_news() -> None:
    done = approve(proposal=propose_edit(make_paper(), author=moderator("mary"), year=1999), actor=moderator())

    take_out(done, by="mary")

    assert not Letter.objects.filter(event__verb="undo").exists()


def test_who_turned_decisions_off_gets_none() -> None:
    done = published()
    mia = contributor("mia")
    mia.mail_decisions = False
    mia.save()

    take_out(done)

    assert not Letter.objects.filter(event__verb="undo").exists()


def test_an_email_about_the_approval_says_that_it_was_undone_since() -> None:
    done = approve(proposal=propose_edit(make_paper(), year=1999), actor=moderator())
    letter = Letter.objects.get(event__verb="approve")
    before = compose(letter)
    take_out(done)

    message = compose(letter)

    published_text = "and published it with your name in its history. Thank you."
    assert before is not None
    assert message is not None
    assert f"{published_text}\n" in before.body
    assert f"{published_text} It has been undone since.\n" in message.body
