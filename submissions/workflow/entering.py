"""How proposals of an author get into the queue: what is there already, what each may double, the rows."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Q

from accounts.models import User
from catalog.kinds import KINDS, Kind
from submissions.intake.duplicates import holders, likely
from submissions.models import Event, Proposal, ProposalAction
from submissions.states import OPEN
from submissions.verbs import SUBMIT
from submissions.workflow.errors import AlreadyProposed

LOOKED_AT = 50
"""Open proposals, for each that comes in, that are looked at for the same."""


def take_turn(author: User) -> None:
    """Let one account submit one thing at a time, so that the same sent twice at once is seen to be the same."""
    User.objects.select_for_update(no_key=True).filter(pk=author.pk).values_list("pk").first()


def enter(drafts: list[Proposal]) -> list[AlreadyProposed | None]:
    """Save drafts of one author with their twins and an event each; where the author has the same open already, also
    from earlier in the list, that one is left out and the error says so.

    The number of queries depends on the drafts only where names look alike.
    """
    earlier = _the_same(drafts)
    fresh = [draft for draft, same in zip(drafts, earlier, strict=True) if same is None]
    for draft, twins in zip(fresh, _twins(fresh), strict=True):
        draft.twins = twins
    Proposal.objects.bulk_create(fresh)
    Event.objects.bulk_create(
        Event(proposal=draft, verb=SUBMIT.name, actor_id=draft.author_id, comment=draft.comment, at=draft.submitted_at)
        for draft in fresh
    )
    return [None if same is None else AlreadyProposed(same.pk) for same in earlier]


def twins_of(
    kind: Kind, action: str, payload: Mapping[str, Any], held: Mapping[str, list[int]] | None = None
) -> list[dict[str, Any]]:
    """What a new entry may double, for the moderator to see; `held` gives the entries by key where they are known."""
    return [asdict(twin) for twin in likely(kind, payload, held=held)] if action == ProposalAction.CREATE else []


def _the_same(drafts: list[Proposal]) -> list[Proposal | None]:
    """For each draft the author's newest open proposal that is equal, or an equal one before it in the list."""
    # what is equal has an equal name, or the same target, which may have been renamed since
    alike = Q(name__in={draft.name for draft in drafts if draft.target_id is None}) | Q(
        target_id__in={draft.target_id for draft in drafts if draft.target_id is not None}
    )
    rows = Proposal.objects.filter(alike, author__in={draft.author_id for draft in drafts}, status__in=OPEN)
    rows = rows.only("kind", "action", "target_id", "payload").order_by("-pk")
    known: dict[tuple[Any, ...], list[Proposal]] = {}
    for row in rows[: LOOKED_AT * len(drafts)]:
        known.setdefault(_about(row), []).append(row)
    found = []
    for draft in drafts:
        candidates = known.setdefault(_about(draft), [])
        same = next((row for row in candidates if row.payload == draft.payload), None)
        found.append(same)
        if same is None:
            candidates.append(draft)
    return found


def _about(proposal: Proposal) -> tuple[Any, ...]:
    return proposal.kind, str(proposal.action), proposal.target_id, proposal.payload.get("name")


def _twins(drafts: list[Proposal]) -> list[list[dict[str, Any]]]:
    """The twins of each draft, the holders of all their keys read at once."""
    keys: dict[str, set[str]] = {}
    for draft in drafts:
        if draft.action == ProposalAction.CREATE:
            keys.setdefault(draft.kind, set()).update(KINDS[draft.kind].keys(draft.payload))
    held = {kind: holders(KINDS[kind], wanted) for kind, wanted in keys.items()}
    return [twins_of(KINDS[draft.kind], draft.action, draft.payload, held.get(draft.kind)) for draft in drafts]
