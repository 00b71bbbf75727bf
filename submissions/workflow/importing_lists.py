"""Bring a list: what was ticked is stored at once; a large list is submitted by the background worker."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.words import is_blank
from background.engine import unfinished_arguments
from background.models import Worker
from submissions import rules
from submissions.intake.lists import TOO_LARGE, is_too_large
from submissions.list_imports import ListImport
from submissions.models import Proposal, ProposalAction
from submissions.workflow.bulk import batch_name_error, create_batch
from submissions.workflow.errors import Conflict, Invalid
from submissions.workflow.list_rows import reason_to_stop, submit_here, submit_rows
from submissions.workflow.submitting import CANNOT_PROPOSE_MESSAGE, check_source_and_comment
from submissions.workflow.transitions import require

MAX_HERE = 200
"""So many entries are submitted in the request that brings them; more are left to the background worker."""
MAX_UNDER_WAY = 3
"""How many lists of one account may wait for the background worker."""
LEFT_ALONE_AFTER = timedelta(minutes=2)
"""After so long without a task an unfinished list is taken up again: its process or its task failed."""
DELETED = "The account was deleted before."


@dataclass(frozen=True)
class ImportProgress:
    """How far a list is, in rows. `is_read` is whether its rows are known; `stopped_by` says why it does not go on, and
    `waits_for_worker` is whether it does not because no worker is alive."""

    total: int
    submitted: int
    refused: int
    is_read: bool
    is_finished: bool
    is_under_way: bool
    stopped_by: str
    waits_for_worker: bool

    @property
    def left(self) -> int:
        return 0 if self.is_finished else self.total - self.submitted - self.refused

    @property
    def done(self) -> int:
        return self.submitted + self.refused


def import_list(*, author: User, name: str, source: str, text: str, chosen: Collection[int]) -> tuple[ListImport, bool]:
    """Submit the entries of a list that are `chosen` by their numbers, and return its import; False beside it if
    exactly this was sent before and still waits, in which case nothing is sent again.

    Up to MAX_HERE entries are submitted here, as far as the time goes. Raises NotAllowed, Invalid (by "name", "source",
    "take", "text") or Conflict if too many lists of the account are under way.
    """
    require(rules.can_submit(author), CANNOT_PROPOSE_MESSAGE)
    name, source, text = name.strip()[:200], source.strip(), text.replace("\0", "\ufffd")
    numbers = sorted(set(chosen))
    if is_too_large(text):
        raise Invalid({"text": [TOO_LARGE]})
    _check(name, source, numbers)
    work, is_new = _store(author, name, source, text, numbers)
    if is_new and work.total <= MAX_HERE:
        submit_here(work.pk)
        work = ListImport.objects.select_related("batch").get(pk=work.pk)
    return work, is_new


def continue_import(*, list_import: ListImport, actor: User) -> None:
    """Go on with a list that is not finished: by the worker, or here for some seconds if there is none. Raises
    NotAllowed or Conflict."""
    require(list_import.author_id == actor.pk, "Only who brought a list goes on with it.")
    if list_import.finished_at:
        raise Conflict("Nothing of this list is left to be submitted.")
    if why := reason_to_stop(list_import):
        raise Conflict(why)
    if not Worker.objects.alive().exists():
        submit_here(list_import.pk)
    elif list_import.pk not in unfinished_arguments(submit_rows):
        submit_rows.enqueue(list_import.pk)


def progress_of(list_import: ListImport) -> ImportProgress:
    """How far a list is; costs the same for any number of rows."""
    submitted, refused = list_import.rows.submitted().count(), list_import.rows.refused().count()
    finished = list_import.finished_at is not None
    stopped_by = "" if finished else reason_to_stop(list_import)
    goes_on = not finished and not stopped_by
    return ImportProgress(
        total=list_import.total,
        submitted=submitted,
        refused=refused,
        is_read=list_import.read_at is not None,
        is_finished=finished,
        is_under_way=goes_on and list_import.pk in unfinished_arguments(submit_rows),
        stopped_by=stopped_by,
        waits_for_worker=goes_on and not Worker.objects.alive().exists(),
    )


def take_up_lists() -> None:
    """Enqueue unfinished lists that no task submits. The worker calls this now and then."""
    lists = ListImport.objects.unfinished().filter(submitted_at__lt=timezone.now() - LEFT_ALONE_AFTER)
    lists = lists.filter(author__is_active=True, author__suspended_at=None)
    if not lists.exists():
        return
    under_way = unfinished_arguments(submit_rows)
    for pk in lists.values_list("pk", flat=True):
        if pk not in under_way:
            submit_rows.enqueue(pk)


def drop_imports(author: User) -> None:
    """End what an account has not submitted yet, and delete its texts."""
    now, lists = timezone.now(), ListImport.objects.unfinished().filter(author=author)
    for work in lists.select_for_update():
        work.rows.left().update(trouble=DELETED, payload={})
        ListImport.objects.filter(pk=work.pk).update(read_at=work.read_at or now, finished_at=now, text="")


def _check(name: str, source: str, numbers: Collection[int]) -> None:
    """Raise Invalid, by field, for what a person can put right."""
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = ["Give the batch a name, for you and for the reviewers."]
    elif message := batch_name_error(name):
        errors["name"] = [message]
    if is_blank(source):
        errors["source"] = ["Say where the list stands: an address, or words that lead there."]
    else:
        try:
            check_source_and_comment(ProposalAction.EDIT, source, "")
        except Invalid as error:
            errors |= error.errors
    if not numbers:
        errors["take"] = ["Tick at least one entry."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def _store(author: User, name: str, source: str, text: str, numbers: list[int]) -> tuple[ListImport, bool]:
    author.lock()  # one of two equal lists at once is recognised as a repetition
    digest = hashlib.sha256(json.dumps([name, source, text, numbers]).encode()).hexdigest()
    lists = ListImport.objects.filter(author=author).select_related("batch")
    same = lists.filter(digest=digest).first()
    if same and (same.finished_at is None or Proposal.objects.open().filter(batch=same.batch_id).exists()):
        return same, False
    if lists.unfinished().count() >= MAX_UNDER_WAY:
        raise Conflict(f"{MAX_UNDER_WAY} of your lists are being submitted: wait until one of them is finished.")
    work = ListImport.objects.create(
        batch=create_batch(author, name),
        author=author,
        source=source,
        digest=digest,
        text=text,
        chosen=numbers,
        submitted_at=timezone.now(),
    )
    if len(numbers) > MAX_HERE:
        submit_rows.enqueue(work.pk)
    return work, True
