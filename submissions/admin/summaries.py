"""One-line summaries of proposals for the queue."""

import operator
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from django.db.models import Q

from catalog.kinds import KINDS
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Revision
from catalog.text.addresses import host_of
from submissions.models import Proposal, ProposalAction

MAX_FIELDS = 6


def summaries(proposals: Sequence[Proposal]) -> dict[int, str]:
    """A summary of each proposal by primary key, in one query.

    A new entry is summarised by its main values, an edit by the fields it changes, any other action by its comment.
    """
    bases = _base_payloads([proposal for proposal in proposals if proposal.action == ProposalAction.EDIT])
    return {proposal.pk: _summary(proposal, bases) for proposal in proposals}


RevisionKey = tuple[str, int, int]


def _base_payloads(edits: Sequence[Proposal]) -> dict[RevisionKey, Mapping[str, Any]]:
    """The payloads of the base revisions of edits."""
    if not edits:
        return {}
    conditions = [Q(kind=edit.kind, entry_id=edit.target_id, number=edit.base) for edit in edits]
    rows = Revision.objects.filter(reduce(operator.or_, conditions))
    return {(row.kind, row.entry_id, row.number): as_object(payload_of(row)) for row in rows}


def _summary(proposal: Proposal, bases: Mapping[RevisionKey, Mapping[str, Any]]) -> str:
    if proposal.action == ProposalAction.CREATE:
        return _create_summary(proposal)
    if proposal.action != ProposalAction.EDIT:
        return proposal.comment
    base = bases.get((proposal.kind, proposal.target_id or 0, proposal.base or 0), {})
    kind = KINDS[proposal.kind]
    labels = [kind.label_of(key) for key, value in proposal.current_payload.items() if value != base.get(key)]
    more = f" and {len(labels) - MAX_FIELDS} more" if len(labels) > MAX_FIELDS else ""
    return f"{', '.join(labels[:MAX_FIELDS])}{more}"


def _create_summary(proposal: Proposal) -> str:
    payload = proposal.current_payload
    parts = [str(payload[key]) for key in KINDS[proposal.kind].summary_keys if payload.get(key)]
    if not KINDS[proposal.kind].form.base_fields["links"].type_errors(payload.get("links")):
        parts += [host_of(link["url"]) for link in payload["links"][:2]]
    parts = [part for part in parts if part != proposal.name]
    return " · ".join(parts) or str(payload.get("summary", ""))
