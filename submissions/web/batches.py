"""Batches: what became of proposals that were submitted together, and of lists that still are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.confirming import require_second_factor
from accounts.methods import accepts
from accounts.rules import can_moderate, require_account
from catalog.kinds import KINDS
from submissions import workflow
from submissions.limits import limit_posts
from submissions.list_imports import ListImport
from submissions.models import Batch, Proposal, ProposalAction
from submissions.review_tables import ProposalTable, proposal_table
from submissions.states import Status
from submissions.workflow import Outcome, WorkflowError

PAGE_SIZE = 100
MAX_MESSAGES = 20
REFUSED = "refused"
"""The value of ?show= with which a batch lists the rows of its list that were refused."""


def add_messages(request: HttpRequest, outcomes: list[Outcome], *, about: str) -> None:
    """Say how many proposals are in the queue, and what was refused and why. `about` names the form whose unsent work
    the browser can delete now."""
    refused = [outcome for outcome in outcomes if outcome.error_message]
    accepted = len(outcomes) - len(refused)
    if accepted:
        sentence = f"Thank you. {accepted:,} proposal{' is' if accepted == 1 else 's are'} in the queue."
        messages.success(request, sentence, extra_tags=f"{request.user.pk}/{about}")
    for outcome in refused[:MAX_MESSAGES]:
        messages.error(request, f"{outcome.subject}: {outcome.error_message}")
    if len(refused) > MAX_MESSAGES:
        messages.error(request, f"{len(refused) - MAX_MESSAGES:,} more were refused, most likely for the same reasons.")


@login_required
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposals of a batch by status, and how far its list is, for its author and for moderators."""
    shown_batch = _visible_batch(request, pk)
    work = ListImport.objects.select_related("author").filter(batch=shown_batch).first()
    counted = dict(shown_batch.proposals.order_by().values_list("status").annotate(n=Count("pk")))
    context = {
        "batch": shown_batch,
        "counts": [(label, counted[value]) for value, label in Status.choices if value in counted],
        "work": work,
        "progress": workflow.progress_of(work) if work else None,
        "is_own": shown_batch.author_id == request.user.pk,
    }
    if work and request.GET.get("show") == REFUSED:
        context["refused_page"] = Paginator(work.rows.refused(), PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "submissions/batch.html", context)
    page = Paginator(shown_batch.proposals.order_by("pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    first_refused = list(work.rows.refused()[: MAX_MESSAGES + 1]) if work else []
    context |= {"page": page, "table": _table(list(page)), "first_refused": first_refused[:MAX_MESSAGES]}
    context["more_refused"] = len(first_refused) > MAX_MESSAGES
    return render(request, "submissions/batch.html", context)


@accepts("POST")
@login_required
@limit_posts("paste")
def continue_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a list that is not finished."""
    shown_batch = _visible_batch(request, pk)
    work = ListImport.objects.select_related("author").filter(batch=shown_batch).first()
    if work is None:
        raise Http404("This batch has no list.")
    try:
        workflow.continue_import(list_import=work, actor=require_account(request.user))
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect("submissions:batch", pk)


def _visible_batch(request: HttpRequest, pk: int) -> Batch:
    """A batch of one's own, or any for a moderator. Raises Http404."""
    found = Batch.objects.select_related("author").filter(pk=pk).first()
    if found is None or not (found.author_id == request.user.pk or can_moderate(request.user)):
        require_second_factor(request)
        raise Http404("There is no such batch, or it is not yours.")
    return found


def _table(proposals: list[Proposal]) -> ProposalTable | None:
    """The proposals of a page as a table; None unless all are new entries of one kind that has one."""
    kinds = {proposal.kind for proposal in proposals}
    if len(kinds) != 1 or any(one.action != ProposalAction.CREATE or one.additions for one in proposals):
        return None
    return proposal_table(KINDS[kinds.pop()], proposals)
