"""Add an author's proposals to the queue, leaving out those that are open already."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Q

from catalog.kinds import KINDS, Kind
from catalog.ledger.identity import entries_by_key
from catalog.ledger.payloads import as_object
from submissions.intake.duplicates import find_duplicates, lookup_keys
from submissions.models import Event, Proposal, ProposalAction
from submissions.states import OPEN
from submissions.verbs import SUBMIT
from submissions.workflow.errors import AlreadyProposed

CANDIDATES_PER_DRAFT = 50
"""How many open proposals are compared with each new one."""


def add_to_queue(drafts: list[Proposal]) -> list[AlreadyProposed | None]:
    """Save the drafts of one author, who is locked, with their likely duplicates and an event each.

    A draft that equals an open proposal of the author, or an earlier draft in the list, is not saved: the returned list
    has an error at its index, and None for the others. Only similar names cost queries for each draft.
    """
    repeated = _equal_open_proposals(drafts)
    fresh = [draft for draft, same in zip(drafts, repeated, strict=True) if same is None]
    for draft, duplicates in zip(fresh, _duplicates_of_each(fresh), strict=True):
        draft.twins = duplicates
    Proposal.objects.bulk_create(fresh)
    Event.objects.bulk_create(
        Event(proposal=draft, verb=SUBMIT.name, actor_id=draft.author_id, comment=draft.comment, at=draft.submitted_at)
        for draft in fresh
    )
    return [None if same is None else AlreadyProposed(same.pk) for same in repeated]


def likely_duplicates(
    kind: Kind, action: str, payload: Mapping[str, Any], known_entries: Mapping[str, list[int]] | None = None
) -> list[dict[str, Any]]:
    """The entries that a new entry may duplicate, as JSON; [] for other actions. `known_entries` saves a query."""
    return (
        [asdict(duplicate) for duplicate in find_duplicates(kind, payload, known_entries=known_entries)]
        if action == ProposalAction.CREATE
        else []
    )


def _equal_open_proposals(drafts: list[Proposal]) -> list[Proposal | None]:
    """For each draft, the author's newest equal open proposal or an equal draft earlier in the list, else None."""
    # equal proposals have the same name, or the same target (which may have been renamed since)
    may_be_equal = Q(name__in={draft.name for draft in drafts if draft.target_id is None}) | Q(
        target_id__in={draft.target_id for draft in drafts if draft.target_id is not None}
    )
    rows = Proposal.objects.filter(may_be_equal, author__in={draft.author_id for draft in drafts}, status__in=OPEN)
    rows = rows.only("kind", "action", "target_id", "into_id", "comment", "payload", "additions").order_by("-pk")
    known: dict[tuple[Any, ...], list[tuple[Proposal, Any, Any]]] = {}
    for row in rows[: CANDIDATES_PER_DRAFT * len(drafts)]:
        payload = row.proposed_payload
        known.setdefault(_identity_key(row, payload), []).append((row, payload, row.additions))
    equal = []
    for draft in drafts:
        candidates = known.setdefault(_identity_key(draft, draft.payload), [])
        said = (draft.payload, draft.additions)
        same = next((row for row, *says in candidates if tuple(says) == said), None)
        equal.append(same)
        if same is None:
            candidates.append((draft, *said))
    return equal


def _identity_key(proposal: Proposal, payload: Any) -> tuple[Any, ...]:
    """What tells proposals apart besides the payload: of a merge also the merge target, of a flag its comment."""
    action, into = str(proposal.action), proposal.into_id
    words = proposal.comment if action == ProposalAction.FLAG else ""
    return proposal.kind, action, proposal.target_id, into, words, str(as_object(payload).get("name"))


def _duplicates_of_each(drafts: list[Proposal]) -> list[list[dict[str, Any]]]:
    """The likely duplicates of each draft; the entries that share a key are read in one query for each kind."""
    keys: dict[str, set[str]] = {}
    for draft in drafts:
        if draft.action == ProposalAction.CREATE:
            keys.setdefault(draft.kind, set()).update(lookup_keys(KINDS[draft.kind], draft.payload))
    known_entries = {kind: entries_by_key(KINDS[kind], kind_keys) for kind, kind_keys in keys.items()}
    return [
        likely_duplicates(KINDS[draft.kind], draft.action, draft.payload, known_entries.get(draft.kind))
        for draft in drafts
    ]
