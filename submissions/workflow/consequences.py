"""What the source of a proposal brought to its payload, besides what its author wrote (`Kind.consequences`)."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.payloads import with_present_slugs
from submissions.models import Proposal


def without_consequences(proposal: Proposal, payload: Any, base: Mapping[str, Any]) -> Any:
    """A payload made from that of a proposal, without what the source of the proposal brought: these fields are again
    as in `base` ({} for a new entry), so that they follow another source. What describes something that the author
    stated instead stays. A payload that is not an object is returned as it is."""
    kind, empty = KINDS[proposal.kind], KINDS[proposal.kind].form.empty()
    if proposal.undoes_id is not None or not kind.described_by or not isinstance(payload, Mapping):
        return payload
    before, former = {**empty, **base}, {**empty, **with_present_slugs(kind, proposal.current_payload)}
    described = {key: before[key] for keys in kind.described_by.values() for key in keys}
    brought = kind.consequences(before if base else {}, {**former, **described}, proposal.source)
    same = {key for key, value in brought.items() if former[key] == value == payload.get(key, empty[key])}
    of_stated = {key for stated in brought.keys() - same for key in kind.described_by.get(stated, ())}
    return {**payload, **{key: before[key] for key in same - of_stated}}
