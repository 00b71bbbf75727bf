"""manage.py reindex: rebuild the indexes that are derived from entries and the ledger."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.kinds import KINDS
from catalog.ledger.indexing.upgrade import rebuild


class Command(BaseCommand):
    help = (
        "Write the facets, keys, search documents and sourcing of every entry again; the entries and the ledger stay as"
        " they are. Not needed after an upgrade: migrate rebuilds what is defined otherwise than before."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in KINDS.values():
            self.stdout.write(f"{kind.label_plural}: {rebuild(kind)}")
