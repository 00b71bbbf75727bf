"""One message that cannot be sent neither keeps others back nor has them sent again."""

import json
import socket
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from catalog.models import Revision
from submissions.notifications.webhooks import delivery
from submissions.notifications.webhooks.delivery import RETRY_DELAYS, send_due_deliveries
from submissions.notifications.webhooks.models import Delivery, Webhook
from tests.catalog.ledger.test_damaged_payloads import NO_OBJECTS, ODD_VALUES, WRONG_TYPES, damage
from tests.factories import make_paper, make_topic
from tests.submissions.notifications.webhooks.conftest import Receiver, hook

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were posted to, of a webhook for each of two entries."""
    posted: list[str] = []

    def post(url: str, body: bytes, headers: Any) -> int:
        posted.append(url)
        return 200

    for name in ("Bad", "Good"):
        webhook = hook(receiver, entry=make_paper(name=name, year=2020))
        Webhook.objects.filter(pk=webhook.pk).update(url=f"https://{name.lower()}.example.org/", position=0)
    monkeypatch.setattr(delivery, "post", post)
    return posted


def attempts() -> dict[str, tuple[int, bool, str]]:
    """By host: attempts, whether it arrived, trouble."""
    rows = Delivery.objects.select_related("webhook")
    return {
        row.webhook.url.split(".")[0].removeprefix("https://"): (row.attempts, bool(row.delivered_at), row.trouble)
        for row in rows
    }


@pytest.mark.parametrize("bad_first", [True, False])
def test_what_cannot_be_composed_counts_as_an_attempt(
    posted: list[str], bad_first: bool, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    original = delivery.build_message

    def build_message(row: Delivery) -> dict[str, Any]:
        if "bad" in row.webhook.url:
            raise TypeError("a value of another type")
        return original(row)

    monkeypatch.setattr(delivery, "build_message", build_message)
    now = timezone.now()
    delivery._follow_ledger(now)
    earlier = Delivery.objects.filter(webhook__url__startswith="https://bad" if bad_first else "https://good")
    earlier.update(due_at=now - timedelta(seconds=1))

    assert [send_due_deliveries(now), send_due_deliveries(now)] == [1, 0]
    assert attempts() == {"bad": (1, False, delivery.OWN_FAULT), "good": (1, True, "")}
    assert posted == ["https://good.example.org/"]
    assert "a value of another type" in caplog.text

    for _ in RETRY_DELAYS:
        send_due_deliveries(Delivery.objects.get(webhook__url__startswith="https://bad").due_at)
    assert Delivery.objects.get(webhook__url__startswith="https://bad").given_up
    assert posted == ["https://good.example.org/"]


def test_nor_does_a_fault_while_it_is_posted(posted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def post(url: str, body: bytes, headers: Any) -> int:
        if "bad" in url:
            raise RuntimeError("can't start new thread")
        return 200

    monkeypatch.setattr(delivery, "post", post)
    assert send_due_deliveries() == 1
    assert attempts() == {"bad": (1, False, delivery.OWN_FAULT), "good": (1, True, "")}


def test_what_was_posted_is_recorded_whatever_fails_meanwhile(
    posted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = delivery.build_message

    def build_message(row: Delivery) -> dict[str, Any]:
        if "bad" in row.webhook.url:
            raise OperationalError("the database is away")
        return original(row)

    monkeypatch.setattr(delivery, "build_message", build_message)
    now = timezone.now()
    delivery._follow_ledger(now)
    Delivery.objects.filter(webhook__url__startswith="https://good").update(due_at=now - timedelta(seconds=1))

    with pytest.raises(OperationalError):
        send_due_deliveries(now)
    assert attempts() == {"bad": (0, False, ""), "good": (1, True, "")}


def test_a_damaged_revision_is_sent_as_the_api_tells_it(receiver: Receiver, client: Any) -> None:
    hook(receiver)
    paper = make_paper(name="Vim", topics=[make_topic(name="Ethics").slug])
    revision = Revision.objects.of("paper", paper.pk).get()
    damage(revision, snapshot={**revision.snapshot, "year": 10**30})

    assert send_due_deliveries() == 2
    message = json.loads(receiver.arrived[-1][2])
    assert message["data"] == json.loads(client.get("/api/v1/changes/").content)["results"][-1]
    assert message["data"]["fields"]["year"] == 10**30


@pytest.mark.parametrize("damaged", [*WRONG_TYPES, *ODD_VALUES, *NO_OBJECTS], ids=str)
def test_a_damaged_revision_is_followed(receiver: Receiver, damaged: Any) -> None:
    topic = make_topic(name="Ethics").slug
    of_topic, of_all = hook(receiver, topic=topic), hook(receiver)
    revision = Revision.objects.of("paper", make_paper(name="Vim").pk).get()
    damage(revision, snapshot={**revision.snapshot, **damaged} if isinstance(damaged, dict) else damaged)
    make_paper(name="Fair", topics=[topic])

    assert send_due_deliveries() == 3
    assert [webhook.deliveries.count() for webhook in (of_topic, of_all)] == [1, 2]


def test_an_answer_of_any_bytes_is_recorded(receiver: Receiver, settings: Any) -> None:
    webhook = hook(receiver)
    make_paper(name="Vim")
    with socket.create_server(("127.0.0.1", 0)) as odd:
        netloc = f"127.0.0.1:{odd.getsockname()[1]}"
        settings.FETCH_TEST_HOSTS = [netloc]
        Webhook.objects.filter(pk=webhook.pk).update(url=f"http://{netloc}/")

        def answer() -> None:
            connection, _ = odd.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"\x00\x01\xff nonsense\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert send_due_deliveries() == 0
        thread.join()
    row = Delivery.objects.get()
    assert (row.attempts, row.trouble) == (1, "BadStatusLine: \ufffd\ufffdÿ nonsense\r\n")
