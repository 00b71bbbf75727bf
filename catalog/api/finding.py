"""Look up an entry by slug, now or at a past time, or say why it is not there."""

from datetime import datetime
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from catalog.api.envelopes import API, EntryAtRevision, api_url, entries_of_revisions, live_entries, page_url
from catalog.api.problems import Problem
from catalog.kinds import Kind
from catalog.ledger import as_of
from catalog.ledger.former_slugs import present_slug
from catalog.ledger.permanent import LedgerEntry, entry_in_ledger
from catalog.models import REMOVED_ACTIONS, Revision, RevisionAction


def find(request: Request, kind: Kind, slug: str, at: datetime | None = None) -> EntryAtRevision:
    """Return the entry. Raises Problem: 308 if it moved or was merged, 410 with the reason if retired, else 404."""
    return _find_past(request, kind, slug, at) if at else _find_live(request, kind, slug)


def find_history(request: Request, kind: Kind, slug: str) -> LedgerEntry:
    """Return the entry whose history this address leads to for ever, live or not. Raises Problem: 308 if the entry has
    another slug now, else 404."""
    entry = entry_in_ledger(kind, slug)
    if entry is None:
        raise _unknown(kind, slug)
    if entry.slug != slug:
        raise _moved(request, kind, slug, entry.slug)
    return entry


def represent_removal(entry: LedgerEntry) -> dict[str, Any] | None:
    """Represent what became of an entry that is not in the catalogue any more; None for a live one."""
    if entry.removal is None:
        return None
    into = entry.merged_into()
    return {
        "action": entry.removal.action,
        "at": entry.removal.at,
        "reason": entry.removal.comment,
        "merged_into": api_url(entry.kind, into.slug) if into else None,
    }


def _find_live(request: Request, kind: Kind, slug: str) -> EntryAtRevision:
    entries = live_entries(kind, "slug", [slug])
    if entries:
        return entries[0]
    if new_slug := present_slug(kind, slug):
        raise _moved(request, kind, slug, new_slug)
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is not None and last.action == RevisionAction.RETIRE:
        raise _retired(kind, last)
    raise _unknown(kind, slug)


def _find_past(request: Request, kind: Kind, slug: str, at: datetime) -> EntryAtRevision:
    last = as_of.last_revision(kind, slug, at)
    if last is None:
        first = as_of.last_revision(kind, slug, None)
        if first is None:
            raise _unknown(kind, slug)
        raise Problem(404, f"The {kind.label.lower()} at “{slug}” was not in the catalogue yet at {at.isoformat()}.")
    if last.action in REMOVED_ACTIONS:
        raise _retired(kind, last)
    if last.slug != slug:
        raise _moved(request, kind, slug, last.slug)
    return entries_of_revisions(Revision.objects.filter(pk=last.pk))[0]


def _unknown(kind: Kind, slug: str) -> Problem:
    return Problem(404, f"There is no {kind.label.lower()} at “{slug}”, and there never was.")


def _moved(request: Request, kind: Kind, slug: str, new_slug: str) -> Problem:
    """Build a permanent redirect that keeps the method, the rest of the URL and the query (RFC 9110, 15.4.9)."""
    path = request.get_full_path().replace(f"/{kind.plural}/{slug}/", f"/{kind.plural}/{new_slug}/", 1)
    path = path.replace(f"/leaderboards/{slug}/", f"/leaderboards/{new_slug}/", 1)
    if path.startswith(f"{API}/compare/"):
        path = path.replace(f"/{slug}/", f"/{new_slug}/", 1)
    return Problem(
        308,
        f"“{slug}” is at “{new_slug}” now.",
        kind="moved",
        headers={"Location": f"{settings.SITE_URL}{path}"},
        url=api_url(kind, new_slug),
    )


def _retired(kind: Kind, last: Revision) -> Problem:
    target_slug = present_slug(kind, last.slug) if last.action == RevisionAction.MERGE else None
    what_happened = "merged into another" if target_slug else "retired"
    return Problem(
        410,
        f"{last.name} was {what_happened} on {last.at:%Y-%m-%d}: {last.comment or 'no reason was given'}",
        kind="retired",
        reason=last.comment,
        at=last.at,
        revision=last.number,
        merged_into=api_url(kind, target_slug) if target_slug else None,
        html_url=page_url(kind, last.slug),
        revisions=f"{api_url(kind, last.slug)}revisions/",
    )
