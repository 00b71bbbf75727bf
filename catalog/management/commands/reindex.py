"""manage.py reindex: make the facet, key and search indexes again from the entries."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.indexing import write_indexes
from catalog.ledger.indexing.facets import recount
from catalog.models import Revision

BATCH = 500


class Command(BaseCommand):
    help = (
        "Write the facets, keys and search documents of every entry again; the entries and the ledger stay as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in KINDS.values():
            ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(ids), BATCH):
                with transaction.atomic():
                    Revision.objects.await_turn()
                    rows = kind.model.objects.with_references().filter(pk__in=ids[start : start + BATCH])
                    write_indexes(kind, list(rows))
            with transaction.atomic():
                Revision.objects.await_turn()
                recount(kind)
            self.stdout.write(f"{kind.label_plural}: {len(ids)}")
