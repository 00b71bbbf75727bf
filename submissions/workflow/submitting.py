"""The author's verbs: submit, revise, withdraw; and comments by either side."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.words import is_blank
from catalog.forms.fields import refuse_invisible
from catalog.kinds import KINDS, Kind, kind_of
from catalog.ledger.payloads import as_object, current_payload_of, payload_of
from catalog.ledger.publishing import PayloadError, bound_form, with_consequences
from catalog.models import REMOVED_ACTIONS, Entry, Revision
from catalog.text.addresses import address_error
from catalog.text.source_names import as_source, is_address, names_no_source
from submissions import rules
from submissions.models import (
    ACTIONS_NEEDING_REASON,
    ACTIONS_NEEDING_SOURCE,
    ACTIONS_WITH_PAYLOAD,
    Batch,
    Proposal,
    ProposalAction,
)
from submissions.notifications import enqueue
from submissions.verbs import COMMENT, REVISE, WITHDRAW
from submissions.workflow.additions import (
    checked_additions,
    refuse_locked_owners,
    still_named,
)
from submissions.workflow.consequences import without_consequences
from submissions.workflow.errors import Invalid
from submissions.workflow.moderators_fields import bound_as_present, completed, refuse_others
from submissions.workflow.priority import compute_priority
from submissions.workflow.queue import add_to_queue, likely_duplicates
from submissions.workflow.transitions import log_event, performs, permit, require, transition

COMMENT_LENGTH, SOURCE_LENGTH = 4000, 500
ACTIONS_ALLOWED_WHEN_LOCKED = frozenset({ProposalAction.FLAG})
CANNOT_PROPOSE_MESSAGE = "You cannot propose changes with this account."
ENTRY_GONE_MESSAGE = "The entry is not in the catalogue any more."


@dataclass(frozen=True)
class Target:
    """The entry that a proposal is about, live or retired, at the revision that the author saw."""

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
        """A retired entry; `revision` is its last."""
        return cls(revision.entry_id, revision.slug, revision.name, revision.number)

    @classmethod
    def of(cls, proposal: Proposal) -> "Target | None":
        """The target of a saved proposal; None for a new entry."""
        if proposal.target_id is None or proposal.base is None:
            return None
        return cls(proposal.target_id, proposal.target_slug, proposal.name, proposal.base)


@dataclass(frozen=True)
class NewProposal:
    """A proposal before it is submitted. `payload` is complete: absent keys mean empty values. `into` is the merge
    target, `undoes` the id of the revision that it is to undo, `additions` are rows that other entries are to list
    (`Proposal.additions`)."""

    kind: Kind
    action: str
    payload: Mapping[str, Any] | None = None
    target: Target | None = None
    into: Entry | None = None
    source: str = ""
    comment: str = ""
    undoes: int | None = None
    additions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A payload as it would be published, and the additions that go with it."""

    payload: dict[str, Any]
    additions: dict[str, dict[str, Any]]


@transaction.atomic
def submit(*, author: User, proposed: NewProposal, batch: Batch | None = None) -> Proposal:
    """Put a proposal into the queue.

    Raises NotAllowed, Invalid (by field; "source" and "comment" among them), or AlreadyProposed.
    """
    author.lock()  # one of two equal proposals at once is recognised as a repetition
    draft = build_proposal(author=author, proposed=proposed, batch=batch)
    [repeated] = add_to_queue([draft])
    if repeated:
        raise repeated
    if batch is None:  # a batch notifies them once
        enqueue.notify_moderators(draft)
    return draft


def build_proposal(*, author: User, proposed: NewProposal, batch: Batch | None = None) -> Proposal:
    """An unsaved proposal, validated as by `submit`; raises the same errors except AlreadyProposed."""
    kind, action, target, into = proposed.kind, proposed.action, proposed.target, proposed.into
    require(rules.can_submit(author), CANNOT_PROPOSE_MESSAGE)
    if target and action not in ACTIONS_ALLOWED_WHEN_LOCKED:
        _refuse_locked(author, kind, target)
    source = stated_source(proposed)
    check_source_and_comment(action, source, proposed.comment)
    check_target(kind, action, target, into)
    checked = checked_values(replace(proposed, source=source))
    clean = checked.payload
    refuse_locked_owners(author, kind, clean, checked.additions)
    priority = compute_priority(author, kind, action, clean, batch)
    now = timezone.now()
    return Proposal(
        kind=kind.name,
        action=action,
        name=(clean.get("name") or (target.name if target else ""))[:300],
        target_id=target.entry_id if target else None,
        target_slug=target.slug if target else "",
        base=target.base if target else None,
        into_id=into.pk if into else None,
        undoes_id=proposed.undoes,
        replaces_entry=_replaces_entry(kind, action, target, clean),
        payload=clean,
        additions=checked.additions,
        topics=clean.get("topics", []),
        source=source,
        comment=proposed.comment.strip(),
        priority=priority.level,
        priority_reason=priority.reason,
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
    additions: Mapping[str, Any] | None = None,
) -> Proposal:
    """Replace the payload and put the proposal back into the queue; the former payload stays in the events.

    Without `additions`, those stay that the payload still names.
    What the former source brought to the payload, and is still there, follows the new one (`Kind.consequences`).
    """
    require(rules.is_author(actor, proposal), "Only its author can revise a proposal.")
    require(rules.can_submit(actor), CANNOT_PROPOSE_MESSAGE)
    require(proposal.has_payload, "There is nothing to revise in this proposal; withdraw it and make another.")
    kind = KINDS[proposal.kind]
    target = Target.of(proposal)
    if proposal.undoes_id:  # what it brings back is not its author's to change
        payload = completed(kind, payload, proposal.current_payload)
        refuse_others(kind, payload, proposal.current_payload)
    source = stated_source(NewProposal(kind, proposal.action, payload, target, source=source))
    check_source_and_comment(proposal.action, source, comment)
    if target:
        _refuse_locked(actor, kind, target)
    base = as_object(payload_at_revision(kind, target.entry_id, target.base)) if target else {}
    payload = without_consequences(proposal, payload, base)
    given = still_named(proposal, payload) if additions is None else additions
    checked = checked_values(
        NewProposal(kind, proposal.action, payload, target, source=source, undoes=proposal.undoes_id, additions=given)
    )
    clean = checked.payload
    refuse_locked_owners(actor, kind, clean, checked.additions)
    former = {"payload": proposal.payload, "source": proposal.source, "comment": proposal.comment}
    former |= {"additions": proposal.additions} if proposal.additions else {}
    fresh = transition(
        proposal,
        REVISE,
        version,
        name=clean["name"][:300],
        payload=clean,
        additions=checked.additions,
        topics=clean.get("topics", []),
        source=source,
        comment=comment.strip(),
        twins=likely_duplicates(kind, proposal.action, clean),
        replaces_entry=_replaces_entry(kind, proposal.action, target, clean),
        seconded_by=None,
        claimed_by=None,
    )
    log_event(fresh, REVISE, actor, comment.strip(), payload=former)
    enqueue.notify_moderators(fresh)
    return fresh


@performs(WITHDRAW)
def withdraw(*, proposal: Proposal, actor: User, comment: str = "", version: int | None = None) -> Proposal:
    """Withdraw one's own proposal."""
    permit(WITHDRAW, actor, proposal)
    comment = clean_text(comment, "comment")
    fresh = transition(proposal, WITHDRAW, version, claimed_by=None)
    log_event(fresh, WITHDRAW, actor, comment)
    return fresh


@performs(COMMENT)
def comment(*, proposal: Proposal, actor: User, comment: str) -> Proposal:
    """Add a comment; the author is emailed when a moderator comments."""
    permit(COMMENT, actor, proposal)
    log_event(proposal, COMMENT, actor, require_text(comment, "comment", "Write something first."))
    return proposal


def checked_payload(proposed: NewProposal) -> dict[str, Any]:
    """The payload of `checked_values`, which raises the same errors."""
    return checked_values(proposed).payload


def checked_values(proposed: NewProposal) -> Checked:
    """The payload as it would be published, with what its change changes besides, and its additions. Raises Invalid if
    the form refuses it, if it sets what only moderators set, if it changes nothing, or for an addition that is refused
    or not named."""
    if proposed.action not in ACTIONS_WITH_PAYLOAD:
        return Checked({}, {})
    kind, target, undoes = proposed.kind, proposed.target, proposed.undoes is not None
    entry = _get_live_entry(kind, target) if target else kind.model()
    bases = _base_payloads(kind, target) if target else []
    stored = [kind.dump(entry), *bases] if target else []
    before = {**kind.form.empty(), **as_object(bases[-1])} if target else {}
    present = before or kind.form.empty()
    additions = checked_additions(kind, as_object(proposed.payload), proposed.additions)
    try:
        given_payload = completed(kind, proposed.payload or {}, present)
        form = bound_form(kind, given_payload, entry, stored=stored, additions=additions)
        given = form.canonical()
        form = form if undoes else bound_as_present(form, kind, present)
        is_same = form.canonical() in bases
        form = form if undoes else with_consequences(form, before, proposed.source)
    except PayloadError as error:
        raise Invalid(error.errors) from error
    payload = form.canonical()
    refuse_others(kind, given, present, payload, *stored[:1], *([given] if undoes else []))
    if is_same:
        raise Invalid({"__all__": ["Nothing is changed: the proposal is the same as the live entry."]})
    return Checked(payload, additions)


def payload_at_revision(kind: Kind, entry_id: int, number: int) -> dict[str, Any]:
    """The payload of an entry at one of its revisions. Raises Invalid if there is no such revision."""
    revision = Revision.objects.of(kind.name, entry_id).filter(number=number).first()
    if revision is None or revision.action in REMOVED_ACTIONS:
        raise Invalid({"__all__": [f"The entry has no revision {number} to start from."]})
    return current_payload_of(revision)


def _replaces_entry(kind: Kind, action: str, target: Target | None, payload: Mapping[str, Any]) -> bool:
    """Whether it is an edit that leaves next to nothing of its base."""
    if target is None or action != ProposalAction.EDIT:
        return False
    return rules.replaces_entry(payload_at_revision(kind, target.entry_id, target.base), payload)


def check_target(kind: Kind, action: str, target: Target | None, into: Entry | None) -> None:
    """Raise Invalid unless the action is known and its target fits."""
    if action not in ProposalAction.values:
        raise Invalid({"action": [f"There is no action “{action}”; known are: {', '.join(ProposalAction.values)}."]})
    if (target is None) != (action == ProposalAction.CREATE):
        raise Invalid({"__all__": ["A new entry has no target, and all else names one."]})
    if target is None or action in ACTIONS_WITH_PAYLOAD:
        return
    if action == ProposalAction.RESTORE:
        last = Revision.objects.of(kind.name, target.entry_id).last()
        if last is None or last.action not in REMOVED_ACTIONS:
            raise Invalid({"__all__": ["Only a retired entry can be restored."]})
        return
    _get_live_entry(kind, target)
    payload_at_revision(kind, target.entry_id, target.base)
    if action == ProposalAction.MERGE and (into is None or kind_of(into) is not kind or into.pk == target.entry_id):
        raise Invalid({"into": ["Name the entry that stays: another one of the same kind."]})


def stated_source(proposed: NewProposal) -> str:
    """The source of a proposal; for a new entry without one, the source that its payload names, such as its link."""
    source = as_source(proposed.source)
    if source or proposed.action != ProposalAction.CREATE:
        return source
    return as_source(proposed.kind.own_source(proposed.payload or {}))


def check_source_and_comment(action: str, source: str, comment: str) -> None:
    """Raise Invalid if a required source or reason is missing, or a text is too long."""
    errors: dict[str, list[str]] = {}
    if action in ACTIONS_NEEDING_SOURCE and (message := _source_error(source)):
        errors["source"] = [message]
    if action in ACTIONS_NEEDING_REASON and is_blank(comment):
        errors["comment"] = ["Say why."]
    for key, text, max_length in (("source", source, SOURCE_LENGTH), ("comment", comment, COMMENT_LENGTH)):
        if message := _text_error(text, max_length):
            errors[key] = [message]
    if errors:
        raise Invalid(errors)


def _source_error(source: str) -> str:
    """What is wrong with a required source; "" if nothing is."""
    if is_blank(source):
        return "Give a source: its URL, or how to find it."
    if names_no_source(source):
        return f"“{source}” names no source. Give its URL, or how to find it."
    return address_error(source) if is_address(source) else ""


def require_text(text: str, field: str, message: str) -> str:
    """The stripped text. Raises Invalid if it shows nothing, is too long, or holds characters that are refused."""
    if is_blank(text):
        raise Invalid({field: [message]})
    return clean_text(text, field)


def clean_text(text: str, field: str) -> str:
    """The stripped text. Raises Invalid if it is too long or holds invisible characters."""
    if message := _text_error(text, COMMENT_LENGTH):
        raise Invalid({field: [message]})
    return text.strip()


def _text_error(text: str, max_length: int) -> str:
    if len(text.strip()) > max_length:
        return f"At most {max_length} characters."
    try:
        refuse_invisible(text, lines=True)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _get_live_entry(kind: Kind, target: Target) -> Entry:
    entry: Entry | None = kind.model.objects.with_references().filter(pk=target.entry_id).first()
    if entry is None:
        raise Invalid({"__all__": [ENTRY_GONE_MESSAGE]})
    return entry


def _base_payloads(kind: Kind, target: Target) -> list[dict[str, Any]]:
    """The base payload as stored and as read today: an edit must differ from both."""
    revision = Revision.objects.of(kind.name, target.entry_id).filter(number=target.base).first()
    stored = payload_of(revision) if revision else {}
    return [stored, payload_at_revision(kind, target.entry_id, target.base)]


def _refuse_locked(author: User, kind: Kind, target: Target) -> None:
    lock = rules.get_lock(kind.name, target.entry_id)
    reason = f"This entry is locked: {lock.reason}" if lock else ""
    require(lock is None or rules.can_edit_locked(author), reason)
