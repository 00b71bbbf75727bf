"""Decisions on many proposals, ticked or all that the filters of the queue show, and what became of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from accounts.rules import Visitor, require_account
from submissions import workflow
from submissions.admin.navigation import filtered_by, posted_filters
from submissions.admin.review import posted_reason
from submissions.bulk_decisions import BulkDecision
from submissions.forms import int_from_post, version_from_post
from submissions.models import Proposal
from submissions.states import Status
from submissions.verbs import VERBS
from submissions.verbs.definitions import Bulk, Verb
from submissions.workflow import Chosen, Invalid, WorkflowError

MAX_LISTED = 200
"""How many proposals a page names; of more it says how many."""
CHANGED = "More is in this selection than the page showed: look at it once more."
UNFILTERED = "Filter the queue first: all of it is not decided at once."


@dataclass(frozen=True)
class Selection:
    """All that the filters of the queue show and this moderator can decide: `count` proposals, as of `seen`."""

    count: int
    seen: datetime


def decide_selected(request: HttpRequest, rows: Iterable[Proposal], verb: Verb) -> HttpResponse:
    """Apply a verb to the selected rows at the versions shown; a verb that needs a message asks for it first."""
    proposals = [with_posted_version(row, request) for row in rows]
    if verb.needs_message and not posted_reason(request):
        return _ask_for_reason(request, verb, proposals)
    return _decide(request, verb, proposals, request.GET.urlencode())


@require_POST
def decide_filtered(request: HttpRequest, verb: str) -> HttpResponse:
    """Apply a verb to all that the filters of the queue showed: nothing that came or changed since, and nothing if more
    is there than was counted."""
    registered = VERBS.get(verb)
    if registered is None or registered.bulk is not Bulk.BATCH:
        names = ", ".join(other.name for other in bulk_verbs(Bulk.BATCH))
        raise Http404(f"There is no “{verb}” for a selection, only: {names}.")
    filters, queue = posted_filters(request), reverse("admin:submissions_proposal_changelist")
    seen, count = parse_datetime_or_none(request.POST.get("seen", "")), int_from_post(request.POST, "count")
    if not filters:
        messages.error(request, UNFILTERED)
        return redirect(queue)
    rows = decidable(request.user, filtered_by(request, Proposal.objects.queued(), filters))
    proposals = list(rows.filter(updated_at__lte=seen).select_related("author")) if seen and count is not None else None
    if proposals is None or len(proposals) > (count or 0):
        messages.error(request, CHANGED)
        return redirect(f"{queue}?{filters}")
    if registered.needs_message and not posted_reason(request):
        return _ask_for_reason(request, registered, proposals, {"filters": filters, "count": count, "seen": seen})
    return _decide(request, registered, proposals, filters)


def selection_of(request: HttpRequest, rows: "QuerySet[Proposal]") -> Selection:
    """What `decide_filtered` would decide of the rows of the queue now."""
    return Selection(count=decidable(request.user, rows).count(), seen=timezone.now())


def decidable(user: Visitor, rows: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    """The pending ones that somebody else proposed, and that wait for another than this moderator's approval."""
    return rows.filter(status=Status.PENDING).exclude(author=user.pk).exclude(seconded_by=user.pk)


def decision_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a decision on many is, and what became of each; by POST, go on with it."""
    decision = get_object_or_404(BulkDecision.objects.select_related("actor"), pk=pk)
    if request.method == "POST":
        try:
            workflow.continue_decision(decision=decision, actor=require_account(request.user))
        except WorkflowError as error:
            messages.error(request, str(error))
        return redirect("admin:submissions_decision", pk)
    return render_decision(request, decision)


def bulk_verbs(*scopes: Bulk) -> list[Verb]:
    """The verbs that are bulk actions for one of these scopes."""
    return [verb for verb in VERBS.values() if verb.bulk in scopes]


def render_decision(request: HttpRequest, decision: BulkDecision) -> HttpResponse:
    """Render the page of a decision."""
    rows = workflow.decided_rows(decision)
    refused = [outcome for _, outcome in rows if outcome.error_message]
    agreed = [outcome for verb, outcome in rows if workflow.is_agreement(verb, outcome)]
    succeeded = [(verb, outcome) for verb, outcome in rows if outcome not in refused and outcome not in agreed]
    verbs = {verb: None for verb, _ in succeeded} or {verb: None for verb, _ in rows}
    done = " and ".join(verb.done.lower() for verb in verbs) or "decided"
    context = {
        **admin.site.each_context(request),
        "title": f"{len(succeeded)} {done}",
        "decision": decision,
        "progress": workflow.progress_of_decision(decision),
        "done": done,
        "refused": refused,
        "agreed": agreed,
        "succeeded": [outcome for _, outcome in succeeded],
        "listed": f":{MAX_LISTED}",
        "max_listed": MAX_LISTED,
    }
    return TemplateResponse(request, "admin/submissions/outcomes.html", context)


def with_posted_version(proposal: Proposal, request: HttpRequest) -> Proposal:
    """The proposal at the version that the page showed, so that the verb is refused if it has changed since."""
    posted = version_from_post(request.POST, f"version-{proposal.pk}")
    proposal.version = proposal.version if posted is None else posted
    return proposal


def parse_datetime_or_none(text: str) -> datetime | None:
    """A moment with its time zone; None if the text is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _decide(request: HttpRequest, verb: Verb, proposals: list[Proposal], filters: str) -> HttpResponse:
    chosen = [Chosen(proposal, verb, posted_reason(request) if verb.message else "") for proposal in proposals]
    try:
        decision = workflow.decide_many(actor=require_account(request.user), chosen=chosen, filters=filters)
    except Invalid as error:
        return _ask_for_reason(request, verb, proposals, {"error": str(error)})
    if not decision.finished_at:
        return redirect("admin:submissions_decision", decision.pk)
    return render_decision(request, decision)


def _ask_for_reason(
    request: HttpRequest, verb: Verb, rows: list[Proposal], more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Ask for the message of a verb. `more` has the filters, the count and the time of a selection, or an error."""
    context = {
        **admin.site.each_context(request),
        "title": f"{verb.label} {len(rows):,} proposal{'s' * (len(rows) != 1)}",
        "verb": verb,
        "presets": verb.presets_for(rows),
        "rows": rows[:MAX_LISTED],
        "unlisted": max(len(rows) - MAX_LISTED, 0),
        "reason_missing": "apply" in request.POST,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        **(more or {}),
    }
    status = 400 if context["reason_missing"] or "error" in context else 200
    return TemplateResponse(request, "admin/submissions/bulk_action.html", context, status=status)
