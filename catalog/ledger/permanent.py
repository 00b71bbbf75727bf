"""Entries by any slug that they ever had, live or not, for addresses that must lead to the same history for ever."""

from dataclasses import dataclass

from django.urls import reverse

from catalog.kinds import Kind
from catalog.ledger.merges import live_entry
from catalog.models import REMOVED_ACTIONS, Entry, Revision


@dataclass(frozen=True)
class LedgerEntry:
    """An entry as the ledger knows it: present or last slug and name, and the number of its last revision.

    `removal` is the revision that retired or merged it; None for a live entry.
    """

    kind: Kind
    pk: int
    slug: str
    name: str
    revision: int
    removal: Revision | None = None

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:detail", args=[self.kind.plural, self.slug])

    def merged_into(self) -> Entry | None:
        """The live entry that it was merged into, perhaps by several merges; None unless there is one."""
        return live_entry(self.kind, self.removal.into_id) if self.removal else None


def entry_in_ledger(kind: Kind, slug: str) -> LedgerEntry | None:
    """The entry that has this slug, or had it last; None if no entry ever had it. Merges are not followed."""
    live = kind.model.objects.filter(slug=slug).values_list("pk", "slug", "name", "revision").first()
    if live is not None:
        return LedgerEntry(kind, *live)
    owner = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().values_list("entry_id", flat=True).first()
    if owner is None:
        return None
    last = Revision.objects.of(kind.name, owner).defer("snapshot").latest("number")
    removal = last if last.action in REMOVED_ACTIONS else None
    return LedgerEntry(kind, owner, last.slug, last.name, last.number, removal)
