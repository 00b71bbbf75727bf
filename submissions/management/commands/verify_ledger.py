"""manage.py verify_ledger: do ledger, live entries and decided proposals agree?"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog import verification
from catalog.models import Revision
from submissions.models import Action, Proposal
from submissions.states import Status


class Command(BaseCommand):
    help = "Check that the ledger, the live entries and the decided proposals agree; the exit status says so too."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*verification.troubles(), *proposals()]
        for trouble in found:
            self.stderr.write(trouble)
        if found:
            raise CommandError(f"{len(found)} things do not agree.")
        self.stdout.write(f"All {Revision.objects.count():,} revisions agree with what is live.")


def proposals() -> Iterator[str]:
    """Approved proposals whose revision is missing or is somebody else's."""
    rows = Proposal.objects.filter(status=Status.APPROVED).exclude(action=Action.FLAG)
    for proposal in rows.only("pk", "revision_id", "author_id", "decided_by_id", "kind").iterator():
        revision = Revision.objects.filter(pk=proposal.revision_id or 0).first()
        people = (proposal.author_id, proposal.decided_by_id)
        if revision is None:
            yield f"Proposal {proposal.pk} is approved, and its revision is not in the ledger."
        elif (revision.contributor_id, revision.approver_id) != people or revision.kind != proposal.kind:
            yield f"Proposal {proposal.pk} names a revision that is not its own."
