"""The moderator's verbs: claim, release, request changes, approve, reject; and rebase."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.forms.payload import payload_errors
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
from submissions.models import ACTIONS_WITH_BASE, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import APPROVE, CLAIM, REBASE, REJECT, RELEASE, REQUEST_CHANGES, SECOND
from submissions.workflow.errors import Conflict, Invalid, NotAllowed, StaleProposal
from submissions.workflow.submitting import clean_text, payload_at_revision, require_text
from submissions.workflow.transitions import conflict_message, log_event, performs, permit, transition


@performs(CLAIM)
def claim(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Show other moderators that one is reviewing it; they can still decide."""
    permit(CLAIM, actor, proposal)
    fresh = transition(proposal, CLAIM, version, claimed_by=actor)
    log_event(fresh, CLAIM, actor)
    return fresh


@performs(RELEASE)
def release(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Undo a claim."""
    permit(RELEASE, actor, proposal)
    fresh = transition(proposal, RELEASE, version, claimed_by=None)
    log_event(fresh, RELEASE, actor)
    return fresh


@performs(REQUEST_CHANGES)
def request_changes(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Send it back to its author, with a reason."""
    permit(REQUEST_CHANGES, actor, proposal)
    reason = require_text(reason, "reason", "Say what is to be changed.")
    fresh = transition(proposal, REQUEST_CHANGES, version, claimed_by=None)
    log_event(fresh, REQUEST_CHANGES, actor, reason)
    return fresh


@performs(REJECT)
def reject(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Reject it, with a reason."""
    permit(REJECT, actor, proposal)
    reason = require_text(reason, "reason", "Say why it is rejected.")
    decided = {"decided_by": actor, "decided_at": timezone.now(), "decision": reason}
    fresh = transition(proposal, REJECT, version, claimed_by=None, **decided)
    log_event(fresh, REJECT, actor, reason)
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
    """Publish it. With `fields`, only its changes to those fields; with `payload`, as edited by the moderator, who saw
    the live entry at revision `base`.

    Retiring and merging need two moderators: the first approval is an agreement, and the proposal stays in the queue.
    Raises NotAllowed, Conflict (StaleProposal if the live entry has changed since), or Invalid.
    """
    permit(APPROVE, actor, proposal)
    comment = clean_text(comment, "comment")
    taken = transition(proposal, APPROVE, version, status=Status.PENDING)  # approved once it is published
    if rules.has_agreed(actor, taken):
        raise NotAllowed("You have agreed already; this needs a second moderator.")
    if rules.needs_second_approval(taken):
        return _record_agreement(taken, actor, comment)
    taken.base = base or taken.base
    if payload is not None:
        taken.comment = _ledger_comment(taken, actor, payload)
    elif fields is not None:
        payload = _partial_payload(taken, fields)
    revision = _publish_proposal(taken, actor, taken.proposed_payload if payload is None else payload)
    return _record_approval(taken, actor, comment, revision)


def _record_agreement(taken: Proposal, actor: User, comment: str) -> Proposal:
    """Record the first of two approvals; the proposal stays in the queue."""
    Proposal.objects.filter(pk=taken.pk).update(seconded_by=actor, claimed_by=None)
    log_event(taken, SECOND, actor, comment)
    return Proposal.objects.get(pk=taken.pk)


def _record_approval(taken: Proposal, actor: User, comment: str, revision: Revision | None) -> Proposal:
    """Record the approval, and which fields were published differently than proposed."""
    Proposal.objects.filter(pk=taken.pk).update(
        status=APPROVE.moves[Status.PENDING],
        decided_by=actor,
        decided_at=revision.at if revision else timezone.now(),
        decision=comment,
        revision_id=revision.pk if revision else None,
        claimed_by=None,
    )
    note = _differences_note(taken, revision) if revision else ""
    log_event(taken, APPROVE, actor, "\n\n".join(filter(None, [comment, note])))
    return Proposal.objects.get(pk=taken.pk)


@performs(REBASE)
def rebase(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Apply the proposal's changes to the present live entry. Raises Conflict with the names of colliding fields, and
    Invalid if its payload is damaged.

    An agreement to retire or merge lapses, because it was about the former base.
    """
    if not rules.can_rebase(actor, proposal):
        raise NotAllowed(conflict_message(proposal.pk, REBASE))
    if proposal.action not in ACTIONS_WITH_BASE:
        raise Conflict("This proposal cannot be brought up to date: it is not made from the live entry.")
    entry = _get_live_entry(proposal)
    if entry.revision == proposal.base:
        raise Conflict("This proposal is up to date.")
    payload = _rebased_payload(proposal, entry) if proposal.action == ProposalAction.EDIT else {}
    fresh = transition(proposal, REBASE, version, base=entry.revision, payload=payload, seconded_by=None)
    note = f"From revision {proposal.base} to {entry.revision}."
    log_event(fresh, REBASE, actor, note, payload={"payload": proposal.payload, "base": proposal.base})
    return fresh


def _rebased_payload(proposal: Proposal, entry: Entry) -> dict[str, Any]:
    kind = KINDS[proposal.kind]
    _require_readable(proposal)
    base = payload_at_revision(kind, entry.pk, proposal.base or 0)
    proposed, live = with_present_slugs(kind, proposal.current_payload), kind.dump(entry)
    rebased = diff.rebased(base, proposed, live)
    if rebased is None:
        fields = [row.field for row in diff.three_way_diff(base, proposed, live) if row.state == diff.COLLIDES]
        raise Conflict(f"Both changed {', '.join(fields)}: decide by hand which value stands.")
    return rebased


def _publish_proposal(proposal: Proposal, actor: User, payload: Mapping[str, Any]) -> Revision | None:
    """Publish the proposal and return its revision, None for a flag. Raises what `approve` raises."""
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
            return publish(kind=kind, payload=payload, trace=trace, entry=_get_live_entry(proposal), base=base)
        case ProposalAction.RETIRE:
            return retire(entry=_get_live_entry(proposal), trace=trace, base=base)
        case ProposalAction.RESTORE:
            return restore(kind=kind, entry_id=proposal.target_id or 0, trace=replace(trace, source=""), base=base)
        case ProposalAction.MERGE:
            merge_target = kind.model.objects.filter(pk=proposal.into_id).first()
            if merge_target is None:
                raise PublishingError("The entry that was to stay is not in the catalogue any more.")
            return merge(entry=_get_live_entry(proposal), into=merge_target, trace=trace, base=base)
    return None


def _get_live_entry(proposal: Proposal) -> Entry:
    entry: Entry | None = KINDS[proposal.kind].model.objects.with_references().filter(pk=proposal.target_id).first()
    if entry is None:
        raise Conflict("The entry is not in the catalogue any more.")
    return entry


def _partial_payload(proposal: Proposal, fields: set[str]) -> dict[str, Any]:
    if proposal.action != ProposalAction.EDIT:
        raise Invalid({"fields": ["Only an edit can be approved in part."]})
    kind = KINDS[proposal.kind]
    _require_readable(proposal)
    entry = _get_live_entry(proposal)
    if entry.revision != proposal.base:
        raise StaleProposal(proposal.base or 0, entry.revision)
    proposed, live = with_present_slugs(kind, proposal.current_payload), kind.dump(entry)
    if not fields & {change.field for change in diff.three_way_diff(live, proposed, live)}:
        raise Invalid({"fields": ["Pick at least one field that the proposal changes."]})
    return diff.pick_fields(proposed, live, fields)


def _require_readable(proposal: Proposal) -> None:
    """Raise Invalid if the stored payload is damaged or has a key that the kind never had: taking over some of its
    fields would lose the others unseen."""
    if errors := payload_errors(KINDS[proposal.kind].form, proposal.proposed_payload):
        raise Invalid(errors)


def _ledger_comment(proposal: Proposal, actor: User, payload: Mapping[str, Any]) -> str:
    """The proposal's comment for the ledger, with the fields that the moderator edited."""
    edited = [key for key, value in proposal.current_payload.items() if payload.get(key, value) != value]
    note = f"Edited in review by {actor}: {', '.join(edited)}." if edited else ""
    return "\n\n".join(filter(None, [proposal.comment, note]))


def _differences_note(proposal: Proposal, revision: Revision) -> str:
    """A sentence for the author: which fields were published differently than proposed."""
    if not proposal.has_payload:
        return ""
    proposed = with_present_slugs(KINDS[proposal.kind], proposal.current_payload)
    published = payload_of(revision)
    other = [key for key, value in proposed.items() if published.get(key) != value]
    return f"Published otherwise than proposed: {', '.join(other)}." if other else ""
