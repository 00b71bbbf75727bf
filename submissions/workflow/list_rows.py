"""Submit the ticked rows of a list in portions, each row once, however often and wherever this is cut off."""

import logging
import time
from dataclasses import asdict

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from background.engine import task, unfinished_arguments
from catalog.kinds import KINDS
from submissions import rules
from submissions.intake.batch import SELECTABLE_STATES, ComparedDraft, ListRefused, State, read_and_compare
from submissions.intake.drafts import Draft
from submissions.list_imports import ListImport, ListRow
from submissions.models import ProposalAction
from submissions.notifications import enqueue
from submissions.workflow.bulk import CHUNK_SIZE, submit_chunk
from submissions.workflow.submitting import CANNOT_PROPOSE_MESSAGE, NewProposal, Target

logger = logging.getLogger(__name__)

MAX_TRIES = 3
"""How often a row is tried whose submission fails the database or ends the process: with its portion, then alone."""
SECONDS_HERE = 6.0
"""After so long a web request begins no further portion."""
UNEXPECTED = "An unexpected error, which is in the log: {}."
WITHOUT_OUTCOME = f"It was tried {MAX_TRIES} times, and each time the process ended before it was done."
UNREAD = "The list could not be read: "
SAME_BY_NOW = "The catalogue says this already."


@task()
def submit_rows(import_id: int) -> str:
    """Submit the next portion of a list, and enqueue itself for what is left; return how far it is.

    A task may end at any moment, and may be run twice or at the same time as another.
    """
    if take_step(import_id):
        submit_rows.enqueue(import_id)
    row = ListImport.objects.get(pk=import_id)
    return f"{row.rows.left().count()} of {row.total} left"


def submit_here(import_id: int, *, seconds: float = SECONDS_HERE) -> None:
    """Submit in this process until the list is finished or the time is over; the worker is to do the rest."""
    deadline = time.monotonic() + seconds
    try:
        while take_step(import_id):
            if time.monotonic() > deadline:
                break
    except (OperationalError, InterfaceError):
        logger.exception("Submitting list %d was interrupted.", import_id)
    if ListImport.objects.unfinished().filter(pk=import_id).exists() and import_id not in unfinished_arguments(
        submit_rows
    ):
        submit_rows.enqueue(import_id)


def take_step(import_id: int) -> bool:
    """Read the list or submit its next portion; return whether to go on.

    An error of the database is raised at first, since it may pass. A portion that fails is submitted row by row, so
    that the row that is the reason is refused, and no other.
    """
    work = _get(import_id)
    if work.finished_at or reason_to_stop(work):
        return False
    if work.read_at is None:
        return _try_to_read(work)
    numbers = list(work.rows.left().values_list("number", flat=True)[:CHUNK_SIZE])
    if not numbers:
        _finish(work)
        return False
    numbers, tries = _count_try(work, numbers)
    if tries > MAX_TRIES:
        _refuse(work, numbers[0], WITHOUT_OUTCOME)
        return True
    try:
        _submit_portion(import_id, numbers)
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError) and tries < MAX_TRIES:
            raise
        logger.exception("Rows %d to %d of list %d could not be submitted.", numbers[0], numbers[-1], import_id)
        if len(numbers) == 1:
            _refuse(work, numbers[0], UNEXPECTED.format(type(error).__name__))
    return True


def reason_to_stop(work: ListImport) -> str:
    """Why nothing more of a list is submitted, as a sentence; empty if it goes on."""
    return "" if rules.can_submit(work.author) else CANNOT_PROPOSE_MESSAGE


def _get(import_id: int) -> ListImport:
    return ListImport.objects.select_related("author", "batch__author").get(pk=import_id)


def _try_to_read(work: ListImport) -> bool:
    """Read the list; one whose reading fails or ends the process again and again is finished with the reason."""
    tries = work.tries + 1
    ListImport.objects.filter(pk=work.pk).update(tries=tries)
    trouble = WITHOUT_OUTCOME
    if tries <= MAX_TRIES:
        try:
            _store_rows(work, read_and_compare(work.text))
        except ListRefused as refusal:
            trouble = str(refusal)
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError) and tries < MAX_TRIES:
                raise
            logger.exception("List %d could not be read.", work.pk)
            trouble = UNEXPECTED.format(type(error).__name__)
        else:
            return True
    now = timezone.now()
    rows = ListImport.objects.filter(pk=work.pk, read_at=None)
    rows.update(read_at=now, finished_at=now, text="", trouble=UNREAD + trouble)
    return False


@transaction.atomic
def _store_rows(work: ListImport, compared: list[ComparedDraft]) -> None:
    """Store what is ticked, unless another process has."""
    if ListImport.objects.select_for_update().get(pk=work.pk).read_at:
        return
    rows = [_row(work, number, compared[number]) for number in work.chosen if number < len(compared)]
    made = [row for row in rows if row]
    ListRow.objects.bulk_create(made, batch_size=500)
    ListImport.objects.filter(pk=work.pk).update(
        read_at=timezone.now(), text="", chosen=[row.number for row in made], tries=0
    )


def _row(work: ListImport, number: int, compared: ComparedDraft) -> ListRow | None:
    """A ticked item; None if it is no entry, which no page offers."""
    parsed = compared.parsed
    if not isinstance(parsed, Draft):
        return None
    selectable = compared.state in SELECTABLE_STATES
    row = ListRow(
        list_import=work,
        number=number,
        line=parsed.line,
        kind=parsed.kind,
        name=parsed.name[:300],
        state=compared.state.value,
        fields=list(compared.fields),
        notes=list(parsed.notes),
        target=asdict(Target.live(compared.entry)) if compared.entry else {},
        payload=compared.payload if selectable else {},
    )
    if not selectable:
        repeated = compared.state == State.REPEATED
        row.trouble = f"The same as line {compared.earlier_line}." if repeated else SAME_BY_NOW
    return row


def _count_try(work: ListImport, numbers: list[int]) -> tuple[list[int], int]:
    """The rows to submit now, and how often the first of them was tried, this time included.

    It is committed before the try, so that one which ends the process counts. What was tried and has no outcome is
    submitted row by row, to the end of its portion.
    """
    again = work.tries > 0 and numbers[0] <= work.tried_to
    tries, tried_to = (work.tries + 1, work.tried_to) if again else (1, numbers[-1])
    ListImport.objects.filter(pk=work.pk).update(tries=tries, tried_to=tried_to)
    return numbers[:1] if again else numbers, tries


@transaction.atomic
def _submit_portion(import_id: int, numbers: list[int]) -> None:
    """Submit those of these rows that have no outcome, and record theirs. The author's lock lets one process do so at a
    time."""
    work = _get(import_id)
    work.author.lock()
    if reason_to_stop(work):
        return
    rows = list(work.rows.left().filter(number__in=numbers))
    is_first = not work.rows.submitted().exists()
    outcomes = submit_chunk(work.batch, [_proposed(row, work.source) for row in rows])
    for row, outcome in zip(rows, outcomes, strict=True):
        row.proposal, row.trouble, row.payload = outcome.result, outcome.error_message, {}
    ListRow.objects.bulk_update(rows, ["proposal", "trouble", "payload"])
    ListImport.objects.filter(pk=import_id).update(tries=0 if len(numbers) > 1 else 1)
    first = next((outcome.result for outcome in outcomes if outcome.result), None)
    if first and is_first:
        enqueue.notify_moderators(first)


def _proposed(row: ListRow, source: str) -> NewProposal:
    target = Target(**row.target) if row.target else None
    action = ProposalAction.EDIT if target else ProposalAction.CREATE
    return NewProposal(KINDS[row.kind], action, row.payload, target, source=source)


@transaction.atomic
def _refuse(work: ListImport, number: int, trouble: str) -> None:
    """Record why a row is not submitted, unless another process has submitted it meanwhile."""
    work.author.lock()
    work.rows.left().filter(number=number).update(trouble=trouble, payload={})
    ListImport.objects.filter(pk=work.pk).update(tries=1)


def _finish(work: ListImport) -> None:
    ListImport.objects.unfinished().filter(pk=work.pk).update(finished_at=timezone.now())
