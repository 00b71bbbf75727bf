"""The representation of a proposal in the API, and its schema."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from catalog.api.envelopes import api_url
from catalog.api.schema import Component, listed, record
from catalog.kinds import KINDS, kind_of
from catalog.models import Revision
from submissions.effects import Effects
from submissions.models import Event, Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.states import Status
from submissions.verbs import VERBS

RELATED = ("author", "claimed_by", "seconded_by", "decided_by")
"""The relations to select with proposals."""


def proposal_url(pk: int) -> str:
    """Return the absolute URL of a proposal in the API."""
    return f"{settings.SITE_URL}{reverse('submissions-api:proposal', args=[pk])}"


def represent(proposal: Proposal) -> dict[str, Any]:
    """Represent one proposal with its events, and what an open one to retire, merge or restore would meet."""
    events = proposal.events.select_related("actor")
    return {
        **represent_many([proposal])[0],
        "effects": _effects(ProposalReview(proposal).effects),
        "events": [_event(event) for event in events],
    }


def _effects(effects: Effects | None) -> dict[str, Any] | None:
    if effects is None:
        return None
    first = [
        {"kind": entry.kind, "slug": entry.slug, "name": entry.name, "url": api_url(kind_of(entry), entry.slug)}
        for entry in effects.referring.first
    ]
    return {
        "blocker": effects.blocker or None,
        "referring_count": effects.referring.count,
        "referring": first,
        "kept": list(effects.kept),
    }


def represent_many(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Represent proposals without their events; they must have been fetched with RELATED.

    One query for their revisions, and one for each kind with a proposed merge.
    """
    rows = list(proposals)
    revisions = Revision.objects.in_bulk([row.revision_id for row in rows if row.revision_id])
    merge_targets = _merge_target_slugs(rows)
    return [
        _proposal(row, revisions.get(row.revision_id or 0), merge_targets.get((row.kind, row.into_id))) for row in rows
    ]


def _merge_target_slugs(rows: list[Proposal]) -> dict[tuple[str, int | None], str]:
    targets: dict[tuple[str, int | None], str] = {}
    for name in {row.kind for row in rows if row.into_id}:
        ids = [row.into_id for row in rows if row.kind == name and row.into_id]
        slugs = KINDS[name].model.objects.filter(pk__in=ids).values_list("pk", "slug")
        targets |= {(name, pk): slug for pk, slug in slugs}
    return targets


def _proposal(row: Proposal, revision: Revision | None, merge_target: str | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "url": proposal_url(row.pk),
        "html_url": f"{settings.SITE_URL}{row.get_absolute_url()}",
        "kind": row.kind,
        "action": row.action,
        "status": row.status,
        "name": row.name,
        "slug": row.target_slug or None,
        "base": row.base,
        "into": merge_target,
        "fields": row.proposed_payload if row.has_payload else None,
        "additions": row.current_additions,
        "source": row.source,
        "comment": row.comment,
        "author": row.author.username,
        "batch": row.batch_id,
        "twins": row.twins,
        "version": row.version,
        "submitted": row.submitted_at.isoformat(),
        "updated": row.updated_at.isoformat(),
        "claimed_by": _username(row.claimed_by),
        "takes_two": row.takes_two,
        "seconded_by": _username(row.seconded_by),
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


def _username(user: User | None) -> str | None:
    return user.username if user else None


def _nullable(json_type: str, **more: Any) -> dict[str, Any]:
    return {"type": [json_type, "null"], **more}


_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_TIME = {"type": "string", "format": "date-time"}
_URL = {"type": "string", "format": "uri"}
_DUPLICATE = record(
    slug=_TEXT, name=_TEXT, url=_TEXT, reason=_TEXT, strength={"type": "string", "enum": ["certain", "likely"]}
)

_MEMBERS = record(
    ("effects", "events"),
    id=_NUMBER,
    url=_URL,
    html_url=_URL,
    kind={"type": "string", "enum": list(KINDS)},
    action={"type": "string", "enum": ProposalAction.values},
    status={"type": "string", "enum": Status.values},
    name=_TEXT,
    slug=_nullable("string", description="The entry that it is about; null for a new one."),
    base=_nullable("integer", description="The revision of that entry that the author saw."),
    into=_nullable("string", description="For a merge: the entry that stays."),
    fields=_nullable("object", description="The whole payload; null where the action has none."),
    additions={
        "type": "object",
        "description": "Rows that other entries are to list, by the field that names something new there.",
    },
    source=_TEXT,
    comment=_TEXT,
    author=_TEXT,
    batch=_nullable("integer"),
    twins=listed(_DUPLICATE),
    version={"type": "integer", "description": "Counts every write; the ETag begins with it."},
    submitted=_TIME,
    updated=_TIME,
    claimed_by=_nullable("string"),
    takes_two={"type": "boolean", "description": "Whether two moderators have to agree."},
    seconded_by=_nullable("string", description="The first of two moderators, where it takes two."),
    decision={
        "anyOf": [
            record(by=_TEXT, at=_TIME, comment=_TEXT, slug=_nullable("string"), revision=_nullable("integer")),
            {"type": "null"},
        ]
    },
    effects={
        "description": "What an open proposal to retire, merge or restore would meet now; null for others.",
        "anyOf": [
            record(
                blocker=_nullable("string", description="Why it cannot be done now."),
                referring_count={
                    "type": "integer",
                    "description": "How many entries refer to it: they keep it from being retired, and would refer to "
                    "the entry that stays after a merge, or to the restored one again.",
                },
                referring=listed(record(kind=_TEXT, slug=_TEXT, name=_TEXT, url=_URL)),
                kept=listed(
                    {**_TEXT, "description": "A reference that was changed since the merge and does not go back."}
                ),
            ),
            {"type": "null"},
        ],
    },
    events=listed(record(verb={"type": "string", "enum": list(VERBS)}, by=_TEXT, at=_TIME, comment=_TEXT)),
)
DUPLICATES = listed(_DUPLICATE)

PROPOSAL = Component("Proposal", _MEMBERS)
