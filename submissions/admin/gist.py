"""What a proposal is about, in a line of the queue."""

import operator
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q

from catalog.kinds import KINDS
from catalog.ledger.payloads import payload_of
from catalog.models import Revision
from submissions.models import Proposal, ProposalAction

MOST_FIELDS = 6


def gists(proposals: Sequence[Proposal]) -> dict[int, str]:
    """A line for each, by primary key, in one query: what a new entry says first, which fields an edit changes, the
    author's words for the rest."""
    bases = _bases([one for one in proposals if one.action == ProposalAction.EDIT])
    return {one.pk: _gist(one, bases) for one in proposals}


Key = tuple[str, int, int]


def _bases(edits: Sequence[Proposal]) -> dict[Key, Mapping[str, Any]]:
    """The payloads that edits start from."""
    if not edits:
        return {}
    wanted = [Q(kind=one.kind, entry_id=one.target_id, number=one.base) for one in edits]
    rows = Revision.objects.filter(reduce(operator.or_, wanted))
    return {(row.kind, row.entry_id, row.number): payload_of(row) for row in rows}


def _gist(proposal: Proposal, bases: Mapping[Key, Mapping[str, Any]]) -> str:
    if proposal.action == ProposalAction.CREATE:
        return _first_words(proposal)
    if proposal.action != ProposalAction.EDIT:
        return proposal.comment
    base = bases.get((proposal.kind, proposal.target_id or 0, proposal.base or 0), {})
    kind = KINDS[proposal.kind]
    labels = [kind.label_of(key) for key, value in proposal.current_payload.items() if value != base.get(key)]
    more = f" and {len(labels) - MOST_FIELDS} more" if len(labels) > MOST_FIELDS else ""
    return f"{', '.join(labels[:MOST_FIELDS])}{more}"


def _first_words(proposal: Proposal) -> str:
    payload = proposal.current_payload
    said = [str(payload[key]) for key in KINDS[proposal.kind].summary_keys if payload.get(key)]
    said += [urlsplit(link["url"]).netloc for link in payload.get("links", [])[:2]]
    said = [part for part in said if part != proposal.name]
    return " · ".join(said) or str(payload.get("summary", ""))
