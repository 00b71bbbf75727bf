"""What every test of the way in begins with."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from submissions.intake.lookups import arxiv, dois, hubs, openreview, proceedings, semantic_scholar
from tests.metadata_double import MetadataDouble

SERVICES = {
    (arxiv, "API"): "/arxiv?id_list=",
    (dois, "CROSSREF_API"): "/crossref/",
    (dois, "DATACITE_API"): "/datacite/",
    (hubs, "HUB_API"): "/hub/",
    (hubs, "GITHUB_API"): "/github/",
    (openreview, "API"): "/openreview?id=",
    (openreview, "OLD_API"): "/old-openreview?id=",
    (proceedings, "ACL"): "/acl/",
    (proceedings, "CVF_PAGES"): "/cvf/",
    (proceedings, "PMLR_PAGES"): "/pmlr/",
    (semantic_scholar, "API"): "/scholar/",
}
"""The constants with the addresses of services, and where the double answers for them."""


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    """Nobody has done anything too often yet: the counters live in the cache, which no transaction rolls back."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def double(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MetadataDouble]:
    """All services that metadata is read from."""
    settings.FETCH_METADATA = True
    with MetadataDouble() as double:
        settings.FETCH_TEST_HOSTS = [double.host]
        for (module, name), path in SERVICES.items():
            monkeypatch.setattr(module, name, double.url + path)
        yield double
