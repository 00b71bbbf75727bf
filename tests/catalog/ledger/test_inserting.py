"""Fast inserts write what Django's own would."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.indexing.inserting import ROWS, insert_saved
from catalog.models import Revision, Section
from tests.catalog.ledger.tables import table

pytestmark = pytest.mark.django_db

AT = datetime(2024, 5, 6, 7, 8, 9, 101112, tzinfo=UTC)


def papers(number: int, section: Section) -> list[Paper]:
    return [
        Paper(
            slug=f"m-{n}",
            name=f"“M” 100 % {n}",
            year=None if n % 2 else 2024,
            section=section if n % 3 else None,
            links=[{"kind": "paper", "url": "https://x.org", "label": ""}] if n % 2 else [],
            aliases=["ß", "%s"],
            created=AT,
            updated=AT,
        )
        for n in range(number)
    ]


def test_insert_saved_writes_what_bulk_create_writes() -> None:
    section = Section.objects.create(slug="s", name="S", kind="paper")
    written = []
    for way in (Paper.objects.bulk_create, lambda rows: insert_saved(Paper, rows)):
        with transaction.atomic():
            way(papers(7, section))
            written.append(table(Paper))
            transaction.set_rollback(True)

    assert len(written[0]) == 7
    assert written[0] == written[1]


def test_insert_saved_gives_each_of_many_rows_its_key() -> None:
    rows = papers(2 * ROWS + 1, Section.objects.create(slug="s", name="S", kind="paper"))

    insert_saved(Paper, rows)

    assert dict(Paper.objects.values_list("pk", "slug")) == {row.pk: row.slug for row in rows}
    assert [(row._state.adding, row._state.db) for row in rows[:1]] == [(False, "default")]
    rows[0].name = "Saved again"
    rows[0].save()
    assert Paper.objects.count() == len(rows)


def test_insert_saved_asks_once_for_a_statement_and_never_for_nothing(django_assert_num_queries: Any) -> None:
    section = Section.objects.create(slug="s", name="S", kind="paper")
    with django_assert_num_queries(2):
        insert_saved(Paper, papers(ROWS + 1, section))
    with django_assert_num_queries(0):
        insert_saved(Paper, [])


def test_a_statement_has_no_more_values_than_sqlite_takes() -> None:
    """32,766; of a table with more columns ROWS would have to be fewer."""
    tables: list[Any] = [Revision, *(kind.model for kind in KINDS.values())]
    widest = max(len(model._meta.local_concrete_fields) for model in tables)

    assert ROWS * widest <= 32_766
