"""Every page and every read of an entry with a value that an older form let through."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Entry
from tests.catalog.ledger.test_stored_values import STORED, stored
from tests.factories import make_revision
from tests.people import contributor, signed_in

pytestmark = pytest.mark.django_db
PUBLIC = (
    *("/", "/changes/", "/search/?q=vim", "/{plural}/", "/{plural}/{slug}/", "/{plural}/{slug}/history/"),
    *("/{plural}/{slug}/history/2/", "/{plural}/{slug}/history/compare/?from=1&to=2", "/{plural}/{slug}/blame/"),
    *("/export/{plural}/{slug}.json", "/feeds/{plural}/new.atom", "/export/{plural}.csv", "/export/{plural}.jsonl"),
    *("/api/v1/{plural}/", "/api/v1/{plural}/{slug}/", "/api/v1/{plural}/{slug}/revisions/", "/api/v1/changes/"),
)


def addresses(entry: Entry) -> list[str]:
    return [address.format(plural=entry.plural, slug=entry.slug) for address in PUBLIC]


@pytest.mark.parametrize(("kind", "key", "value", "other"), STORED)
def test_it_is_read_everywhere(client: Client, kind: str, key: str, value: Any, other: Any) -> None:
    entry = stored(kind, key, value)
    make_revision(kind, entry, notes="A remark.")  # so that the ledger has it, too

    answers = {address: client.get(address) for address in addresses(entry)}
    for answer in answers.values():
        b"".join(answer)  # streams are made while they are read
    edit = f"{entry.get_absolute_url()}edit/"
    answers[edit] = signed_in(contributor()).get(edit)

    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 200)
