"""Letters go out after the request, wait where the server fails, and go out once."""

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import django
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from submissions.models import Letter, Proposal
from submissions.notifications import email_queue, email_text
from submissions.notifications.email_queue import MAX_ATTEMPTS, take_up_late_emails
from submissions.workflow import reject
from tests.background_work import run_tasks, send_due_emails, waiting
from tests.people import contributor, moderator, propose, signed_in
from tests.proxy import Proxy
from vlmportal.settings import SMTP

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    """One that is due: to ada, of a rejection."""
    ada = contributor()
    ada.email = "ada@example.org"
    ada.save()
    reject(proposal=propose(), actor=moderator(), reason="No.")
    return Letter.objects.get(to=ada)


def fresh(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def send_messages(*_: Any) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


class TestDeliver:
    def test_what_is_due_goes_out_once(self, letter: Letter) -> None:
        assert [send_due_emails(), send_due_emails()] == [1, 0]

        assert [message.to for message in mail.outbox] == [["ada@example.org"]]
        assert (fresh(letter).attempts, fresh(letter).sent_at is not None) == (1, True)

    def test_what_is_not_due_waits(self, letter: Letter) -> None:
        assert send_due_emails(letter.due_at - timedelta(seconds=1)) == 0
        assert mail.outbox == []

    def test_a_letter_without_an_address_is_given_up(self, letter: Letter) -> None:
        letter.to.email = ""
        letter.to.save()

        assert send_due_emails() == 0
        assert (fresh(letter).given_up, fresh(letter).trouble) == (True, "no verified address")

    @pytest.mark.parametrize(
        "error",
        [
            smtplib.SMTPServerDisconnected("gone"),
            smtplib.SMTPRecipientsRefused({"ada@example.org": (450, b"later")}),
            ConnectionRefusedError("closed"),
            TimeoutError("slow"),
            UnicodeError("an address that no mail can have"),
        ],
    )
    def test_a_failed_server_is_tried_again_later_and_later(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        failing(error, monkeypatch)
        now = letter.due_at
        pauses = []
        for _ in range(MAX_ATTEMPTS - 1):
            assert run_tasks(now) == ["send_email"]
            pauses.append((fresh(letter).due_at - now) / timedelta(minutes=1))
            assert run_tasks(fresh(letter).due_at - timedelta(seconds=1)) == []
            now = fresh(letter).due_at
        assert not fresh(letter).given_up
        run_tasks(now)

        assert pauses == [2, 4, 8, 16, 32, 64, 128]
        assert (fresh(letter).given_up, fresh(letter).attempts, waiting()) == (True, MAX_ATTEMPTS, [])
        assert fresh(letter).trouble.startswith(type(error).__name__)
        assert "ada@example.org" not in fresh(letter).trouble
        failed = DBTaskResult.objects.failed().get()
        assert failed.exception_class_path == "submissions.notifications.email_queue.EmailGivenUp"
        assert "ada@example.org" not in failed.traceback

    def test_one_that_fails_holds_up_no_other(self, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
        grace = contributor("grace")
        grace.email = "grace@example.org"
        grace.save()
        reject(proposal=propose(author=grace, name="Other"), actor=moderator(), reason="No.")
        original = EmailBackend.send_messages

        def send_messages(backend: EmailBackend, messages: Any) -> int:
            if messages[0].to == ["ada@example.org"]:
                raise smtplib.SMTPException("not this one")
            return int(original(backend, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

        assert send_due_emails() == 1
        assert [message.to for message in mail.outbox] == [["grace@example.org"]]

    def test_one_that_cannot_be_composed_waits_alone(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch, caplog: Any
    ) -> None:
        grace = contributor("grace")
        grace.email = "grace@example.org"
        grace.save()
        reject(proposal=propose(author=grace, name="Other"), actor=moderator(), reason="No.")

        def compose(row: Letter) -> Any:
            if row.pk == letter.pk:
                raise TypeError("a value of another type")
            return email_text.compose(row)

        with monkeypatch.context() as broken:
            broken.setattr(email_queue, "compose", compose)
            assert [send_due_emails(), send_due_emails()] == [1, 0]
        assert [message.to for message in mail.outbox] == [["grace@example.org"]]
        assert (fresh(letter).attempts, fresh(letter).trouble) == (1, "TypeError: a value of another type")
        assert "cannot be composed" in caplog.text

        assert send_due_emails(fresh(letter).due_at) == 1

    def test_a_letter_that_another_process_holds_is_left_alone(self, letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now() + email_queue.LEASE)

        assert send_due_emails() == 0

    def test_a_second_task_sends_nothing(self, letter: Letter) -> None:
        email_queue.enqueue(letter)

        assert (run_tasks(), len(mail.outbox)) == (["send_email", "send_email"], 1)

    def test_an_email_that_is_rolled_back_leaves_no_task(self) -> None:
        with transaction.atomic():
            reject(proposal=propose(), actor=moderator(), reason="No.")
            assert ("send_email", [Letter.objects.latest("pk").pk]) in waiting()
            transaction.set_rollback(True)

        assert waiting() == []

    def test_an_email_given_up_is_sent_by_an_admin_who_runs_its_task_again(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            failing(ConnectionRefusedError("closed"), broken)
            Letter.objects.update(attempts=MAX_ATTEMPTS - 1)
            run_tasks()
        assert fresh(letter).given_up

        email_queue.send_email.enqueue(letter.pk)

        assert (send_due_emails(), fresh(letter).given_up) == (1, False)


class TestTakingUp:
    """Emails without a task: of a release before there were tasks, or of a process that died."""

    def test_a_late_email_without_a_task_gets_one(self, letter: Letter) -> None:
        DBTaskResult.objects.all().delete()

        take_up_late_emails()
        assert waiting() == []  # not late yet: its task may be on its way

        Letter.objects.update(due_at=timezone.now() - email_queue.LATE_AFTER)
        take_up_late_emails()
        take_up_late_emails()
        assert waiting() == [("send_email", [letter.pk])]
        assert (send_due_emails(), [message.to for message in mail.outbox]) == (1, [["ada@example.org"]])

    def test_one_that_was_sent_or_given_up_gets_none(self, letter: Letter) -> None:
        DBTaskResult.objects.all().delete()
        long_ago = timezone.now() - timedelta(days=1)
        for done in ({"sent_at": long_ago}, {"sent_at": None, "given_up": True}):
            Letter.objects.update(due_at=long_ago, **done)
            take_up_late_emails()

        assert waiting() == []

    def test_one_whose_process_dies_each_time_is_given_up(
        self, letter: Letter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing(MemoryError(), monkeypatch)
        now, starts = letter.due_at, 0
        while not fresh(letter).given_up:
            starts += len(run_tasks(now))
            now += email_queue.LEASE + email_queue.LATE_AFTER
            with patch("django.utils.timezone.now", lambda now=now: now):
                take_up_late_emails()

        assert (starts, fresh(letter).attempts) == (MAX_ATTEMPTS, MAX_ATTEMPTS)

    def test_looking_costs_one_query(self, letter: Letter, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            take_up_late_emails()


class TestRequest:
    def test_a_failed_mail_server_fails_no_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        failing(ConnectionRefusedError("closed"), monkeypatch)
        moderator()

        response = signed_in(contributor()).post(
            "/contribute/papers/", {"name": "Model", "source": "The report", "submit": "1"}
        )

        assert response.status_code == 302
        assert Proposal.objects.exists()
        assert Letter.objects.filter(proposal=None, sent_at=None).exists()

    def test_no_letter_is_written_to_one_who_wants_none(self) -> None:
        ada = contributor()
        ada.mail_decisions = False
        ada.save()
        hedy = moderator()
        hedy.mail_queue = False
        hedy.save()

        reject(proposal=propose(), actor=hedy, reason="No.")

        assert not Letter.objects.exists()


class SmtpDouble:
    """A mail server on loopback that takes one mail a connection; `refuse` answers to the recipient with 550."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.refuse = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections; a socket that is only closed would still take the one it waits for."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed: the test is over
            with suppress(ConnectionError), connection, connection.makefile("rwb") as lines:
                self._talk(lines)

    def _talk(self, lines: Any) -> None:
        def say(text: str) -> None:
            lines.write(f"{text}\r\n".encode())
            lines.flush()

        say("220 double")
        for line in lines:
            verb = line.decode().strip().split(" ")[0].upper()
            if verb == "DATA":
                say("354 go on")
                self.received.append(b"".join(iter(lines.readline, b".\r\n")).decode())
            if verb == "QUIT":
                return say("221 bye")
            say("550 no such box" if verb == "RCPT" and self.refuse else "250 fine")
        return None


@pytest.fixture
def smtp(settings: Any) -> Iterator[SmtpDouble]:
    double = SmtpDouble()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    if django.VERSION >= (6, 1):
        options = {"host": "127.0.0.1", "port": double.port, "timeout": 0.3}
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    else:
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = backend, 0.3
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", double.port, False
    yield double
    double.listener.close()


class TestSmtp:
    def test_a_real_server_gets_the_letter(self, letter: Letter, smtp: SmtpDouble) -> None:
        assert send_due_emails() == 1

        assert "To: ada@example.org" in smtp.received[0]
        assert "Subject: [VLM Portal] A paper: rejected" in smtp.received[0]
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in smtp.received[0]

    def test_a_server_that_refuses_is_tried_again(self, letter: Letter, smtp: SmtpDouble) -> None:
        smtp.refuse = True
        assert send_due_emails() == 0
        smtp.refuse = False

        assert send_due_emails(fresh(letter).due_at) == 1

    def test_a_lost_server_leaves_the_letter_waiting(self, letter: Letter, smtp: SmtpDouble) -> None:
        smtp.stop()

        assert send_due_emails() == 0
        assert (fresh(letter).given_up, fresh(letter).attempts) == (False, 1)

    @pytest.mark.parametrize(
        "trouble", [Proxy.refuse, Proxy.hang, Proxy.cut, partial(Proxy.hang, after=20), partial(Proxy.cut, after=20)]
    )
    def test_a_letter_waits_until_the_server_is_back(
        self, trouble: Callable[[Proxy], None], letter: Letter, smtp: SmtpDouble, settings: Any
    ) -> None:
        with Proxy(smtp.port) as proxy:
            if django.VERSION >= (6, 1):
                settings.MAILERS["default"]["OPTIONS"]["port"] = proxy.port
            else:
                settings.EMAIL_PORT = proxy.port
            trouble(proxy)

            assert send_due_emails() == 0
            assert (fresh(letter).given_up, fresh(letter).attempts, smtp.received) == (False, 1, [])

            proxy.restore()
            assert send_due_emails(fresh(letter).due_at) == 1

        assert len(smtp.received) == 1

    def test_sending_has_a_timeout(self) -> None:
        assert SMTP["timeout"] == 10
