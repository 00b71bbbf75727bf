"""Those who subscribed to boards are told which changed, with the first rows before and after."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.api import board_change_shapes
from catalog.ledger.publishing import retire
from catalog.models import Revision
from catalog.reading.results import benchmark_ledger
from submissions.notifications.webhooks.delivery import create_deliveries, send_due_deliveries
from submissions.notifications.webhooks.models import Delivery, Webhook
from submissions.notifications.webhooks.subscriptions import redeliver
from tests.factories import make, make_benchmark, make_dataset, make_paper, make_result, make_revision, trace
from tests.people import contributor, signed_in
from tests.submissions.notifications.webhooks.conftest import Receiver, hook

pytestmark = pytest.mark.django_db
METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
CLAIM = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}
KEY = {"part": "", "split": "val", "track": "", "metric": "Accuracy"}
API = "http://127.0.0.1:8000/api/v1/leaderboards/mmmu/"
PAGE = "/accounts/settings/webhooks/"
ADDRESS = "https://hooks.example.org/boards"


@pytest.fixture
def mmmu() -> Any:
    benchmark = make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val"}, {"name": "test"}])
    for name in ("CLIP", "Flamingo", "Kosmos"):
        make_paper(name=name)
    make_result(paper="clip", value="50.1", **CLAIM)
    make_result(paper="flamingo", value="64.9", **CLAIM)
    return benchmark


def messages(receiver: Receiver) -> list[dict[str, Any]]:
    return [orjson.loads(body) for _, _, body in receiver.arrived]


def firsts(receiver: Receiver) -> list[tuple[str | None, str | None]]:
    """The numbers of the first rows before and after, of each board of each message."""
    numbers = []
    for message in messages(receiver):
        for board in message["data"]["boards"]:
            both = (board["first_before"], board["first_after"])
            numbers.append(tuple(first and first["number"] for first in both))
    return numbers


def test_a_result_that_takes_the_first_place_is_told_with_both(mmmu: Any, receiver: Receiver) -> None:
    hook(receiver, boards=True)
    result = make_result(paper="kosmos", value="70.2", **CLAIM)

    assert send_due_deliveries() == 1
    [message] = messages(receiver)
    before = message["data"]["boards"][0]["first_before"]
    assert message == {
        "type": "boards.changed",
        "timestamp": message["timestamp"],
        "data": {
            "benchmark": "mmmu",
            "name": "MMMU",
            "url": API,
            "boards": [
                {
                    **KEY,
                    "url": f"{API}?part=&split=val&track=",
                    "changes_url": f"{API}changes/?part=&split=val&track=&metric=Accuracy",
                    "first_before": {
                        "model": "Flamingo",
                        "variant": "",
                        "number": "64.9",
                        "result": before["result"],
                    },
                    "first_after": {"model": "Kosmos", "variant": "", "number": "70.2", "result": result.slug},
                }
            ],
            "more": 0,
        },
    }


def test_the_addresses_in_a_message_are_those_of_the_api(mmmu: Any, receiver: Receiver, client: Any) -> None:
    hook(receiver, boards=True)
    make_result(paper="kosmos", value="70.2", **CLAIM)
    send_due_deliveries()
    [board] = messages(receiver)[0]["data"]["boards"]
    rows = client.get(board["url"]).json()["boards"][0]["rows"]
    assert rows[0]["cells"]["Accuracy"]["number"] == "70.2"
    assert client.get(board["changes_url"]).json()["results"][0]["first_after"] == board["first_after"]


def test_changes_of_one_benchmark_that_are_found_together_are_one_message(mmmu: Any, receiver: Receiver) -> None:
    hook(receiver, boards=True)
    for value in ("70", "80", "90"):
        make_result(paper="kosmos", value=value, variant=value, **CLAIM)
    make_result(paper="kosmos", value="1", **{**CLAIM, "split": "test"})

    assert send_due_deliveries() == 1
    assert firsts(receiver) == [(None, None), ("64.9", "90")]


def test_a_message_is_of_its_changes_also_after_others(mmmu: Any, receiver: Receiver) -> None:
    hook(receiver, boards=True)
    receiver.statuses = [503, 200]
    kosmos = make_result(paper="kosmos", value="70", **CLAIM)
    send_due_deliveries()
    retire(entry=kosmos, trace=trace("Wrong."))
    send_due_deliveries(timezone.now() + timedelta(minutes=2))
    redeliver(delivery=Delivery.objects.order_by("pk")[0])
    send_due_deliveries(timezone.now() + timedelta(minutes=4))

    assert firsts(receiver) == [("64.9", "70"), ("64.9", "70"), ("70", "64.9"), ("64.9", "70")]


def test_only_the_benchmark_that_was_named(mmmu: Any, receiver: Receiver) -> None:
    other = make_benchmark(name="VQAv2", metrics=[METRIC], splits=[{"name": "val"}])
    hook(receiver, boards=True, entry=other)
    kosmos = make_result(paper="kosmos", value="70", **CLAIM)
    make_dataset(name="A dataset")
    assert send_due_deliveries() == 0

    make_revision("result", kosmos, benchmark="vqav2")
    assert send_due_deliveries() == 1
    assert messages(receiver)[0]["data"]["benchmark"] == "vqav2"


def test_both_benchmarks_of_a_result_that_moved_are_told(mmmu: Any, receiver: Receiver) -> None:
    make_benchmark(name="VQAv2", metrics=[METRIC], splits=[{"name": "val"}])
    kosmos = make_result(paper="kosmos", value="70", **CLAIM)
    hook(receiver, boards=True)
    make_revision("result", kosmos, benchmark="vqav2")

    assert send_due_deliveries() == 2
    assert sorted(message["data"]["benchmark"] for message in messages(receiver)) == ["mmmu", "vqav2"]


def test_changes_of_the_benchmark_and_of_a_protocol_are_told_where_boards_change(mmmu: Any, receiver: Receiver) -> None:
    protocol = make("protocol", name="VLMEvalKit", harness="VLMEvalKit")
    for paper, value in (("clip", "40"), ("flamingo", "41")):
        make_result(paper=paper, value=value, protocol=protocol.slug, **CLAIM)
    hook(receiver, boards=True)
    make_revision("benchmark", mmmu, summary="Exams.")
    assert send_due_deliveries() == 0
    make_revision("protocol", protocol, judge="GPT-4o")
    send_due_deliveries()
    make_revision("benchmark", mmmu, summary="Exams.", metrics=[{**METRIC, "direction": "lower"}])
    send_due_deliveries()

    boards = [[(board["split"], board["track"]) for board in one["data"]["boards"]] for one in messages(receiver)]
    assert boards == [[("val", "VLMEvalKit")], [("val", ""), ("val", "VLMEvalKit")]]
    assert firsts(receiver)[1:] == [("64.9", "50.1"), ("41", "40")]


def test_too_many_changes_since_are_said_to_be_unknown(
    mmmu: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(receiver, boards=True)
    for value in ("70", "80", "90"):
        make_result(paper="kosmos", value=value, variant=value, **CLAIM)
    monkeypatch.setattr(benchmark_ledger, "MAX_REVISIONS", 2)
    send_due_deliveries()
    assert messages(receiver)[0]["data"]["boards"] is None


def test_a_message_names_a_bounded_number_of_boards(
    mmmu: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(receiver, boards=True)
    for split in ("val", "test", ""):
        make_result(paper="kosmos", value="70", **{**CLAIM, "split": split})
    monkeypatch.setattr(board_change_shapes, "MAX_BOARDS", 2)
    send_due_deliveries()
    data = messages(receiver)[0]["data"]
    assert ([board["split"] for board in data["boards"]], data["more"]) == (["", "test"], 1)


def test_a_benchmark_that_is_gone_has_no_boards(mmmu: Any, receiver: Receiver) -> None:
    hook(receiver, boards=True)
    other = make_benchmark(name="VQAv2", metrics=[METRIC], splits=[{"name": "val"}])
    result = make_result(paper="kosmos", value="1", **{**CLAIM, "benchmark": "vqav2"})
    retire(entry=result, trace=trace("Wrong."))
    retire(entry=other, trace=trace("Wrong."))
    send_due_deliveries()
    assert messages(receiver)[0]["data"] == {
        "benchmark": "vqav2",
        "name": "VQAv2",
        "url": "http://127.0.0.1:8000/api/v1/leaderboards/vqav2/",
        "boards": None,
        "more": 0,
    }


def test_of_two_processes_one_writes_the_message(mmmu: Any, receiver: Receiver) -> None:
    webhook = hook(receiver, boards=True)
    make_result(paper="kosmos", value="70", **CLAIM)
    both = [Webhook.objects.get(pk=webhook.pk) for _ in range(2)]
    for one in both:
        create_deliveries(one, timezone.now())
    assert Delivery.objects.count() == 1


def test_a_message_of_a_board_is_written_once(mmmu: Any, receiver: Receiver) -> None:
    webhook, last = hook(receiver, boards=True), Revision.objects.latest_first()[0].pk
    about = {"webhook": webhook, "revision_id": last, "made_at": timezone.now(), "due_at": timezone.now()}
    Delivery.objects.create(**about, benchmark_id=mmmu.pk, since_id=0)
    Delivery.objects.create(**about, benchmark_id=mmmu.pk + 1, since_id=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**about, benchmark_id=mmmu.pk, since_id=0)


def test_the_ledger_is_followed_with_few_queries(
    mmmu: Any, receiver: Receiver, django_assert_max_num_queries: Any
) -> None:
    webhook = hook(receiver, boards=True)
    for number in range(30):
        make_result(paper="kosmos", value=str(number), variant=str(number), **CLAIM)
    with django_assert_max_num_queries(9):
        create_deliveries(Webhook.objects.get(pk=webhook.pk), timezone.now())


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"kind": "paper"}, "kind", "Only benchmarks have boards: choose all kinds."),
        ({"topic": "exams"}, "topic", "Boards have no topics: leave it empty, or name a benchmark below."),
        ({"entry": "papers/clip"}, "entry", "Only benchmarks have boards: name one, such as benchmarks/mmmu."),
    ],
)
def test_what_has_no_boards_is_refused(mmmu: Any, fields: dict[str, str], field: str, message: str) -> None:
    make("topic", name="Exams")
    response = signed_in(contributor()).post(PAGE, {"url": ADDRESS, "about": "boards", **fields})
    assert response.status_code == 400
    assert response.context["form"].errors[field] == [message]


def test_somebody_subscribes_to_the_boards_of_a_benchmark(mmmu: Any) -> None:
    client = signed_in(contributor())
    form = {"url": ADDRESS, "about": "boards", "entry": "benchmarks/mmmu"}
    assert client.post(PAGE, form).status_code == 200
    webhook = Webhook.objects.get()
    assert (webhook.boards, webhook.kind, webhook.entry_id) == (True, "benchmark", mmmu.pk)
    assert "Boards of “MMMU”" in client.get(PAGE).content.decode()
