"""Several proposals decided at once, each still checked; what became of each is told, one by one."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from submissions import workflow
from submissions.admin.review import REASONS, reason_in
from submissions.forms import number_in
from submissions.models import Batch, Proposal
from submissions.states import Status
from submissions.workflow import Outcome

AT_ONCE = 200
"""Proposals of a batch that one request decides; a button goes on with the rest."""

VERBS = {"approve": "approved", "reject": "rejected", "claim": "taken to review"}


def decide_selected(request: HttpRequest, rows: Iterable[Proposal], verb: str) -> HttpResponse:
    """Apply a verb to the rows ticked in the queue, as they were seen; a rejection asks for a reason first."""
    seen = [_as_seen(row, request) for row in rows]
    if verb == "reject" and not reason_in(request):
        return _ask(request, seen)
    return tell(request, verb, decided(request, verb, seen))


@require_POST
def decide_batch(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Apply a verb to all of a batch that wait, so many at once; then offer to go on with the rest."""
    batch = get_object_or_404(Batch, pk=pk)
    if verb not in ("approve", "reject"):
        raise Http404(f"A batch is approved or rejected, not “{verb}”.")
    waiting = batch.proposals.pending()
    # what was refused a moment ago still waits, and stands before the rest
    waiting = waiting.filter(pk__gt=number_in(request.POST, "after") or 0).order_by("pk").select_related("author")
    rows = list(waiting[:AT_ONCE])
    if verb == "reject" and not reason_in(request):
        return _ask(request, rows, batch)
    outcomes = decided(request, verb, rows)
    last = rows[-1].pk if rows else 0
    return tell(request, verb, outcomes, batch=batch, after=last, left=waiting.filter(pk__gt=last).count())


def decided(request: HttpRequest, verb: str, rows: list[Proposal]) -> list[Outcome]:
    """Each in a transaction of its own."""
    if verb == "reject":
        return workflow.decide_each(workflow.reject, rows, request.user, reason=reason_in(request))
    return workflow.decide_each({"approve": workflow.approve, "claim": workflow.claim}[verb], rows, request.user)


def tell(request: HttpRequest, verb: str, outcomes: list[Outcome], **more: Any) -> HttpResponse:
    """The page that says what became of each."""
    well = [one for one in outcomes if not one.trouble]
    first = [one for one in well if verb == "approve" and one.done.status == Status.PENDING]
    context = {
        **admin.site.each_context(request),
        "title": f"{len(well) - len(first)} {VERBS[verb]}",
        "verb": verb,
        "done": VERBS[verb],
        "reason": reason_in(request),
        "refused": [one for one in outcomes if one.trouble],
        "first": first,
        "well": [one for one in well if one not in first],
        **more,
    }
    return TemplateResponse(request, "admin/submissions/outcomes.html", context)


def _as_seen(proposal: Proposal, request: HttpRequest) -> Proposal:
    """With the version that the page showed, so that what changed since is refused."""
    proposal.version = number_in(request.POST, f"version-{proposal.pk}") or proposal.version
    return proposal


def _ask(request: HttpRequest, rows: list[Proposal], batch: Batch | None = None) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": f"Reject {len(rows)} proposal{'s' * (len(rows) != 1)}",
        "rows": rows,
        "batch": batch,
        "after": request.POST.get("after", ""),
        "reasons": REASONS,
        "asked": "apply" in request.POST,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(
        request, "admin/submissions/reject_selected.html", context, status=400 if context["asked"] else 200
    )
