"""One's webhooks as pages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions import workflow
from submissions.notifications.webhooks.delivery import send_due_deliveries
from submissions.notifications.webhooks.models import Delivery, Webhook
from submissions.notifications.webhooks.subscriptions import MAX_WEBHOOKS
from tests.at_once import at_once
from tests.factories import make_paper, make_topic
from tests.people import contributor, person, signed_in
from tests.submissions.notifications.webhooks.conftest import Receiver, hook

pytestmark = pytest.mark.django_db
PAGE = "/accounts/settings/webhooks/"
URL = "https://hooks.example.org/vlm"


def test_the_secret_is_shown_once() -> None:
    browser = signed_in(contributor())
    answer = browser.post(PAGE, {"url": URL})
    secret = Webhook.objects.get().secret

    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert answer.content.decode().count(secret) == 1
    assert secret not in browser.get(PAGE).content.decode()
    assert secret not in browser.get(Webhook.objects.get().get_absolute_url()).content.decode()


@pytest.mark.parametrize("entry", ["papers/vim", "/papers/vim/", "https://portal.example.org/papers/vim/"])
def test_it_is_narrowed_to_a_topic_or_an_entry(entry: str) -> None:
    make_topic(name="Ethics")
    paper = make_paper(name="Vim")
    browser = signed_in(contributor())
    browser.post(PAGE, {"url": URL, "topic": "ethics", "kind": "dataset"})
    browser.post(PAGE, {"url": URL, "entry": entry})

    assert [webhook.subscription_text for webhook in Webhook.objects.all()] == [
        "Paper or model “Vim”",
        "Datasets of the topic ethics",
    ]
    assert Webhook.objects.values_list("kind", "entry_id").first() == ("paper", paper.pk)


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": URL, "kind": "film"}, "kind"),
        ({"url": URL, "topic": "nothing"}, "topic"),
        ({"url": URL, "entry": "papers/nothing"}, "entry"),
        ({"url": URL, "entry": "vim"}, "entry"),
    ],
)
def test_an_error_is_shown_at_its_field(posted: dict[str, str], field: str) -> None:
    answer = signed_in(contributor()).post(PAGE, posted)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not Webhook.objects.exists()


def test_there_is_an_end_to_how_many() -> None:
    browser = signed_in(contributor())
    answers = [browser.post(PAGE, {"url": URL}).status_code for _ in range(MAX_WEBHOOKS + 1)]
    assert answers == [200] * MAX_WEBHOOKS + [400]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_limit() -> None:
    browsers = [signed_in(contributor()) for _ in range(MAX_WEBHOOKS + 4)]
    answers = at_once(*(lambda browser=browser: browser.post(PAGE, {"url": URL}).status_code for browser in browsers))

    assert sorted(answers) == [200] * MAX_WEBHOOKS + [400] * 4
    assert Webhook.objects.count() == MAX_WEBHOOKS


def test_deliveries_are_shown_and_sent_again(receiver: Receiver) -> None:
    webhook = hook(receiver)
    make_paper(name="Vim")
    send_due_deliveries()
    browser = signed_in(contributor())
    page = browser.get(webhook.get_absolute_url()).content.decode()
    assert '<a href="/papers/vim/history/1/"><b>Vim</b></a> created' in page
    assert "answered 200" in page

    browser.post(f"{PAGE}deliveries/{Delivery.objects.get().pk}/send/")
    browser.post(f"{webhook.get_absolute_url()}test/")
    assert send_due_deliveries() == 2


def test_a_paused_one_is_resumed(receiver: Receiver) -> None:
    receiver.statuses = [410]
    webhook = hook(receiver)
    make_paper(name="Vim")
    send_due_deliveries()
    browser = signed_in(contributor())
    assert "The receiver answered 410 Gone." in browser.get(PAGE).content.decode()
    answer = browser.post(f"{webhook.get_absolute_url()}test/", follow=True)
    assert "The webhook is paused: resume it first." in answer.content.decode()

    browser.post(f"{webhook.get_absolute_url()}resume/")
    assert Webhook.objects.get().paused_at is None


def test_it_is_deleted_with_its_deliveries(receiver: Receiver) -> None:
    webhook = hook(receiver)
    make_paper(name="Vim")
    send_due_deliveries()
    signed_in(contributor()).post(f"{webhook.get_absolute_url()}delete/")
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_who_leaves_leaves_no_webhook(receiver: Receiver) -> None:
    webhook = hook(receiver)
    workflow.delete_account(actor=webhook.owner)
    assert not Webhook.objects.exists()


def test_another_persons_webhook_does_not_exist(receiver: Receiver) -> None:
    webhook = hook(receiver)
    make_paper(name="Vim")
    send_due_deliveries()
    path, browser = webhook.get_absolute_url(), signed_in(person("bob"))
    answers = [
        browser.get(path),
        *(browser.post(f"{path}{verb}/") for verb in ("test", "resume", "delete")),
        browser.post(f"{PAGE}deliveries/{Delivery.objects.get().pk}/send/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert send_due_deliveries() == 0


def test_a_suspended_person_adds_none() -> None:
    user = contributor()
    user.suspend(because="Spam.")
    browser = signed_in(user)
    assert (browser.get(PAGE).status_code, browser.post(PAGE, {"url": URL}).status_code) == (200, 403)
    assert not Webhook.objects.exists()


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_number_of_queries_is_constant(receiver: Receiver) -> None:
    webhook, browser = hook(receiver), signed_in(contributor())
    costs: list[Any] = []
    for count in (1, 20):
        for number in range(count):
            make_paper(name=f"Paper {count} {number}")
        send_due_deliveries()
        with CaptureQueriesContext(connection) as queries:
            browser.get(webhook.get_absolute_url())
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6
