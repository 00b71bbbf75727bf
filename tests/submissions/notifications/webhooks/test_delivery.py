"""Changes reach those who subscribed: signed, in order, once, and again when it failed."""

import base64
import concurrent.futures
import hmac
import threading
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background.engine import stopping
from catalog.kinds import KINDS
from catalog.ledger.publishing import publish, retire
from catalog.ledger.trace import Trace
from catalog.models import Revision
from submissions.notifications.webhooks import delivery, destination
from submissions.notifications.webhooks.delivery import (
    RETRY_DELAYS,
    deliver_webhooks,
    send_due_deliveries,
    take_up_deliveries,
)
from submissions.notifications.webhooks.models import Delivery, Webhook
from submissions.notifications.webhooks.signing import signed_headers
from submissions.notifications.webhooks.subscriptions import redeliver, resume, send_test
from tests.background_work import run_tasks, waiting
from tests.factories import contributor, make_dataset, make_paper, make_revision, make_topic, trace
from tests.people import person
from tests.submissions.notifications.webhooks.conftest import Receiver, hook

pytestmark = pytest.mark.django_db


def delivered(receiver: Receiver) -> list[tuple[str, str | None]]:
    """Type and slug of each message that arrived."""
    bodies = [orjson.loads(body) for _, _, body in receiver.arrived]
    return [(body["type"], body["data"].get("slug")) for body in bodies]


class TestMessages:
    def test_a_change_arrives_as_the_api_tells_it(self, receiver: Receiver, client: Any) -> None:
        hook(receiver)
        make_paper(name="Vim", year=2024)

        assert send_due_deliveries() == 1
        [(path, headers, body)] = receiver.arrived
        message = orjson.loads(body)
        assert (path, headers["content-type"], message["type"]) == ("/hook", "application/json", "entry.created")
        assert message["data"] == client.get("/api/v1/changes/").json()["results"][0]
        assert message["timestamp"] == message["data"]["at"]

    def test_the_signature_is_of_id_time_and_body(self, receiver: Receiver) -> None:
        webhook = hook(receiver)
        make_paper(name="Vim")
        send_due_deliveries()

        [(_, headers, body)] = receiver.arrived
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
        assert len(key) == 32

    def test_the_published_test_vector_holds(self) -> None:
        """That of the reference implementations (standard-webhooks/libraries, python/tests/test_webhooks.py)."""
        headers = signed_headers(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestSubscribing:
    def test_only_what_is_published_from_then_on(self, receiver: Receiver) -> None:
        make_paper(name="Before")
        hook(receiver)
        paper = make_paper(name="After")
        make_revision("paper", paper, year=2024)
        retire(entry=paper, trace=trace("A duplicate."))

        send_due_deliveries()
        assert delivered(receiver) == [
            ("entry.created", "after"),
            ("entry.edited", "after"),
            ("entry.retired", "after"),
        ]

    def test_by_kind_by_topic_and_by_entry(self, receiver: Receiver) -> None:
        topic = make_topic(name="Ethics").slug
        paper = make_paper(name="Vim", slug="vim")
        hook(receiver, kind="dataset")
        hook(receiver, person("bob"), topic=topic)
        hook(receiver, person("eve"), entry=paper)
        make_dataset(name="COYO")
        make_paper(name="Fair", topics=[topic])
        make_revision("paper", paper, slug="vision-mamba")
        make_revision("paper", make_paper(name="Other"), year=2024)

        send_due_deliveries()
        assert sorted(delivered(receiver)) == [
            ("entry.created", "coyo"),
            ("entry.created", "fair"),
            ("entry.moved", "vision-mamba"),
        ]

    def test_changes_that_a_command_publishes_are_delivered_too(self, receiver: Receiver) -> None:
        hook(receiver)
        publish(kind=KINDS["paper"], payload={"name": "Vim"}, trace=Trace(contributor()))
        assert waiting() == []
        take_up_deliveries()
        assert run_tasks() == ["deliver_webhooks"]
        assert delivered(receiver) == [("entry.created", "vim")]

    def test_an_account_that_may_only_read_gets_no_deliveries(self, receiver: Receiver) -> None:
        webhook = hook(receiver)
        webhook.owner.suspend(because="Spam.")
        make_paper(name="Vim")
        assert send_due_deliveries() == 0

        webhook.owner.lift_suspension()
        assert send_due_deliveries() == 1


class TestFailing:
    def test_it_is_tried_again_later_and_then_given_up(self, receiver: Receiver) -> None:
        receiver.statuses = [500]
        webhook, now = hook(receiver), timezone.now()
        make_paper(name="Vim")
        pauses = []
        for _ in range(len(RETRY_DELAYS) + 1):
            assert send_due_deliveries(now) == 0
            assert send_due_deliveries(now) == 0  # not before it is due
            due = Delivery.objects.get().due_at
            pauses.append(due - now)
            now = due

        assert pauses[:-1] == RETRY_DELAYS
        row = Delivery.objects.get()
        assert (row.attempts, row.given_up, row.answer, row.trouble) == (8, True, 500, "The receiver answered 500.")
        assert len(receiver.arrived) == 8
        assert len({headers["webhook-id"] for _, headers, _ in receiver.arrived}) == 1
        webhook.refresh_from_db()
        assert webhook.paused_because == "8 attempts failed. The last: The receiver answered 500."

    def test_a_paused_one_goes_on_where_it_stood(self, receiver: Receiver) -> None:
        receiver.statuses = [410, 200]
        webhook = hook(receiver)
        make_paper(name="One")
        send_due_deliveries()
        make_paper(name="Two")
        assert send_due_deliveries() == 0

        resume(webhook=webhook)
        assert send_due_deliveries() == 2
        assert delivered(receiver) == [("entry.created", "one"), ("entry.created", "one"), ("entry.created", "two")]

    def test_what_waits_behind_a_failure_waits_with_it(self, receiver: Receiver) -> None:
        receiver.statuses = [500, 200]
        hook(receiver)
        for name in ("One", "Two", "Three"):
            make_paper(name=name)
        now = timezone.now()

        assert send_due_deliveries(now) == 0
        assert len(receiver.arrived) == 1
        assert send_due_deliveries(now + RETRY_DELAYS[0]) == 3
        assert delivered(receiver)[1:] == [("entry.created", name) for name in ("one", "two", "three")]

    def test_a_redirect_is_not_followed(self, receiver: Receiver) -> None:
        receiver.statuses = [302]
        hook(receiver)
        make_paper(name="Vim")
        send_due_deliveries()
        assert (Delivery.objects.get().answer, [path for path, _, _ in receiver.arrived]) == (302, ["/hook"])

    def test_a_receiver_that_is_not_there_is_tried_again(self, receiver: Receiver, settings: Any) -> None:
        webhook = hook(receiver)
        settings.FETCH_TEST_HOSTS = ["127.0.0.1:1"]
        Webhook.objects.filter(pk=webhook.pk).update(url="http://127.0.0.1:1/")
        make_paper(name="Vim")
        assert send_due_deliveries() == 0
        assert Delivery.objects.get().trouble.startswith("ConnectionRefusedError")

    def test_an_address_that_became_private_is_not_posted_to(self, receiver: Receiver, settings: Any) -> None:
        hook(receiver)
        settings.FETCH_TEST_HOSTS = []
        make_paper(name="Vim")
        send_due_deliveries()
        assert (Delivery.objects.get().trouble, receiver.arrived) == ("The address must begin with https://.", [])


class TestAgain:
    def test_a_delivery_is_sent_again_under_its_id(self, receiver: Receiver) -> None:
        hook(receiver)
        make_paper(name="Vim")
        send_due_deliveries()
        redeliver(delivery=Delivery.objects.select_related("webhook__owner").get())
        assert send_due_deliveries() == 1
        assert receiver.arrived[0][1]["webhook-id"] == receiver.arrived[1][1]["webhook-id"]
        assert receiver.arrived[0][2] == receiver.arrived[1][2]

    def test_a_test_says_that_it_is_one(self, receiver: Receiver) -> None:
        send_test(webhook=hook(receiver))
        assert send_due_deliveries() == 1
        assert delivered(receiver) == [("test", None)]

    def test_a_change_is_delivered_once(self, receiver: Receiver) -> None:
        webhook = hook(receiver)
        make_paper(name="Vim")
        assert (send_due_deliveries(), send_due_deliveries()) == (1, 0)

        stale = Webhook.objects.get()
        stale.position = webhook.position  # another process read the webhook before the first one followed it
        delivery.create_deliveries(stale, timezone.now())
        assert Delivery.objects.count() == 1

    def test_a_delivery_that_another_process_holds_is_left_to_it(self, receiver: Receiver) -> None:
        hook(receiver)
        make_paper(name="Vim")
        now = timezone.now()
        delivery.create_deliveries(Webhook.objects.get(), now)
        [seen] = delivery._due_deliveries(now)
        assert delivery._lease(Delivery.objects.get(), now)
        assert not delivery._lease(seen, now)
        assert send_due_deliveries(now) == 0
        assert send_due_deliveries(timezone.now() + delivery.LEASE) == 1

    def test_a_lease_lasts_beyond_the_deadline_of_an_attempt_that_starts_late(self, receiver: Receiver) -> None:
        hook(receiver)
        make_paper(name="Vim")
        began = timezone.now() - timedelta(hours=1)  # the loop is an hour old
        delivery.create_deliveries(Webhook.objects.get(), began)

        assert delivery._lease(Delivery.objects.get(), began)
        until = Delivery.objects.values_list("leased_until", flat=True).get()
        assert until
        assert until > timezone.now() + timedelta(seconds=4 * destination.DEADLINE)

    def test_sending_again_does_not_end_a_lease(self, receiver: Receiver) -> None:
        webhook = hook(receiver)
        make_paper(name="Vim")
        delivery.create_deliveries(webhook, timezone.now())
        delivery._lease(Delivery.objects.get(), timezone.now())

        redeliver(delivery=Delivery.objects.select_related("webhook__owner").get())
        resume(webhook=webhook)

        assert send_due_deliveries() == 0

    def test_a_slow_receiver_delays_nobody_else(self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        slow, quick = hook(receiver), hook(receiver)
        Webhook.objects.filter(pk=slow.pk).update(url="https://slow.example.org/")
        for name in ("One", "Two", "Three"):
            make_paper(name=name)
        quick_ones_done = threading.Event()
        order: list[str] = []

        def post(url: str, body: bytes, headers: Any) -> int:
            if url != quick.url:
                assert quick_ones_done.wait(20)
            order.append(url)
            if order.count(quick.url) == 3:
                quick_ones_done.set()
            return 200

        monkeypatch.setattr(delivery, "post", post)

        assert send_due_deliveries() == 6
        assert order[:3] == [quick.url] * 3

    def test_a_long_queue_of_one_hides_no_other(self, receiver: Receiver) -> None:
        first, second = hook(receiver), hook(receiver)
        now = timezone.now()
        Delivery.objects.bulk_create(Delivery(webhook=first, made_at=now, due_at=now) for _ in range(600))
        later = Delivery.objects.create(webhook=second, made_at=now, due_at=now)

        assert later in delivery._due_deliveries(now)

    def test_old_deliveries_are_forgotten(self, receiver: Receiver) -> None:
        hook(receiver)
        make_paper(name="Vim")
        send_due_deliveries()
        send_due_deliveries(timezone.now() + delivery.RETENTION + timedelta(minutes=1))
        assert not Delivery.objects.exists()


class TestCosts:
    def test_following_costs_the_same_for_many_changes(self, receiver: Receiver) -> None:
        hook(receiver, kind="topic")
        costs = []
        for count in (1, 20):
            for number in range(count):
                make_paper(name=f"Paper {count} {number}")
            with CaptureQueriesContext(connection) as queries:
                send_due_deliveries()
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_nothing_is_done_while_there_is_nothing_to_do(
        self, receiver: Receiver, django_assert_num_queries: Any
    ) -> None:
        make_paper(name="Vim")
        with django_assert_num_queries(2):
            take_up_deliveries()
        hook(receiver)
        with django_assert_num_queries(2):
            take_up_deliveries()
        assert waiting() == []


class TestTasks:
    """What the worker finds to do, and when it does it."""

    def test_the_next_attempt_waits_in_the_queue_until_it_is_due(self, receiver: Receiver) -> None:
        receiver.statuses = [500, 200]
        hook(receiver)
        make_paper(name="Vim")
        take_up_deliveries()
        run_tasks()
        due = Delivery.objects.get().due_at

        assert DBTaskResult.objects.filter(status="READY").values_list("run_after", flat=True).get() == due
        assert run_tasks(due - timedelta(seconds=1)) == []
        assert run_tasks(due) == ["deliver_webhooks"]
        assert (len(receiver.arrived), waiting()) == (2, [])

    def test_many_reasons_make_one_task(self, receiver: Receiver, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            send_test(webhook=hook(receiver))
        make_paper(name="Vim")
        for _ in range(3):
            take_up_deliveries()

        assert waiting() == [("deliver_webhooks", [])]
        assert (run_tasks(), len(receiver.arrived)) == (["deliver_webhooks"], 2)

    def test_a_retry_that_waits_keeps_no_change_waiting(self, receiver: Receiver) -> None:
        slow, quick = hook(receiver), hook(receiver)
        receiver.statuses = [500, 200]
        send_test(webhook=slow)
        take_up_deliveries()
        run_tasks()
        assert len(waiting()) == 1

        send_test(webhook=quick)
        take_up_deliveries()

        assert (run_tasks(), len(receiver.arrived), len(waiting())) == (["deliver_webhooks"], 2, 1)

    def test_a_delivery_of_a_process_that_died_is_taken_up_after_its_lease(self, receiver: Receiver) -> None:
        send_test(webhook=hook(receiver))
        now = timezone.now()
        delivery._lease(Delivery.objects.get(), now)
        take_up_deliveries()
        assert waiting() == []

        Delivery.objects.update(leased_until=now)
        take_up_deliveries()
        assert (run_tasks(), len(receiver.arrived)) == (["deliver_webhooks"], 1)

    def test_deliveries_of_a_release_without_tasks_are_taken_up(self, receiver: Receiver) -> None:
        webhook, now = hook(receiver), timezone.now()
        Delivery.objects.create(webhook=webhook, made_at=now - timedelta(hours=1), due_at=now - timedelta(hours=1))

        take_up_deliveries()

        assert (run_tasks(), len(receiver.arrived)) == (["deliver_webhooks"], 1)

    def test_a_worker_that_stops_waits_for_what_is_posted_and_leaves_the_rest(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook(receiver)
        for name in ("One", "Two"):
            make_paper(name=name)

        def post(url: str, body: bytes, headers: Any) -> int:
            stopping.set()
            return 200

        monkeypatch.setattr(delivery, "post", post)
        try:
            assert deliver_webhooks.call() == 1
        finally:
            stopping.clear()

        assert Delivery.objects.exclude(delivered_at=None).count() == 1
        assert waiting() == [("deliver_webhooks", [])]

    def test_what_is_published_while_a_receiver_is_slow_goes_to_the_others(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow, quick = hook(receiver), hook(receiver)
        Webhook.objects.filter(pk=slow.pk).update(url="https://slow.example.org/")
        make_paper(name="One")
        second_arrived = threading.Event()
        order: list[str] = []
        original = concurrent.futures.wait

        def post(url: str, body: bytes, headers: Any) -> int:
            if url != quick.url:
                assert second_arrived.wait(20)
            order.append(url)
            if order.count(quick.url) == 2:
                second_arrived.set()
            return 200

        def publish_meanwhile(running: Any, *arguments: Any, **options: Any) -> Any:
            done = original(running, *arguments, **options)
            if order == [quick.url] and Revision.objects.count() == 1:
                make_paper(name="Two")
            return done

        monkeypatch.setattr(delivery, "post", post)
        monkeypatch.setattr(delivery, "wait", publish_meanwhile)
        monkeypatch.setattr(delivery, "FOLLOW_SECONDS", 0.05)

        assert send_due_deliveries() == 4
        assert order[:2] == [quick.url] * 2


@pytest.mark.parametrize(
    "wrong",
    [{"entry_id": 1, "kind": ""}, {"paused_at": timezone.now()}, {"paused_because": "x"}],
)
def test_what_must_be_true_together_is_a_constraint(receiver: Receiver, wrong: dict[str, Any]) -> None:
    hook(receiver)
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.update(**wrong)
