"""The migration that links merges of before with what they wrote at other entries."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from catalog.kinds import KINDS
from catalog.ledger.publishing import merge, restore
from catalog.models import Revision
from tests.factories import make_component, make_paper, make_result, trace

pytestmark = pytest.mark.django_db
link_merges = import_module("catalog.migrations.0013_merge_links").link_merges


def without_links() -> None:
    """The ledger as an earlier release wrote it, but for the order of a merge and its parts."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE catalog_revision DISABLE TRIGGER catalog_revision_no_change")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS catalog_revision_no_update")
        cursor.execute("UPDATE catalog_revision SET into_id = NULL, part_of_id = NULL")
        # a merge was written after its parts
        cursor.execute("UPDATE catalog_revision SET id = id + 1000 WHERE action = 'merge'")


@pytest.mark.parametrize("restored", [False, True])
def test_a_merge_finds_its_parts_and_the_entry_that_it_kept(restored: bool) -> None:
    goes, stays = make_paper(name="Goes"), make_paper(name="Stays")
    part, result = make_component(name="Part", paper="goes"), make_result(paper="goes")
    merge(entry=goes, into=stays, trace=trace("The same."))
    without_links()
    if restored:
        restore(kind=KINDS["paper"], entry_id=goes.pk, trace=trace("They differ."))

    link_merges(apps, connection.schema_editor())

    revision = Revision.objects.get(action="merge")
    parts = {(row.kind, row.entry_id, row.number) for row in Revision.objects.parts_of(revision)}
    assert (revision.into_id, parts) == (stays.pk, {("component", part.pk, 2), ("result", result.pk, 2)})
