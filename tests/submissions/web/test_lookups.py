"""A pasted id is looked up on the way to the form; whatever the services do, what was pasted arrives there."""

import socket
import threading
import time
from html import unescape
from typing import Any

import pytest
from django.test import Client

from submissions.intake.drafts import Draft
from submissions.intake.lookups import chain
from submissions.intake.lookups.sites import CHECK_THE_FORM
from submissions.intake.metadata import enrich
from tests.metadata_double import ATOM, MetadataDouble
from tests.people import contributor, signed_in

pytestmark = pytest.mark.django_db
LINE = "2024 | Qwen2-VL | https://arxiv.org/abs/2409.12191 | Takes images at any resolution"
TYPED = (
    'name="name" value="Qwen2-VL"',
    'name="year" value="2024"',
    'name="arxiv_id" value="2409.12191"',
    "Takes images at any resolution",
)


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def paste(client: Client, text: str = LINE) -> str:
    response = client.post("/contribute/paste/", {"text": text})
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_what_is_read_is_in_the_form_with_its_source(ada: Client, double: MetadataDouble) -> None:
    double.replies["/arxiv"] = ATOM

    page = paste(ada)

    assert all(text in page for text in TYPED)
    assert "Read from arXiv: Title, Authors, Released, DOI. Please check." in page
    assert "Junnan Li\nDongxu Li" in page
    assert 'value="https://arxiv.org/abs/2409.12191"' in page


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ((404, {}, ""), "arXiv does not know it; please check the id."),
        ((500, {}, ""), f"arXiv answered with an error (500); {CHECK_THE_FORM}"),
        ("<<<", f"arXiv's answer could not be understood; {CHECK_THE_FORM}"),
    ],
    ids=["none", "error", "odd"],
)
def test_an_odd_answer_costs_nothing_that_was_typed(
    ada: Client, double: MetadataDouble, reply: Any, sentence: str
) -> None:
    double.replies["/arxiv"] = reply

    page = paste(ada)

    assert all(text in page for text in (*TYPED, sentence))


def test_hung_services_cost_one_time_limit_and_nothing_that_was_typed(
    ada: Client, double: MetadataDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "TIME_LIMIT", 0.4)
    monkeypatch.setattr(chain, "SITE_LIMIT", 0.2)
    monkeypatch.setattr(chain, "LEAST", 0.1)
    double.pause = 3.0
    began = time.monotonic()

    page = paste(ada)

    assert time.monotonic() - began < 2.5
    assert all(text in page for text in (*TYPED, f"arXiv is too slow at the moment; {CHECK_THE_FORM}"))


def test_without_a_network_nothing_that_was_typed_is_lost(
    ada: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FETCH_METADATA = True

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(f"{host}: Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    page = paste(ada)

    assert all(text in page for text in (*TYPED, f"arXiv could not be reached; {CHECK_THE_FORM}"))


def test_the_api_tells_the_same(ada: Client, double: MetadataDouble) -> None:
    double.replies["/crossref/10.1109%2Fx"] = (429, {"Retry-After": "600"}, "")

    reply = ada.post("/api/v1/proposals/parse/", {"text": "10.1109/x"}, content_type="application/json")

    assert (reply.status_code, reply.json()["fields"], reply.json()["notes"]) == (
        200,
        {"doi": "10.1109/x", "links": [{"kind": "paper", "url": "https://doi.org/10.1109/x", "label": ""}]},
        ["Crossref has been asked too often from here: wait 10 minutes, or fill in what is missing."],
    )


def test_two_who_paste_the_same_at_once_share_one_look_up(double: MetadataDouble) -> None:

    double.pause = 0.3
    double.replies["/arxiv"] = ATOM
    titles: list[str] = []
    draft = Draft("paper", {"arxiv_id": "2409.12191"})
    threads = [threading.Thread(target=lambda: titles.append(enrich(draft).payload["title"])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(titles) == 3
    assert double.requested == ["/arxiv?id_list=2409.12191"]
