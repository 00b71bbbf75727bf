"""What the Python client sends, without a server."""

import json
from datetime import date

import httpx
import pytest
from vlm_portal_client import Conflict, NoSuchKind, Portal, Problem

from tests.clients.network import KINDS, PROBLEM, SITE, Network, ok, portal, problem


def test_filters_are_sent_as_the_api_reads_them() -> None:
    network = Network(ok(KINDS), ok({"results": [], "next": None}))
    listed = portal(network).entries(
        "paper",
        fields=["name", "year"],
        provenance=True,
        as_of=date(2026, 1, 31),
        link=["code", "weights"],
        organisation=None,
        split="",
        open=True,
        year_min=2024,
    )

    assert list(listed) == []
    assert network.paths[1] == (
        "papers/?fields=name%2Cyear&include=provenance&as_of=2026-01-31&page_size=200"
        "&link=code&link=weights&split=&open=true&year_min=2024"
    )


def test_an_unknown_kind_names_those_that_there_are() -> None:
    network = Network(ok(KINDS))
    reader = portal(network)
    for _ in range(2):
        with pytest.raises(NoSuchKind, match=r"^There is no kind “papers”; there are: paper\.$"):
            reader.entry("papers", "clip")

    assert len(network.requests) == 1


@pytest.mark.parametrize(("slug", "path"), [("a/../b?x#y", "a%2F..%2Fb%3Fx%23y"), ("..", "%2E%2E"), ("é", "%C3%A9")])
def test_a_slug_stays_within_its_place_in_the_address(slug: str, path: str) -> None:
    network = Network(ok(KINDS), problem(404))
    with pytest.raises(Problem):
        portal(network).entry("paper", slug)

    assert network.paths[1] == f"papers/{path}/"


def test_a_batch_is_sent_as_lines_of_json() -> None:
    network = Network(ok({"batch": 1, "accepted": 2, "refused": 0, "results": []}))
    portal(network).propose_batch(({"kind": "paper", "fields": {"name": name}} for name in "ab"), name="Two")

    (request,) = network.requests
    assert request.headers["Content-Type"] == "application/jsonl"
    assert network.paths == ["proposals/batch/?name=Two"]
    assert [json.loads(line)["fields"]["name"] for line in request.content.splitlines()] == ["a", "b"]


def test_what_json_does_not_have_is_not_sent() -> None:
    network = Network(ok())
    with pytest.raises(ValueError, match="not JSON compliant"):
        portal(network).propose("paper", {"year": float("nan")})

    assert network.requests == []


def test_a_portal_shows_no_token() -> None:
    assert repr(Portal(f"{SITE}/", "vlmp_secret")) == "Portal('https://portal.example.org')"


def test_a_conflict_says_which_proposal_there_is() -> None:
    network = Network(httpx.Response(409, json={**PROBLEM, "proposal": f"{SITE}/api/v1/proposals/7/"}))
    with pytest.raises(Conflict) as caught:
        portal(network).propose("paper", {"name": "CLIP"})

    assert caught.value.members["proposal"] == f"{SITE}/api/v1/proposals/7/"
