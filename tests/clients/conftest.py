"""A running site for the Python client: a few models with a board, one that has moved, and an account with a token."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from vlm_portal_client import Portal

from accounts.tokens import make_token
from tests.factories import make_benchmark, make_dataset, make_paper, make_result, make_revision
from tests.people import person

METRICS = [
    {"name": "accuracy", "unit": "percent", "direction": "higher", "primary": True, "proportion": True},
    {"name": "ANLS", "unit": "percent", "direction": "higher", "primary": False, "proportion": True},
]
SOURCE = "https://arxiv.org/abs/2502.13923"


@pytest.fixture
def address(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The address of a site with a small catalogue."""
    cache.clear()
    settings.SITE_URL = live_server.url
    make_dataset(name="COCO", size="330K images")
    make_revision("paper", make_paper(name="Contrastive", year=2021), slug="clip", name="CLIP")
    make_paper(name="Qwen2.5-VL", year=2025, organisation="Qwen", variants=[{"name": "72B"}])
    make_paper(name="Gemma 3", year=2025, variants=[{"name": "27B"}])
    make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "validation", "size_count": 900}])
    for model, value, more in (
        ("qwen2-5-vl", "70.2", {"variant": "72B", "source_url": SOURCE}),
        ("qwen2-5-vl", "68.0", {"variant": "72B", "source_url": "https://example.org/measured"}),
        ("gemma-3", "64.9", {"variant": "27B"}),
        ("clip", "80.5", {"adaptation": "fine-tuned"}),
        ("gemma-3", "51.3", {"variant": "27B", "metric": "ANLS"}),
    ):
        claim = {"adaptation": "zero-shot", "metric": "accuracy", "benchmark": "mmmu", "split": "validation"}
        make_result(**{**claim, "paper": model, "value": value, **more})
    url: str = live_server.url
    return url


@pytest.fixture
def portal(address: str) -> Iterator[Portal]:
    """A client without a token."""
    with Portal(address) as client:
        yield client


@pytest.fixture
def token(transactional_db: None) -> str:
    """A token of bob that may read and propose."""
    _, key = make_token(user=person("bob"), name="client", scopes=["read", "propose"], days=7)
    return key


@pytest.fixture
def proposing(address: str, token: str) -> Iterator[Portal]:
    """A client with bob's token."""
    with Portal(address, token) as client:
        yield client
