"""The author's verbs: submit, revise, withdraw; and the words on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.forms.fields import refuse_unseen
from catalog.kinds import KINDS, Kind, kind_of
from catalog.ledger.payloads import current_payload_of, payload_of
from catalog.ledger.publishing import PayloadError, bound
from catalog.ledger.verification import GONE as GONE_AFTER
from catalog.models import Entry, Revision
from submissions import rules
from submissions.models import NEEDS_REASON, NEEDS_SOURCE, WITH_PAYLOAD, Batch, Proposal, ProposalAction
from submissions.notifications import enqueue
from submissions.verbs import COMMENT, REVISE, WITHDRAW
from submissions.workflow.entering import enter, take_turn, twins_of
from submissions.workflow.errors import Invalid
from submissions.workflow.priority import priority_of
from submissions.workflow.record import allow, log, performs, permit, take

COMMENT_LENGTH, SOURCE_LENGTH = 4000, 500
ANYBODY_MAY = frozenset({ProposalAction.FLAG})  # also where an entry is locked
CANNOT_PROPOSE = "You cannot propose changes with this account."
GONE = "The entry is not in the catalogue any more."


@dataclass(frozen=True)
class Target:
    """What a proposal is about: an entry (or one that was retired) at the revision that the author saw."""

    entry_id: int
    slug: str
    name: str
    base: int

    @classmethod
    def live(cls, entry: Entry, base: int | None = None) -> "Target":
        """A live entry; `base` defaults to its present revision."""
        return cls(entry.pk, entry.slug, entry.name, entry.revision if base is None else base)

    @classmethod
    def retired(cls, revision: Revision) -> "Target":
        """An entry that was retired; `revision` is its last."""
        return cls(revision.entry_id, revision.slug, revision.name, revision.number)

    @classmethod
    def of(cls, proposal: Proposal) -> "Target | None":
        """What a saved proposal is about; None for a new entry."""
        if proposal.target_id is None or proposal.base is None:
            return None
        return cls(proposal.target_id, proposal.target_slug, proposal.name, proposal.base)


@dataclass(frozen=True)
class NewProposal:
    """What somebody proposes: `payload` is whole (absent keys mean the empty value); `into` is the entry that a merge
    keeps."""

    kind: Kind
    action: str
    payload: Mapping[str, Any] | None = None
    target: Target | None = None
    into: Entry | None = None
    source: str = ""
    comment: str = ""


@transaction.atomic
def submit(*, author: User, proposed: NewProposal, batch: Batch | None = None) -> Proposal:
    """Put a proposal into the queue.

    Raises NotAllowed, Invalid (by field; "source" and "comment" among them), or AlreadyProposed.
    """
    take_turn(author)
    draft = drafted(author=author, proposed=proposed, batch=batch)
    [repeated] = enter([draft])
    if repeated:
        raise repeated
    if batch is None:  # of a batch they hear once
        enqueue.tell_moderators(draft)
    return draft


def drafted(*, author: User, proposed: NewProposal, batch: Batch | None = None) -> Proposal:
    """What `submit` would put into the queue, looked at but not saved; raises as it does, but for AlreadyProposed."""
    kind, action, target, into = proposed.kind, proposed.action, proposed.target, proposed.into
    allow(rules.can_submit(author), CANNOT_PROPOSE)
    if target and action not in ANYBODY_MAY:
        _refuse_locked(author, kind, target)
    check_words(action, proposed.source, proposed.comment)
    check_target(kind, action, target, into)
    clean = checked_payload(proposed)
    place = priority_of(author, kind, action, clean, batch)
    now = timezone.now()
    return Proposal(
        kind=kind.name,
        action=action,
        name=(clean.get("name") or (target.name if target else ""))[:300],
        target_id=target.entry_id if target else None,
        target_slug=target.slug if target else "",
        base=target.base if target else None,
        into_id=into.pk if into else None,
        payload=clean,
        topics=clean.get("topics", []),
        source=proposed.source.strip(),
        comment=proposed.comment.strip(),
        priority=place.level,
        priority_reason=place.reason,
        batch=batch,
        author=author,
        submitted_at=now,
        updated_at=now,
    )


@transaction.atomic
def revise(
    *,
    proposal: Proposal,
    actor: User,
    payload: Mapping[str, Any],
    source: str,
    comment: str,
    version: int | None = None,
) -> Proposal:
    """Replace what is proposed and put it back into the queue; what it replaces stays in the events."""
    allow(rules.is_author(actor, proposal), "Only its author can revise a proposal.")
    allow(rules.can_submit(actor), CANNOT_PROPOSE)
    allow(proposal.has_payload, "There is nothing to revise in this proposal; withdraw it and make another.")
    check_words(proposal.action, source, comment)
    kind = KINDS[proposal.kind]
    target = Target.of(proposal)
    if target:
        _refuse_locked(actor, kind, target)
    clean = checked_payload(NewProposal(kind, proposal.action, payload, target))
    former = {"payload": proposal.payload, "source": proposal.source, "comment": proposal.comment}
    fresh = take(
        proposal,
        REVISE,
        version,
        name=clean["name"][:300],
        payload=clean,
        topics=clean.get("topics", []),
        source=source.strip(),
        comment=comment.strip(),
        twins=twins_of(kind, proposal.action, clean),
        claimed_by=None,
    )
    log(fresh, REVISE, actor, comment.strip(), payload=former)
    enqueue.tell_moderators(fresh)
    return fresh


@performs(WITHDRAW)
def withdraw(*, proposal: Proposal, actor: User, comment: str = "", version: int | None = None) -> Proposal:
    """Take one's own proposal back; nothing was published and nothing will be."""
    permit(WITHDRAW, actor, proposal)
    comment = optional(comment, "comment")
    fresh = take(proposal, WITHDRAW, version, claimed_by=None)
    log(fresh, WITHDRAW, actor, comment)
    return fresh


@performs(COMMENT)
def comment(*, proposal: Proposal, actor: User, comment: str) -> Proposal:
    """Say something to the other side; the author hears of a moderator's words by mail."""
    permit(COMMENT, actor, proposal)
    log(proposal, COMMENT, actor, needed(comment, "comment", "Write something first."))
    return proposal


def checked_payload(proposed: NewProposal) -> dict[str, Any]:
    """The payload as it would be published; Invalid when the form refuses it or when it changes nothing."""
    if proposed.action not in WITH_PAYLOAD:
        return {}
    kind, target = proposed.kind, proposed.target
    entry = _live(kind, target) if target else None
    try:
        clean = bound(kind, proposed.payload or {}, entry or kind.model()).canonical()
    except PayloadError as error:
        raise Invalid(error.errors) from error
    if target and clean in _same_as_base(kind, target):
        raise Invalid({"__all__": ["Nothing is changed: the proposal is the same as the live entry."]})
    return clean


def snapshot_at(kind: Kind, entry_id: int, number: int) -> dict[str, Any]:
    """The payload of an entry at one of its revisions; Invalid when there is none."""
    revision = Revision.objects.of(kind.name, entry_id).filter(number=number).first()
    if revision is None or revision.action in GONE_AFTER:
        raise Invalid({"__all__": [f"The entry has no revision {number} to start from."]})
    return current_payload_of(revision)


def check_target(kind: Kind, action: str, target: Target | None, into: Entry | None) -> None:
    """Whether there is something to do this to; Invalid where there is not."""
    if action not in ProposalAction.values:
        raise Invalid({"action": [f"There is no action “{action}”; known are: {', '.join(ProposalAction.values)}."]})
    if (target is None) != (action == ProposalAction.CREATE):
        raise Invalid({"__all__": ["A new entry has no target, and all else names one."]})
    if target is None or action in WITH_PAYLOAD:
        return
    if action == ProposalAction.RESTORE:
        last = Revision.objects.of(kind.name, target.entry_id).last()
        if last is None or last.action not in GONE_AFTER:
            raise Invalid({"__all__": ["Only a retired entry can be restored."]})
        return
    _live(kind, target)
    snapshot_at(kind, target.entry_id, target.base)
    if action == ProposalAction.MERGE and (into is None or kind_of(into) is not kind or into.pk == target.entry_id):
        raise Invalid({"into": ["Name the entry that stays: another one of the same kind."]})


def check_words(action: str, source: str, comment: str) -> None:
    """What must be said with a proposal: a source for an edit, a reason for taking something away."""
    errors: dict[str, list[str]] = {}
    if action in NEEDS_SOURCE and not source.strip():
        errors["source"] = ["Say where it stands: the address of the source, or words that lead to it."]
    if action in NEEDS_REASON and not comment.strip():
        errors["comment"] = ["Say why."]
    for field, text, most in (("source", source, SOURCE_LENGTH), ("comment", comment, COMMENT_LENGTH)):
        if trouble := _trouble_with(text, most):
            errors[field] = [trouble]
    if errors:
        raise Invalid(errors)


def needed(text: str, field: str, sentence: str) -> str:
    """The text without its margins; Invalid when nothing is left, too much, or what cannot be seen."""
    if not text.strip():
        raise Invalid({field: [sentence]})
    return optional(text, field)


def optional(text: str, field: str) -> str:
    """The text without its margins; Invalid when it is too long or holds what cannot be seen."""
    if trouble := _trouble_with(text, COMMENT_LENGTH):
        raise Invalid({field: [trouble]})
    return text.strip()


def _trouble_with(text: str, most: int) -> str:
    if len(text.strip()) > most:
        return f"At most {most} characters."
    try:
        refuse_unseen(text, lines=True)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _live(kind: Kind, target: Target) -> Entry:
    entry: Entry | None = kind.model.objects.with_references().filter(pk=target.entry_id).first()
    if entry is None:
        raise Invalid({"__all__": [GONE]})
    return entry


def _same_as_base(kind: Kind, target: Target) -> list[dict[str, Any]]:
    """What an edit of this base must not be: the base, as it was written and as it reads now."""
    revision = Revision.objects.of(kind.name, target.entry_id).filter(number=target.base).first()
    written = payload_of(revision) if revision else {}
    return [written, snapshot_at(kind, target.entry_id, target.base)]


def _refuse_locked(author: User, kind: Kind, target: Target) -> None:
    lock = rules.lock_on(kind.name, target.entry_id)
    reason = f"This entry is locked: {lock.reason}" if lock else ""
    allow(lock is None or rules.can_edit_locked(author), reason)
