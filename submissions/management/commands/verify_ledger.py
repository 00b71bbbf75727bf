"""manage.py verify_ledger: check that ledger, live entries and proposals agree and can be read."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.kinds import KINDS
from catalog.ledger import integrity
from catalog.ledger.payloads import as_object
from catalog.models import Revision
from submissions.models import ACTIONS_WITH_PAYLOAD, Event, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import APPROVE, VERBS


class Command(BaseCommand):
    help = "Check that ledger, live entries and proposals agree and can be read; the exit status says so too."

    def handle(self, *args: Any, **options: Any) -> None:
        errors = [*integrity.find_errors(), *find_proposal_errors()]
        for error in errors:
            self.stderr.write(error)
        if errors:
            raise CommandError(f"{len(errors)} {'things do' if len(errors) > 1 else 'thing does'} not agree.")
        self.stdout.write(f"All {Revision.objects.count():,} revisions agree with what is live.")


CHUNK_SIZE = 1000


def find_proposal_errors() -> Iterator[str]:
    """A message for each approved proposal without its own revision or without those of its additions, each status that
    the events do not explain, and each error in the payload or the additions of an open proposal."""
    last = 0
    while chunk := list(Proposal.objects.filter(pk__gt=last).defer("payload").order_by("pk")[:CHUNK_SIZE]):
        last = chunk[-1].pk
        revisions = Revision.objects.defer("snapshot").in_bulk([row.revision_id for row in chunk if row.revision_id])
        expected = _expected_statuses(chunk)
        for proposal in chunk:
            yield from _proposal_errors(
                proposal, revisions.get(proposal.revision_id or 0), expected.get(proposal.pk, "")
            )
    yield from _addition_errors()
    yield from _open_payload_errors()


def _expected_statuses(proposals: list[Proposal]) -> dict[int, str]:
    """The status of each proposal by its events; its own one if a verb that left the register is among them, because
    nobody knows any more what that one did."""
    expected: dict[int, str] = {}
    own = {proposal.pk: proposal.status for proposal in proposals}
    unknown = set[int]()
    for pk, verb in Event.objects.filter(proposal__in=own).order_by("pk").values_list("proposal_id", "verb"):
        if verb not in VERBS:
            unknown.add(pk)
        elif pk in expected:
            expected[pk] = VERBS[verb].moves.get(Status(expected[pk]), Status(expected[pk]))
        else:
            expected[pk] = Status.PENDING
    return expected | {pk: own[pk] for pk in unknown}


def _open_payload_errors() -> Iterator[str]:
    """Errors in the payloads of open proposals, which could not be approved."""
    rows = Proposal.objects.open().filter(action__in=ACTIONS_WITH_PAYLOAD).order_by("pk")
    for row in rows.only("kind", "payload", "additions").iterator(CHUNK_SIZE):
        if row.kind in KINDS:
            errors = integrity.payload_errors_of(KINDS[row.kind], row.payload)
            yield from (f"Proposal {row.pk}{error}" for error in errors)
            if len(row.current_additions) != len(row.additions):
                yield f"Proposal {row.pk} has additions that cannot be read."
        else:
            yield f"Proposal {row.pk} is of an unknown kind."


def _addition_errors() -> Iterator[str]:
    """A message for each approval that names edits of other entries which are not in the ledger, or not its own."""
    events = Event.objects.filter(verb=APPROVE.name, payload__isnull=False).select_related("proposal").order_by("pk")
    for event in events.iterator(CHUNK_SIZE):
        ids = as_object(event.payload).get("additions", [])
        own = Revision.objects.filter(
            pk__in=ids, contributor_id=event.proposal.author_id, approver_id=event.proposal.decided_by_id
        )
        if own.count() != len(ids):
            yield f"Proposal {event.proposal_id} names additions that are not in the ledger, or not its own."


def _proposal_errors(proposal: Proposal, revision: Revision | None, expected: str) -> Iterator[str]:
    name = f"Proposal {proposal.pk}"
    if expected != proposal.status:
        yield f"{name} is {proposal.status}, and what happened to it says that it is {expected or 'not there'}."
    if proposal.status != Status.APPROVED or proposal.action == ProposalAction.FLAG:
        return
    if revision is None:
        yield f"{name} is approved, and its revision is not in the ledger."
        return
    people = (revision.contributor_id, revision.approver_id)
    entry = (revision.kind, proposal.target_id and revision.entry_id)
    if (*people, *entry) != (proposal.author_id, proposal.decided_by_id, proposal.kind, proposal.target_id):
        yield f"{name} names a revision that is not its own."
