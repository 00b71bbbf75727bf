"""The moderator's verbs: claim, release, request changes, approve, reject; and rebase."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS
from catalog.ledger.blame import sources_after
from catalog.ledger.merges import MAX_REFERENCES
from catalog.ledger.payloads import as_object, current_payload_of, with_present_slugs
from catalog.ledger.publishing import (
    NothingChanged,
    PayloadError,
    PublishingError,
    StaleBase,
    bound_form,
    merge,
    publish,
    restore,
    retire,
)
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from catalog.reading.sources import source_rows
from submissions import diff, rules
from submissions.models import ACTIONS_WITH_BASE, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import APPROVE, CLAIM, REBASE, REBASERS, REJECT, RELEASE, REQUEST_CHANGES, SECOND
from submissions.workflow.additions import publish_additions
from submissions.workflow.errors import Conflict, Invalid, NotAllowed, StaleProposal
from submissions.workflow.moderators_fields import (
    as_present,
    as_published,
    completed,
    recomputed,
    refuse_others,
)
from submissions.workflow.picking import field_errors, with_described
from submissions.workflow.submitting import clean_text, payload_at_revision, require_text
from submissions.workflow.transitions import conflict_message, log_event, performs, permit, transition
from submissions.workflow.undoing import kept_note, log_undoing


@performs(CLAIM)
def claim(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Show other moderators that one is reviewing it; they can still decide. Claiming it again changes nothing."""
    permit(CLAIM, actor, proposal)
    if rules.has_claimed(actor, proposal) and _is_still(proposal, version, claimed_by=actor):
        return proposal
    fresh = transition(proposal, CLAIM, version, claimed_by=actor)
    log_event(fresh, CLAIM, actor)
    return fresh


@performs(RELEASE)
def release(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Undo a claim. Where nobody has claimed it, nothing changes."""
    permit(RELEASE, actor, proposal)
    if proposal.claimed_by_id is None and _is_still(proposal, version, claimed_by=None):
        return proposal
    fresh = transition(proposal, RELEASE, version, claimed_by=None)
    log_event(fresh, RELEASE, actor)
    return fresh


def _is_still(proposal: Proposal, version: int | None, **state: Any) -> bool:
    """Whether it is pending, at the version that was seen, and in this state."""
    seen = proposal.version if version is None else version
    return Proposal.objects.pending().filter(pk=proposal.pk, version=seen, **state).exists()


@performs(REQUEST_CHANGES)
def request_changes(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Send a proposal back to its author, with a reason. Raises Conflict if it has nothing that they could revise."""
    permit(REQUEST_CHANGES, actor, proposal)
    reason = require_text(reason, "reason", "Say what is to be changed.")
    if proposal.status in REQUEST_CHANGES.moves and not proposal.has_payload:
        raise Conflict("There is nothing to revise in this proposal: comment, or reject it.")
    fresh = transition(proposal, REQUEST_CHANGES, version, claimed_by=None)
    log_event(fresh, REQUEST_CHANGES, actor, reason)
    return fresh


@performs(REJECT)
def reject(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Reject a proposal, with a reason."""
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
    """Publish a proposal. With `fields`, only its changes to those fields and to what describes them
    (`Kind.described_by`); with `payload`, as edited by the moderator, who saw the live entry at revision `base`. What
    it adds to other entries, as far as these values name it, is published first.

    What takes two moderators (`rules.needs_second_approval`) stays in the queue after the first approval, which is an
    agreement to all of it. Raises NotAllowed, Conflict (StaleProposal if the live entry has changed since), or Invalid.
    """
    permit(APPROVE, actor, proposal)
    comment = clean_text(comment, "comment")
    fresh = transition(proposal, APPROVE, version, status=Status.PENDING)  # approved once it is published
    if rules.has_agreed(actor, fresh):
        raise NotAllowed("You have agreed already; this needs a second moderator.")
    if fields is not None and fresh.action != ProposalAction.EDIT:
        raise Invalid({"fields": ["Only an edit can be approved in part."]})
    if payload is not None and not fresh.has_payload:
        raise Invalid({"patch": ["This proposal has no fields to edit."]})
    if payload is None and fields is None and _needs_second_approval(fresh):
        return _record_agreement(fresh, actor, comment)
    edited: Mapping[str, Any] = {}
    given, as_given = payload, payload is not None or fresh.undoes_id is not None
    if given is None and fields is not None:
        payload = _partial_payload(fresh, fields)
    additions = publish_additions(fresh, fresh.current_payload if payload is None else payload, actor)
    if given is not None:
        payload, edited = _edited_payload(fresh, given)
    if payload is not None:
        _refuse_replacing_alone(fresh, payload)
    base = fresh.base if base is None else base
    trace = _trace(fresh, actor, fresh.seconded_by if payload is None else None, edited)
    payload = as_published(fresh, fresh.proposed_payload) if payload is None else payload
    revision = _publish_proposal(fresh, trace, payload, base, as_given=as_given)
    return _record_approval(fresh, actor, comment, revision, additions)


def _needs_second_approval(proposal: Proposal) -> bool:
    """Whether this approval of all of a proposal is the first of two. What an edit replaces is asked of the live entry;
    `replaces_entry`, for the queue, is as old as the proposal."""
    if not proposal.replaces_entry:
        proposal.replaces_entry = _replaces_live_entry(proposal, proposal.proposed_payload)
    return rules.needs_second_approval(proposal)


def _replaces_live_entry(proposal: Proposal, payload: Any) -> bool:
    """Whether it is an edit that, with this payload, leaves next to nothing of the live entry."""
    kind = KINDS[proposal.kind]
    if proposal.action != ProposalAction.EDIT or payload_errors(kind.form, payload):
        return False  # publishing refuses what cannot be read
    return rules.replaces_entry(kind.dump(_get_live_entry(proposal)), with_present_slugs(kind, payload))


def _refuse_replacing_alone(proposal: Proposal, payload: Mapping[str, Any]) -> None:
    """Raise Conflict if an edit, as one moderator would publish it, replaces the entry: two have to agree to that."""
    if _replaces_live_entry(proposal, payload):
        raise Conflict(
            "This leaves next to nothing of the entry, so two moderators have to agree to the same: ask the author to "
            "change it, or propose the edit yourself."
        )


def _record_agreement(proposal: Proposal, actor: User, comment: str) -> Proposal:
    """Record the first of two approvals; the proposal stays in the queue."""
    Proposal.objects.filter(pk=proposal.pk).update(
        seconded_by=actor, claimed_by=None, replaces_entry=proposal.replaces_entry
    )
    log_event(proposal, SECOND, actor, comment)
    return Proposal.objects.get(pk=proposal.pk)


def _record_approval(
    proposal: Proposal, actor: User, comment: str, revision: Revision | None, additions: list[Revision]
) -> Proposal:
    """Record the approval, which fields were published differently than proposed, and the edits of other entries that
    went with it."""
    Proposal.objects.filter(pk=proposal.pk).update(
        status=APPROVE.moves[Status.PENDING],
        decided_by=actor,
        decided_at=revision.at if revision else timezone.now(),
        decision=comment,
        revision_id=revision.pk if revision else None,
        claimed_by=None,
    )
    if revision and proposal.undoes_id:
        log_undoing(proposal.undoes_id, revision, proposal.author, proposal.comment)
    notes = [_differences_note(proposal, revision), kept_note(revision)] if revision else []
    notes += [f"Added to {', '.join(addition.name for addition in additions)} as well."] if additions else []
    made = {"additions": [addition.pk for addition in additions]} if additions else None
    log_event(proposal, APPROVE, actor, "\n\n".join(filter(None, [comment, *notes])), payload=made)
    return Proposal.objects.get(pk=proposal.pk)


@performs(REBASE)
def rebase(*, proposal: Proposal, actor: User, version: int | None = None) -> Proposal:
    """Apply the proposal's changes to the present live entry. Raises Conflict with the names of colliding fields, and
    Invalid if its payload is damaged.

    A first agreement lapses, because it was about the former base.
    """
    if not rules.can_rebase(actor, proposal):
        raise NotAllowed(_why_not_rebased(proposal))
    if proposal.action not in ACTIONS_WITH_BASE:
        raise Conflict("This proposal cannot be brought up to date: it is not made from the live entry.")
    entry = _get_live_entry(proposal)
    if entry.revision == proposal.base:
        raise Conflict("This proposal is up to date.")
    payload = _rebased_payload(proposal, entry) if proposal.action == ProposalAction.EDIT else {}
    fresh = transition(
        proposal,
        REBASE,
        version,
        name=(payload.get("name") or entry.name)[:300],
        base=entry.revision,
        payload=payload,
        topics=payload.get("topics", []),
        replaces_entry=bool(payload) and rules.replaces_entry(KINDS[proposal.kind].dump(entry), payload),
        seconded_by=None,
    )
    left_out = _sources_left_out(proposal, payload) if payload else ""
    note = " ".join(filter(None, [f"From revision {proposal.base} to {entry.revision}.", left_out]))
    log_event(fresh, REBASE, actor, note, payload={"payload": proposal.payload, "base": proposal.base})
    return fresh


def _why_not_rebased(proposal: Proposal) -> str:
    """What somebody is told who may neither revise nor decide: one who may not decide now may not rebase either."""
    return REBASERS.refusal if proposal.status == Status.PENDING else conflict_message(proposal.pk, APPROVE)


def _rebased_payload(proposal: Proposal, entry: Entry) -> dict[str, Any]:
    kind = KINDS[proposal.kind]
    _require_readable(proposal)
    base = payload_at_revision(kind, entry.pk, proposal.base or 0)
    if not isinstance(base, dict):
        raise Conflict(f"Revision {proposal.base} is damaged: edit and approve, or reject the proposal.")
    proposed = recomputed(proposal, with_present_slugs(kind, proposal.current_payload), base)
    live = kind.dump(entry)
    rebased = diff.rebased(base, proposed, live, kind.described_by)
    if rebased is None:
        changes = diff.three_way_diff(base, proposed, live, kind.described_by)
        fields = [row.field for row in changes if row.state == diff.COLLIDES]
        raise Conflict(f"Both changed {', '.join(fields)}: decide by hand which value stands.")
    return rebased


def _sources_left_out(proposal: Proposal, rebased: Mapping[str, Any]) -> str:
    """A sentence that names the fields whose sources a rebase leaves out; empty if it keeps all that were given."""
    kind = KINDS[proposal.kind]
    base = as_object(payload_at_revision(kind, proposal.target_id or 0, proposal.base or 0))
    former = source_rows(base.get("sources"))
    given = [row for row in proposal.current_payload["sources"] if row not in former]
    fields = dict.fromkeys(kind.label_of(row["field"]) for row in given if row not in rebased["sources"])
    return f"Left out, because others changed the value since: the source of {', '.join(fields)}." if fields else ""


def _trace(proposal: Proposal, actor: User, seconder: User | None, edited: Mapping[str, Any]) -> Trace:
    """The trace of a proposal that a moderator approves, with the names of the fields that they edited in its comment.
    `seconder` agreed to the same before."""
    note = f"Edited in review: {', '.join(edited)}." if edited else ""
    comment = "\n\n".join(filter(None, [proposal.comment, note]))
    return Trace(proposal.author, actor, proposal.source, comment, edited=edited, seconder=seconder)


def _publish_proposal(
    proposal: Proposal, trace: Trace, payload: Mapping[str, Any], base: int | None, *, as_given: bool
) -> Revision | None:
    """Publish the proposal and return its revision, None for a flag. Raises what `approve` raises."""
    try:
        return _change_catalogue(proposal, trace, payload, base, as_given=as_given)
    except StaleBase as error:
        raise StaleProposal(error.base, error.live) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict("The live entry says this already: reject the proposal as done.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error


def _change_catalogue(
    proposal: Proposal, trace: Trace, payload: Mapping[str, Any], base: int | None, *, as_given: bool
) -> Revision | None:
    kind = KINDS[proposal.kind]
    match proposal.action:
        case ProposalAction.CREATE:
            return publish(kind=kind, payload=payload, trace=trace, as_given=as_given)
        case ProposalAction.EDIT:
            entry = _get_live_entry(proposal)
            return publish(kind=kind, payload=payload, trace=trace, entry=entry, base=base, as_given=as_given)
        case ProposalAction.RETIRE:
            return retire(entry=_get_live_entry(proposal), trace=trace, base=base)
        case ProposalAction.RESTORE:
            return restore(kind=kind, entry_id=proposal.target_id or 0, trace=trace, base=base, most=MAX_REFERENCES)
        case ProposalAction.MERGE:
            merge_target = kind.model.objects.filter(pk=proposal.into_id).first()
            if merge_target is None:
                raise PublishingError("The entry that was to stay is not in the catalogue any more.")
            return merge(
                entry=_get_live_entry(proposal), into=merge_target, trace=trace, base=base, most=MAX_REFERENCES
            )
    return None


def _get_live_entry(proposal: Proposal) -> Entry:
    entry: Entry | None = KINDS[proposal.kind].model.objects.with_references().filter(pk=proposal.target_id).first()
    if entry is None:
        raise Conflict("The entry is not in the catalogue any more.")
    return entry


def _partial_payload(proposal: Proposal, fields: set[str]) -> dict[str, Any]:
    kind = KINDS[proposal.kind]
    _require_readable(proposal)
    entry = _get_live_entry(proposal)
    if entry.revision != proposal.base:
        raise StaleProposal(proposal.base or 0, entry.revision)
    live = kind.dump(entry)
    proposed = with_present_slugs(kind, proposal.current_payload)
    proposed["sources"] = sources_after(kind, entry.pk, live, proposed)
    if errors := field_errors(kind, fields, proposed, live):
        raise Invalid({"fields": errors})
    picked = diff.pick_fields(proposed, live, with_described(kind, fields, proposed, live))
    published: dict[str, Any] = picked if proposal.undoes_id is not None else as_present(kind, picked, live)
    return published


def _require_readable(proposal: Proposal) -> None:
    """Raise Invalid if the stored payload is damaged or has a key that the kind never had: taking over some of its
    fields would lose the others unseen."""
    if errors := payload_errors(KINDS[proposal.kind].form, proposal.proposed_payload):
        raise Invalid(errors)


def _edited_payload(proposal: Proposal, payload: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A moderator's payload as it is published, with sources that were given for its values, and the values in it that
    the moderator gave. The source of the proposal does not speak of these, nor does what it changes besides. An invalid
    payload stays as it is, to be refused."""
    kind = KINDS[proposal.kind]
    entry = _get_live_entry(proposal) if proposal.target_id else None
    live = kind.dump(entry) if entry else kind.form.empty()
    proposed = {**kind.form.empty(), **with_present_slugs(kind, proposal.current_payload)}
    payload = completed(kind, payload, proposed)
    try:
        edited = bound_form(kind, payload, entry or kind.model(), stored=[live] if entry else ()).canonical()
    except PayloadError:
        return payload, {}
    refuse_others(kind, edited, proposed, live)
    base = as_object(payload_at_revision(kind, entry.pk, proposal.base or 0)) if entry else live
    joined = diff.rebased_as_far_as_possible(base, proposed, live, kind.described_by)
    kept = diff.without_sources_of_edited_values(edited, proposed, live)
    given = diff.edited_in_review(kept, proposed, live, joined)
    return recomputed(proposal, {**kept, **kind.consequences(joined, kept, "")}, live), given


def _differences_note(proposal: Proposal, revision: Revision) -> str:
    """Sentences for the author: which fields were not published, and which with another value than proposed."""
    if not proposal.has_payload:
        return ""
    departed = departures_of(proposal, revision)
    label = KINDS[proposal.kind].label_of
    sentences = {"Not published": departed.left, "Published with another value": departed.altered}
    return " ".join(f"{text}: {', '.join(map(label, keys))}." for text, keys in sentences.items() if keys)


def departures_of(proposal: Proposal, revision: Revision) -> diff.Departures:
    """The fields in which the revision that a proposal was published as departs from what was proposed."""
    kind = KINDS[proposal.kind]
    base, before = kind.form.empty(), kind.form.empty()
    if proposal.target_id:
        base |= as_object(payload_at_revision(kind, proposal.target_id, proposal.base or 0))
        before |= as_object(payload_at_revision(kind, proposal.target_id, revision.number - 1))
    proposed = {**kind.form.empty(), **with_present_slugs(kind, proposal.current_payload)}
    return diff.departures(base, before, proposed, as_object(current_payload_of(revision)))
