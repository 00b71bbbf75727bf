"""Undo published revisions, by publishing new ones; nothing is deleted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.kinds import KINDS
from catalog.ledger.blame import was_given_for
from catalog.ledger.history import previous_revisions
from catalog.ledger.merges import MAX_REFERENCES, kept_references, live_entry
from catalog.ledger.payloads import as_object, current_payload_of, payload_of, readable_changes
from catalog.ledger.publishing import (
    NothingChanged,
    PublishingError,
    lock_and_fetch,
    merge,
    publish,
    restore,
    retire,
)
from catalog.ledger.trace import Trace, former_values
from catalog.models import Entry, Revision, RevisionAction
from catalog.reading.sources import source_rows
from submissions import diff, rules
from submissions.models import Event, Proposal
from submissions.verbs import COMMENT, UNDO
from submissions.workflow.errors import Conflict
from submissions.workflow.submitting import NewProposal, Target, require_text, submit
from submissions.workflow.transitions import log_event, require

Payload = Mapping[str, Any]


class _TakesTwo(Exception):
    """What was tried out takes two moderators; `undoing` is the revision that it made, rolled back since."""

    def __init__(self, undoing: Revision) -> None:
        self.undoing = undoing
        super().__init__(str(undoing))


@transaction.atomic
def undo(*, revision: Revision, actor: User, reason: str, second: User | None = None) -> Revision | Proposal:
    """Undo one revision by publishing another; later changes by others stay.

    An entry that the revision created is retired; one that it retired or merged is restored, and one whose merge it
    took back is merged again. Where that takes two moderators (`rules.takes_two`) and no `second` has confirmed it, it
    becomes a proposal that another one approves. With a `second`, as in the background worker, any number of references
    is given back. Raises Conflict, with the names of the fields that were changed again since.
    """
    require(rules.can_undo(actor), "Only moderators undo what was published.")
    for person in filter(None, (actor, second)):
        require(
            not _undid_own_change(person, revision),
            "This took back a change of your own: let another moderator decide.",
        )
    _require_verifier(actor, revision)
    reason = require_text(reason, "reason", "Say why it is undone.")
    try:
        with transaction.atomic():
            trace = Trace(actor, second, comment=_comment(revision, reason))
            undoing = _reverse(revision, trace, None if second else MAX_REFERENCES)
            if second is None and _takes_two(undoing):
                raise _TakesTwo(undoing)
    except _TakesTwo as tried:
        return _propose_undoing(revision, tried.undoing, actor, reason)
    except NothingChanged as error:
        raise Conflict("There is nothing left to undo: the entry does not show this change any more.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error
    log_undoing(revision.pk, undoing, actor, reason)
    return undoing


def log_undoing(undone_id: int, undoing: Revision, actor: User, reason: str) -> None:
    """Log at the proposal that a revision came from that it was undone."""
    if proposal := Proposal.objects.filter(revision_id=undone_id).first():
        log_event(proposal, UNDO, actor, reason, payload={"revision": undoing.pk})


def kept_note(restoration: Revision) -> str:
    """A sentence that names the references that a restoration could not give back; empty if there are none."""
    kept = kept_references(restoration)
    return f"These references were changed since and stay as they are: {kept}." if kept else ""


def undoing_takes_two(revision: Revision, former: Revision | None) -> bool:
    """Whether undoing a revision takes two moderators, by what it changed since the one before it."""
    if revision.action in (RevisionAction.EDIT, RevisionAction.MOVE) and former:
        return rules.replaces_entry(as_object(payload_of(revision)), as_object(payload_of(former)))
    return True


def _comment(revision: Revision, reason: str) -> str:
    return f"Undoes revision {revision.number}: {reason}"


def _takes_two(undoing: Revision) -> bool:
    former = previous_revisions([undoing]).get(undoing.pk)
    before = as_object(payload_of(former)) if former else {}
    return rules.takes_two(undoing.action, before, as_object(payload_of(undoing)))


def _propose_undoing(revision: Revision, undoing: Revision, actor: User, reason: str) -> Proposal:
    """Submit what undoing a revision would do as a proposal of the moderator, who counts as the first of two."""
    kind = KINDS[revision.kind]
    entry: Entry | None = kind.model.objects.filter(pk=revision.entry_id).first()
    last = Revision.objects.of(kind.name, revision.entry_id).latest("number")
    edits = undoing.action == RevisionAction.EDIT
    proposed = NewProposal(
        kind,
        undoing.action,
        undoing.snapshot if edits else None,
        Target.live(entry) if entry else Target.retired(last),
        kind.model.objects.filter(pk=undoing.into_id).first() if undoing.into_id else None,
        source=undoing.source,
        comment=_comment(revision, reason),
        undoes=revision.pk,
    )
    proposal = submit(author=actor, proposed=proposed)
    if note := kept_note(undoing):
        log_event(proposal, COMMENT, actor, note)
    return proposal


def _undid_own_change(actor: User, revision: Revision) -> bool:
    """Whether the revision undid a change that this person proposed; then somebody else must decide."""
    undone = Event.objects.filter(verb=UNDO.name, proposal__author_id=actor.pk, payload__revision=revision.pk)
    return undone.exists()


def _require_verifier(actor: User, revision: Revision) -> None:
    """Raise NotAllowed for a moderator who may not verify an entry, if all that a revision did is verify it."""
    kind, changed = KINDS[revision.kind], set(readable_changes(revision)) - {"sources"}
    entry = live_entry(kind, revision.entry_id) if changed and changed <= kind.set_by_moderators else None
    require(entry is None or rules.can_verify(actor, entry), rules.OWN_VALUE_MESSAGE)


def _reverse(revision: Revision, trace: Trace, most: int | None) -> Revision:
    kind = KINDS[revision.kind]
    if revision.action in (RevisionAction.RETIRE, RevisionAction.MERGE):
        return restore(kind=kind, entry_id=revision.entry_id, trace=trace, base=revision.number, most=most)
    entry = lock_and_fetch(kind, revision.entry_id)
    after, live = current_payload_of(revision), kind.dump(entry)
    if revision.action in (RevisionAction.CREATE, RevisionAction.RESTORE):
        if after != live:
            raise Conflict("The entry has changed since: propose to retire it instead.")
        into = _merged_into_before(revision)
        return merge(entry=entry, into=into, trace=trace, most=most) if into else retire(entry=entry, trace=trace)
    former = previous_revisions([revision])[revision.pk]
    before = current_payload_of(former)
    for row, payload in ((former, before), (revision, after)):
        if not isinstance(payload, dict):
            raise Conflict(f"What revision {row.number} says cannot be read, so this cannot be undone: edit the entry.")
    payload, collisions = diff.revert_on(before, after, live, kind.described_by)
    if collisions:
        raise Conflict(f"These fields were changed again since: {', '.join(collisions)}.")
    slug = former.slug if former.slug != revision.slug == entry.slug else None
    payload["sources"] = _sources_without(revision, former, payload, live)
    trace = replace(trace, source=former_values(former.number))
    return publish(kind=kind, payload=payload, trace=trace, entry=entry, slug=slug, as_given=True, stored=[before])


def _sources_without(revision: Revision, former: Revision, payload: Payload, live: Payload) -> list[Any]:
    """The sources of a payload without a revision. What it took out comes back with the values that it was given for,
    and stays out where they do not, or where it cannot be read."""
    kind, history = KINDS[revision.kind], Revision.objects.of(revision.kind, revision.entry_id)
    until_former = list(history.filter(number__lte=former.number))
    return [
        row
        for row in source_rows(payload["sources"])
        if row in live["sources"]
        or (row["field"] in payload and was_given_for(kind, until_former, dict(row), payload[row["field"]]))
    ]


def _merged_into_before(restoration: Revision) -> Entry | None:
    """Of a restoration that took back a merge, the entry that the merge kept; None if it took back a retirement, and of
    a creation. Raises Conflict if that entry is gone."""
    former = previous_revisions([restoration]).get(restoration.pk)
    if former is None or former.action != RevisionAction.MERGE:
        return None
    into = live_entry(KINDS[restoration.kind], former.into_id)
    if into is None or into.pk == restoration.entry_id:
        raise Conflict("The entry that it was merged into is not in the catalogue any more.")
    return into
