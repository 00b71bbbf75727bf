"""What the Python client makes of JSON that is newer, or wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest
from vlm_portal_client import UnexpectedAnswer

from tests.clients.network import KINDS, Network, ok, portal

ENTRY: dict[str, Any] = {
    "kind": "paper",
    "slug": "clip",
    "url": "u",
    "html_url": "h",
    "revision": 1,
    "created": "2026-11-24T10:00:00Z",
    "updated": "2026-11-24T10:00:00+00:00",
    "fields": {"name": "CLIP"},
}


def test_members_that_a_newer_portal_adds_are_ignored_and_times_are_times() -> None:
    entry = portal(Network(ok(KINDS), ok({**ENTRY, "colour": "red"}))).entry("paper", "clip")

    assert (entry.slug, entry.fields, entry.provenance) == ("clip", {"name": "CLIP"}, None)
    assert entry.created == entry.updated == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slug": 1}, r"has 1 at Entry\.slug, which"),
        ({"created": "yesterday"}, r"has 'yesterday' at Entry\.created, which"),
        ({"fields": []}, r"has \[\] at Entry\.fields, which"),
        ({"provenance": {"name": ["x"]}}, r"has 'x' at Entry\.provenance\.name\[0\], which"),
        ({"provenance": {"name": [{}]}}, r"has no Entry\.provenance\.name\[0\]\.value: is this"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(changed: dict[str, Any], message: str) -> None:
    network = Network(ok(KINDS), ok({**ENTRY, **changed}))
    with pytest.raises(UnexpectedAnswer, match=message):
        portal(network).entry("paper", "clip")
