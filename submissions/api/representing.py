"""A proposal as the API tells it, and the schema of that."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from catalog.api.schema import Component, listed, record
from catalog.kinds import KINDS
from catalog.models import Revision
from submissions.models import Event, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import VERBS

ROWS = ("author", "claimed_by", "seconded_by", "decided_by")
"""What to fetch along with proposals."""


def address(pk: int) -> str:
    """The API's address of a proposal."""
    return f"{settings.SITE_URL}{reverse('submissions-api:proposal', args=[pk])}"


def represent(proposal: Proposal) -> dict[str, Any]:
    """One proposal with what was done to it, in at most four queries."""
    events = proposal.events.select_related("actor")
    return {**represent_many([proposal])[0], "events": [_event(event) for event in events]}


def represent_many(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Proposals without their events. They were fetched with ROWS; one query for their revisions, and one for each kind
    in which something is to be merged."""
    rows = list(proposals)
    revisions = Revision.objects.in_bulk([row.revision_id for row in rows if row.revision_id])
    heirs = _heirs(rows)
    return [_proposal(row, revisions.get(row.revision_id or 0), heirs.get((row.kind, row.into_id))) for row in rows]


def _heirs(rows: list[Proposal]) -> dict[tuple[str, int | None], str]:
    found: dict[tuple[str, int | None], str] = {}
    for name in {row.kind for row in rows if row.into_id}:
        ids = [row.into_id for row in rows if row.kind == name and row.into_id]
        slugs = KINDS[name].model.objects.filter(pk__in=ids).values_list("pk", "slug")
        found |= {(name, pk): slug for pk, slug in slugs}
    return found


def _proposal(row: Proposal, revision: Revision | None, heir: str | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "url": address(row.pk),
        "html_url": f"{settings.SITE_URL}{row.get_absolute_url()}",
        "kind": row.kind,
        "action": row.action,
        "status": row.status,
        "name": row.name,
        "slug": row.target_slug or None,
        "base": row.base,
        "into": heir,
        "fields": row.proposed_payload if row.has_payload else None,
        "source": row.source,
        "comment": row.comment,
        "author": row.author.username,
        "batch": row.batch_id,
        "twins": row.twins,
        "version": row.version,
        "submitted": row.submitted_at.isoformat(),
        "updated": row.updated_at.isoformat(),
        "claimed_by": _name(row.claimed_by),
        "seconded_by": _name(row.seconded_by),
        "decision": _decision(row, revision),
    }


def _decision(row: Proposal, revision: Revision | None) -> dict[str, Any] | None:
    if row.decided_by is None or row.decided_at is None:
        return None
    return {
        "by": row.decided_by.username,
        "at": row.decided_at.isoformat(),
        "comment": row.decision,
        "slug": revision.slug if revision else None,
        "revision": revision.number if revision else None,
    }


def _event(event: Event) -> dict[str, Any]:
    return {"verb": event.verb, "by": event.actor.username, "at": event.at.isoformat(), "comment": event.comment}


def _name(person: User | None) -> str | None:
    return person.username if person else None


def _or_null(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], **more}


_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_MOMENT = {"type": "string", "format": "date-time"}
_ADDRESS = {"type": "string", "format": "uri"}
_TWIN = record(
    slug=_TEXT, name=_TEXT, url=_TEXT, reason=_TEXT, strength={"type": "string", "enum": ["certain", "likely"]}
)

_MEMBERS = record(
    ("events",),
    id=_NUMBER,
    url=_ADDRESS,
    html_url=_ADDRESS,
    kind={"type": "string", "enum": list(KINDS)},
    action={"type": "string", "enum": ProposalAction.values},
    status={"type": "string", "enum": Status.values},
    name=_TEXT,
    slug=_or_null("string", description="The entry that it is about; null for a new one."),
    base=_or_null("integer", description="The revision of that entry that the author saw."),
    into=_or_null("string", description="For a merge: the entry that stays."),
    fields=_or_null("object", description="The whole payload; null where the action has none."),
    source=_TEXT,
    comment=_TEXT,
    author=_TEXT,
    batch=_or_null("integer"),
    twins=listed(_TWIN),
    version={"type": "integer", "description": "Counts every write; the ETag begins with it."},
    submitted=_MOMENT,
    updated=_MOMENT,
    claimed_by=_or_null("string"),
    seconded_by=_or_null("string", description="The first of two moderators, for retiring and merging."),
    decision={
        "anyOf": [
            record(by=_TEXT, at=_MOMENT, comment=_TEXT, slug=_or_null("string"), revision=_or_null("integer")),
            {"type": "null"},
        ]
    },
    events=listed(record(verb={"type": "string", "enum": list(VERBS)}, by=_TEXT, at=_MOMENT, comment=_TEXT)),
)
TWINS = listed(_TWIN)

PROPOSAL = Component("Proposal", _MEMBERS)
