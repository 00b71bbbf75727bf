"""Finding an entry by its address, now or at a past moment; or saying what became of it."""

from datetime import datetime

from django.conf import settings
from rest_framework.request import Request

from catalog.api.envelopes import Item, address, live, of_ledger, page_of
from catalog.api.problems import Problem
from catalog.kinds import Kind
from catalog.ledger import as_of as asof
from catalog.ledger.former_slugs import present_slug
from catalog.models import REMOVED_ACTIONS, Revision, RevisionAction


def find(request: Request, kind: Kind, slug: str, at: datetime | None = None) -> Item:
    """The entry. Raises Problem: 308 where it moved or was merged, 410 with the reason where it was retired, 404."""
    return _standing(request, kind, slug, at) if at else _live(request, kind, slug)


def _live(request: Request, kind: Kind, slug: str) -> Item:
    found = live(kind, "slug", [slug])
    if found:
        return found[0]
    if heir := present_slug(kind, slug):
        raise _moved(request, kind, slug, heir)
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is not None and last.action == RevisionAction.RETIRE:
        raise _retired(kind, last)
    raise _unknown(kind, slug)


def _standing(request: Request, kind: Kind, slug: str, at: datetime) -> Item:
    last = asof.last_revision(kind, slug, at)
    if last is None:
        first = asof.last_revision(kind, slug, None)
        if first is None:
            raise _unknown(kind, slug)
        raise Problem(404, f"The {kind.label.lower()} at “{slug}” was not in the catalogue yet at {at.isoformat()}.")
    if last.action in REMOVED_ACTIONS:
        raise _retired(kind, last)
    if last.slug != slug:
        raise _moved(request, kind, slug, last.slug)
    return of_ledger(Revision.objects.filter(pk=last.pk))[0]


def _unknown(kind: Kind, slug: str) -> Problem:
    return Problem(404, f"There is no {kind.label.lower()} at “{slug}”, and there never was.")


def _moved(request: Request, kind: Kind, slug: str, heir: str) -> Problem:
    """A permanent redirect that keeps the method, the rest of the address and the query (RFC 9110, 15.4.9)."""
    path = request.get_full_path().replace(f"/{kind.plural}/{slug}/", f"/{kind.plural}/{heir}/", 1)
    path = path.replace(f"/leaderboards/{slug}/", f"/leaderboards/{heir}/", 1)
    return Problem(
        308,
        f"“{slug}” is at “{heir}” now.",
        kind="moved",
        headers={"Location": f"{settings.SITE_URL}{path}"},
        url=address(kind, heir),
    )


def _retired(kind: Kind, last: Revision) -> Problem:
    heir = present_slug(kind, last.slug) if last.action == RevisionAction.MERGE else None
    done = "merged into another" if heir else "retired"
    return Problem(
        410,
        f"{last.name} was {done} on {last.at:%Y-%m-%d}: {last.comment or 'no reason was given'}",
        kind="retired",
        reason=last.comment,
        at=last.at,
        revision=last.number,
        merged_into=address(kind, heir) if heir else None,
        html_url=page_of(kind, last.slug),
    )
