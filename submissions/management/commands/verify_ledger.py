"""manage.py verify_ledger: do ledger, live entries and decided proposals agree?"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.ledger import integrity
from catalog.models import Revision
from submissions.models import Event, Proposal, ProposalAction
from submissions.states import Status
from submissions.verbs import VERBS


class Command(BaseCommand):
    help = "Check that the ledger, the live entries and the decided proposals agree; the exit status says so too."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*integrity.find_errors(), *proposals()]
        for trouble in found:
            self.stderr.write(trouble)
        if found:
            raise CommandError(f"{len(found)} {'things do' if len(found) > 1 else 'thing does'} not agree.")
        self.stdout.write(f"All {Revision.objects.count():,} revisions agree with what is live.")


CHUNK_SIZE = 1000


def proposals() -> Iterator[str]:
    """Approved proposals whose revision is missing or is somebody else's, and states that no event led to."""
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
