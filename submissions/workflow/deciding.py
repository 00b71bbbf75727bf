"""The moderator's verbs: claim, release, request changes, approve, reject; and bringing an edit up to date."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.kinds import KINDS
from catalog.ledger.payloads import payload_of, with_present_slugs
from catalog.ledger.publishing import (
    NothingChanged,
    PayloadError,
    PublishingError,
    StaleBase,
    merge,
    publish,
    restore,
    retire,
)
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from submissions import diff, rules
from submissions.models import WITH_BASE, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import APPROVE, CLAIM, REBASE, REJECT, RELEASE, REQUEST_CHANGES, SECOND
from submissions.workflow.errors import Conflict, Invalid, NotAllowed, StaleProposal
from submissions.workflow.record import log, performs, permit, take, what_happened
from submissions.workflow.submitting import needed, optional, snapshot_at


@performs(CLAIM)
def claim(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Tell the other moderators that one is looking at it; it holds nobody off from deciding."""
    permit(CLAIM, actor, proposal)
    fresh = take(proposal, CLAIM, version, claimed_by=actor)
    log(fresh, CLAIM, actor)
    return fresh


@performs(RELEASE)
def release(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Give it back to the queue."""
    permit(RELEASE, actor, proposal)
    fresh = take(proposal, RELEASE, version, claimed_by=None)
    log(fresh, RELEASE, actor)
    return fresh


@performs(REQUEST_CHANGES)
def request_changes(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Hand it back to its author, with what is to be changed."""
    permit(REQUEST_CHANGES, actor, proposal)
    reason = needed(reason, "reason", "Say what is to be changed.")
    fresh = take(proposal, REQUEST_CHANGES, version, claimed_by=None)
    log(fresh, REQUEST_CHANGES, actor, reason)
    return fresh


@performs(REJECT)
def reject(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Refuse it, with a reason."""
    permit(REJECT, actor, proposal)
    reason = needed(reason, "reason", "Say why it is rejected.")
    decided = {"decided_by": actor, "decided_at": timezone.now(), "decision": reason}
    fresh = take(proposal, REJECT, version, claimed_by=None, **decided)
    log(fresh, REJECT, actor, reason)
    return fresh


@performs(APPROVE)
def approve(
    *,
    proposal: Proposal,
    actor: User,
    version: int | None = None,
    fields: set[str] | None = None,
    payload: Mapping[str, Any] | None = None,
    base: int | None = None,
    comment: str = "",
) -> Proposal:
    """Publish it. With `fields`, only what it changes in those; with `payload`, as the moderator edited it, seeing
    the live entry at revision `base`.

    Retiring and merging take two moderators: the first approval only agrees, and the proposal stays in the queue.
    Raises NotAllowed, Conflict (StaleProposal where the live entry moved on), or Invalid.
    """
    permit(APPROVE, actor, proposal)
    comment = optional(comment, "reason")
    taken = take(proposal, APPROVE, version, status=Status.PENDING)  # approved once it is published
    if rules.has_agreed(actor, taken):
        raise NotAllowed("You have agreed already; this needs a second moderator.")
    if rules.needs_a_second(taken):
        return _record_agreement(taken, actor, comment)
    taken.base = base or taken.base
    if payload is not None:
        taken.comment = _with_editor(taken, actor, payload)
    elif fields is not None:
        payload = _part_of(taken, fields)
    revision = _publish_proposal(taken, actor, taken.current_payload if payload is None else payload)
    return _record_approval(taken, actor, comment, revision)


def _record_agreement(taken: Proposal, actor: User, comment: str) -> Proposal:
    """The first of two approvals: the proposal stays in the queue."""
    Proposal.objects.filter(pk=taken.pk).update(seconded_by=actor, claimed_by=None)
    log(taken, SECOND, actor, comment)
    return Proposal.objects.get(pk=taken.pk)


def _record_approval(taken: Proposal, actor: User, comment: str, revision: Revision | None) -> Proposal:
    """Write down that it is approved, and what was published otherwise than proposed."""
    Proposal.objects.filter(pk=taken.pk).update(
        status=APPROVE.moves[Status.PENDING],
        decided_by=actor,
        decided_at=revision.at if revision else timezone.now(),
        decision=comment,
        revision_id=revision.pk if revision else None,
        claimed_by=None,
    )
    note = _what_differs(taken, revision) if revision else ""
    log(taken, APPROVE, actor, "\n\n".join(filter(None, [comment, note])))
    return Proposal.objects.get(pk=taken.pk)


@performs(REBASE)
def rebase(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Make the proposal's changes on the live entry as it is now. Conflict names the fields where both changed.

    A first moderator's agreement to retire or to merge was to the entry as it was, and lapses.
    """
    if not rules.can_rebase(actor, proposal):
        raise NotAllowed(what_happened(proposal.pk, REBASE))
    if proposal.action not in WITH_BASE:
        raise Conflict("This proposal cannot be brought up to date: it is not made from the live entry.")
    entry = _live(proposal)
    if entry.revision == proposal.base:
        raise Conflict("This proposal is up to date.")
    payload = _rebased(proposal, entry) if proposal.action == ProposalAction.EDIT else {}
    fresh = take(proposal, REBASE, version, base=entry.revision, payload=payload, seconded_by=None)
    note = f"From revision {proposal.base} to {entry.revision}."
    log(fresh, REBASE, actor, note, payload={"payload": proposal.payload, "base": proposal.base})
    return fresh


def _rebased(proposal: Proposal, entry: Entry) -> dict[str, Any]:
    kind = KINDS[proposal.kind]
    base = snapshot_at(kind, entry.pk, proposal.base or 0)
    proposed, live = with_present_slugs(kind, proposal.current_payload), kind.dump(entry)
    joined = diff.rebased(base, proposed, live)
    if joined is None:
        fields = [row.field for row in diff.three_way(base, proposed, live) if row.state == diff.COLLIDES]
        raise Conflict(f"Both changed {', '.join(fields)}: decide by hand which value stands.")
    return joined


def _publish_proposal(proposal: Proposal, actor: User, payload: Mapping[str, Any]) -> Revision | None:
    """Publish what the proposal asks for: the revision it became, none for a flag. Raises what `approve` raises."""
    try:
        return _change_catalogue(proposal, actor, payload)
    except StaleBase as error:
        raise StaleProposal(error.base, error.live) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict("The live entry says this already: reject the proposal as done.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error


def _change_catalogue(proposal: Proposal, actor: User, payload: Mapping[str, Any]) -> Revision | None:
    kind = KINDS[proposal.kind]
    trace = Trace(proposal.author, actor, proposal.source, proposal.comment)
    base = proposal.base
    match proposal.action:
        case ProposalAction.CREATE:
            return publish(kind=kind, payload=payload, trace=trace)
        case ProposalAction.EDIT:
            return publish(kind=kind, payload=payload, trace=trace, entry=_live(proposal), base=base)
        case ProposalAction.RETIRE:
            return retire(entry=_live(proposal), trace=trace, base=base)
        case ProposalAction.RESTORE:
            return restore(kind=kind, entry_id=proposal.target_id or 0, trace=replace(trace, source=""), base=base)
        case ProposalAction.MERGE:
            heir = kind.model.objects.filter(pk=proposal.into_id).first()
            if heir is None:
                raise PublishingError("The entry that was to stay is not in the catalogue any more.")
            return merge(entry=_live(proposal), into=heir, trace=trace, base=base)
    return None


def _live(proposal: Proposal) -> Entry:
    found: Entry | None = KINDS[proposal.kind].model.objects.with_references().filter(pk=proposal.target_id).first()
    if found is None:
        raise Conflict("The entry is not in the catalogue any more.")
    return found


def _part_of(proposal: Proposal, fields: set[str]) -> dict[str, Any]:
    if proposal.action != ProposalAction.EDIT:
        raise Invalid({"fields": ["Only an edit can be approved in part."]})
    kind = KINDS[proposal.kind]
    entry = _live(proposal)
    if entry.revision != proposal.base:
        raise StaleProposal(proposal.base or 0, entry.revision)
    proposed, live = with_present_slugs(kind, proposal.current_payload), kind.dump(entry)
    if not fields & {change.field for change in diff.three_way(live, proposed, live)}:
        raise Invalid({"fields": ["Pick at least one field that the proposal changes."]})
    return diff.only(proposed, live, fields)


def _with_editor(proposal: Proposal, actor: User, payload: Mapping[str, Any]) -> str:
    """The proposal's comment for the ledger, with who put in what its author did not propose."""
    edited = [key for key, value in proposal.current_payload.items() if payload.get(key, value) != value]
    note = f"Edited in review by {actor}: {', '.join(edited)}." if edited else ""
    return "\n\n".join(filter(None, [proposal.comment, note]))


def _what_differs(proposal: Proposal, revision: Revision) -> str:
    """The fields that were published otherwise than proposed, for the author to know."""
    if not proposal.has_payload:
        return ""
    proposed = with_present_slugs(KINDS[proposal.kind], proposal.current_payload)
    published = payload_of(revision)
    other = [key for key, value in proposed.items() if published[key] != value]
    return f"Published otherwise than proposed: {', '.join(other)}." if other else ""
