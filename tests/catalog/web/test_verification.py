"""The page that explains tiers and classes of sources, and the keys that lead to it."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from catalog.kinds.result.model import Verification
from catalog.models import SourceClass
from tests.factories import make_result, make_topic

pytestmark = pytest.mark.django_db


def test_it_explains_each_tier_and_each_class_by_its_name(client: Any) -> None:
    page = unescape(client.get("/verification/").content.decode())

    missing = [label for label in (*Verification.labels, *SourceClass.labels) if f">{label}<" not in page]
    assert missing == []


def test_the_keys_of_marks_lead_to_it(client: Any) -> None:
    result = make_result(split="val")

    for page in (
        "/about/",
        result.get_absolute_url(),
        f"{result.get_absolute_url()}blame/",
        result.benchmark.get_absolute_url(),
    ):
        assert 'href="/verification/"' in client.get(page).content.decode()


def test_a_past_day_keeps_its_link(client: Any) -> None:
    make_topic(at=datetime(2026, 1, 1, tzinfo=UTC))

    assert client.get("/verification/?as_of=2026-01-02").status_code == 200
