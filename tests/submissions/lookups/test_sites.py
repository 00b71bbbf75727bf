"""The services, and the setting that names those which are not asked."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from submissions.intake.lookups.sites import SITES

DOCUMENT = Path(__file__).parents[3] / "docs" / "lookups.md"


def test_a_service_that_does_not_exist_is_not_switched_off_in_silence(settings: Any) -> None:
    settings.FETCH_METADATA_EXCEPT = ["github", "arXiv"]

    with pytest.raises(ImproperlyConfigured) as caught:
        apps.get_app_config("submissions").ready()

    assert str(caught.value) == (
        "FETCH_METADATA_EXCEPT: there is no service arXiv. There are acl, arxiv, crossref, cvf, datacite, github, "
        "huggingface, openreview, pmlr, semanticscholar."
    )


def test_the_document_names_every_key_and_host() -> None:
    text = DOCUMENT.read_text()
    names = [name for site in SITES for name in (site.key, *site.hosts)]

    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_services_are_told_apart_by_their_keys() -> None:
    assert len({site.key for site in SITES}) == len(SITES) == 10


def test_intervals_are_whole_seconds() -> None:
    """Redis drops the part of a second."""
    assert {type(site.interval) for site in SITES} == {int}
    assert min(site.interval for site in SITES) == 1
