"""How the Python client goes from page to page, without a server."""

import pytest
from vlm_portal_client import UnexpectedAnswer

from tests.clients.network import KINDS, SITE, Network, ok, portal


def test_the_next_page_is_read_at_the_address_of_the_portal_with_its_own_query() -> None:
    """What a portal calls itself may differ from how it is reached, and a token must go nowhere else."""
    elsewhere = "https://internal.example/api/v1/papers/?cursor=a%2Bb&split="
    network = Network(ok(KINDS), ok({"results": [], "next": elsewhere}), ok({"results": [], "next": None}))
    list(portal(network, token="vlmp_x").entries("paper"))

    assert network.requests[2].url == f"{SITE}/api/v1/papers/?cursor=a%2Bb&split="


def test_pages_are_read_only_as_far_as_they_are_used() -> None:
    page = {"results": [], "next": f"{SITE}/api/v1/papers/?cursor=x"}
    network = Network(ok(KINDS), ok(page))
    pages = portal(network).entries("paper").pages()
    assert network.paths == ["vocabularies/kinds/"]
    next(pages)

    assert len(network.requests) == 2
    next(pages)
    with pytest.raises(UnexpectedAnswer, match="names a page as the one after itself"):
        next(pages)


def test_changes_that_never_move_on_end() -> None:
    network = Network(ok({"results": [], "cursor": "a", "has_more": True}))
    with pytest.raises(UnexpectedAnswer, match="gives no cursor that leads on"):
        list(portal(network).changes("a"))

    assert len(network.requests) == 1
