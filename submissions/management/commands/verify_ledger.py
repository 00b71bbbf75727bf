"""manage.py verify_ledger: do ledger, live entries and proposals agree, and can they be read?"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.kinds import KINDS
from catalog.ledger import verification
from catalog.models import Revision
from submissions.models import ACTIONS_WITH_PAYLOAD, Event, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import VERBS


class Command(BaseCommand):
    help = "Check that ledger, live entries and proposals agree and can be read; the exit status says so too."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*verification.find_errors(), *proposals()]
        for trouble in found:
            self.stderr.write(trouble)
        if found:
            raise CommandError(f"{len(found)} {'things do' if len(found) > 1 else 'thing does'} not agree.")
        self.stdout.write(f"All {Revision.objects.count():,} revisions agree with what is live.")


CHUNK_SIZE = 1000


def proposals() -> Iterator[str]:
    """Approved proposals whose revision is missing or is somebody else's, states that no event led to, and open
    proposals whose payload is damaged."""
    last = 0
    while some := list(Proposal.objects.filter(pk__gt=last).defer("payload").order_by("pk")[:CHUNK_SIZE]):
        last = some[-1].pk
        revisions = Revision.objects.defer("snapshot").in_bulk([row.revision_id for row in some if row.revision_id])
        moves: dict[int, Status] = {}
        events = Event.objects.filter(proposal__in=some).order_by("pk").values_list("proposal_id", "verb")
        for pk, verb in events:
            moves[pk] = VERBS[verb].moves.get(moves[pk], moves[pk]) if pk in moves else Status.PENDING
        for proposal in some:
            yield from _proposal(proposal, revisions.get(proposal.revision_id or 0), moves.get(proposal.pk, ""))
    yield from _open_payloads()


def _open_payloads() -> Iterator[str]:
    """What is wrong with the payloads of open proposals, which could not be approved."""
    rows = Proposal.objects.open().filter(action__in=ACTIONS_WITH_PAYLOAD).order_by("pk")
    for row in rows.only("kind", "payload").iterator(CHUNK_SIZE):
        if row.kind in KINDS:
            faults = verification.payload_faults(KINDS[row.kind], row.payload)
            yield from (f"Proposal {row.pk}{fault}" for fault in faults)
        else:
            yield f"Proposal {row.pk} is of an unknown kind."


def _proposal(proposal: Proposal, revision: Revision | None, state: str) -> Iterator[str]:
    name = f"Proposal {proposal.pk}"
    if state != proposal.status:
        yield f"{name} is {proposal.status}, and what happened to it says that it is {state or 'not there'}."
    if proposal.status != Status.APPROVED or proposal.action == ProposalAction.FLAG:
        return
    if revision is None:
        yield f"{name} is approved, and its revision is not in the ledger."
        return
    people = (revision.contributor_id, revision.approver_id)
    entry = (revision.kind, proposal.target_id and revision.entry_id)
    if (*people, *entry) != (proposal.author_id, proposal.decided_by_id, proposal.kind, proposal.target_id):
        yield f"{name} names a revision that is not its own."
