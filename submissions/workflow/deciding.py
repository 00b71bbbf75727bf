"""The moderator's verbs: claim, release, request changes, approve, reject; and bringing an edit up to date."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

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
from catalog.models import Entry, Revision
from submissions import diff, notifications, rules
from submissions.models import WITH_BASE, Action, Proposal
from submissions.states import Status, Verb
from submissions.workflow.errors import Conflict, Invalid, NotAllowed, StaleProposal
from submissions.workflow.record import allow, log, take, what_happened
from submissions.workflow.submitting import needed, optional, snapshot_at


@transaction.atomic
def claim(*, proposal: Proposal, actor: Any, version: int | None = None) -> Proposal:
    """Tell the other moderators that one is looking at it; it holds nobody off from deciding."""
    _may_decide(actor, proposal)
    fresh = take(proposal, Verb.CLAIM, version, claimed_by=actor)
    log(fresh, Verb.CLAIM, actor)
    return fresh


@transaction.atomic
def release(*, proposal: Proposal, actor: Any, version: int | None = None) -> Proposal:
    """Give it back to the queue."""
    _may_decide(actor, proposal)
    fresh = take(proposal, Verb.RELEASE, version, claimed_by=None)
    log(fresh, Verb.RELEASE, actor)
    return fresh


@transaction.atomic
def request_changes(*, proposal: Proposal, actor: Any, reason: str, version: int | None = None) -> Proposal:
    """Hand it back to its author, with what is to be changed."""
    _may_decide(actor, proposal)
    reason = needed(reason, "reason", "Say what is to be changed.")
    fresh = take(proposal, Verb.REQUEST_CHANGES, version, status=Status.CHANGES_REQUESTED, claimed_by=None)
    notifications.tell_author(log(fresh, Verb.REQUEST_CHANGES, actor, reason))
    return fresh


@transaction.atomic
def reject(*, proposal: Proposal, actor: Any, reason: str, version: int | None = None) -> Proposal:
    """Refuse it, with a reason."""
    _may_decide(actor, proposal)
    reason = needed(reason, "reason", "Say why it is rejected.")
    decided = {"decided_by": actor, "decided_at": timezone.now(), "decision": reason, "claimed_by": None}
    fresh = take(proposal, Verb.REJECT, version, status=Status.REJECTED, **decided)
    notifications.tell_author(log(fresh, Verb.REJECT, actor, reason))
    return fresh


@transaction.atomic
def approve(
    *,
    proposal: Proposal,
    actor: Any,
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
    _may_decide(actor, proposal)
    comment = optional(comment, "reason")
    taken = take(proposal, Verb.APPROVE, version)
    if rules.has_agreed(actor, taken):
        raise NotAllowed("You have agreed already; this needs a second moderator.")
    if rules.needs_a_second(actor, taken):
        Proposal.objects.filter(pk=taken.pk).update(seconded_by=actor, claimed_by=None)
        log(taken, Verb.SECOND, actor, comment)
        return Proposal.objects.get(pk=taken.pk)
    taken.base = base or taken.base
    if payload is not None:
        taken.comment = _with_editor(taken, actor, payload)
    elif fields is not None:
        payload = _part_of(taken, fields)
    revision = _publish(taken, actor, taken.current_payload if payload is None else payload)
    Proposal.objects.filter(pk=taken.pk).update(
        status=Status.APPROVED,
        decided_by=actor,
        decided_at=revision.at if revision else timezone.now(),
        decision=comment,
        revision_id=revision.pk if revision else None,
        claimed_by=None,
    )
    note = _what_differs(taken, revision) if revision else ""
    event = log(taken, Verb.APPROVE, actor, "\n\n".join(filter(None, [comment, note])))
    notifications.tell_author(event)
    return Proposal.objects.get(pk=taken.pk)


@transaction.atomic
def rebase(*, proposal: Proposal, actor: Any, version: int | None = None) -> Proposal:
    """Make the proposal's changes on the live entry as it is now. Conflict names the fields where both changed.

    A first moderator's agreement to retire or to merge was to the entry as it was, and lapses.
    """
    allow(rules.can_rebase(actor, proposal), what_happened(proposal.pk, Verb.REBASE))
    if proposal.action not in WITH_BASE:
        raise Conflict("This proposal cannot be brought up to date: it is not made from the live entry.")
    entry = _live(proposal)
    if entry.revision == proposal.base:
        raise Conflict("This proposal is up to date.")
    payload = _rebased(proposal, entry) if proposal.action == Action.EDIT else {}
    fresh = take(proposal, Verb.REBASE, version, base=entry.revision, payload=payload, seconded_by=None)
    note = f"From revision {proposal.base} to {entry.revision}."
    log(fresh, Verb.REBASE, actor, note, payload={"payload": proposal.payload, "base": proposal.base})
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


def _may_decide(actor: Any, proposal: Proposal) -> None:
    allow(not rules.is_author(actor, proposal), "Nobody decides on their own proposal.")
    allow(rules.may_decide(actor, proposal), "Only moderators decide on proposals.")


def _publish(proposal: Proposal, actor: Any, payload: Mapping[str, Any]) -> Revision | None:
    """Carry out what the proposal asks for; the revision it became, none for a flag."""
    try:
        return _carry_out(proposal, actor, payload)
    except StaleBase as error:
        raise StaleProposal(error.base, error.live) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict("The live entry says this already: reject the proposal as done.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error


def _carry_out(proposal: Proposal, actor: Any, payload: Mapping[str, Any]) -> Revision | None:
    kind = KINDS[proposal.kind]
    people = {"contributor": proposal.author, "approver": actor}
    source, words, base = proposal.source, proposal.comment, proposal.base
    match proposal.action:
        case Action.CREATE:
            return publish(kind=kind, payload=payload, **people, source=source, comment=words)
        case Action.EDIT:
            entry = _live(proposal)
            return publish(kind=kind, payload=payload, **people, source=source, comment=words, entry=entry, base=base)
        case Action.RETIRE:
            return retire(entry=_live(proposal), **people, reason=words, source=source, base=base)
        case Action.RESTORE:
            return restore(kind=kind, entry_id=proposal.target_id or 0, **people, comment=words, base=base)
        case Action.MERGE:
            heir = kind.model.objects.filter(pk=proposal.into_id).first()
            if heir is None:
                raise PublishingError("The entry that was to stay is not in the catalogue any more.")
            return merge(entry=_live(proposal), into=heir, **people, reason=words, source=source, base=base)
    return None


def _live(proposal: Proposal) -> Entry:
    found: Entry | None = KINDS[proposal.kind].model.objects.with_references().filter(pk=proposal.target_id).first()
    if found is None:
        raise Conflict("The entry is not in the catalogue any more.")
    return found


def _part_of(proposal: Proposal, fields: set[str]) -> dict[str, Any]:
    if proposal.action != Action.EDIT:
        raise Invalid({"fields": ["Only an edit can be approved in part."]})
    kind = KINDS[proposal.kind]
    entry = _live(proposal)
    if entry.revision != proposal.base:
        raise StaleProposal(proposal.base or 0, entry.revision)
    proposed, live = with_present_slugs(kind, proposal.current_payload), kind.dump(entry)
    if not fields & {change.field for change in diff.three_way(live, proposed, live)}:
        raise Invalid({"fields": ["Pick at least one field that the proposal changes."]})
    return diff.only(proposed, live, fields)


def _with_editor(proposal: Proposal, actor: Any, payload: Mapping[str, Any]) -> str:
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
