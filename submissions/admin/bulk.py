"""Bulk actions of the queue and of batches, with a page that shows the outcome of each proposal."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from accounts.rules import require_account
from submissions import workflow
from submissions.admin.review import posted_reason
from submissions.forms import int_from_post, version_from_post
from submissions.models import Batch, Proposal
from submissions.states import Status
from submissions.verbs import APPROVE, VERBS
from submissions.verbs.definitions import Bulk, Verb
from submissions.workflow import Outcome

CHUNK_SIZE = 200
"""How many proposals of a batch one request handles; a button continues with the rest."""


def decide_selected(request: HttpRequest, rows: Iterable[Proposal], verb: Verb) -> HttpResponse:
    """Apply a verb to the selected rows at the versions shown; a verb that needs a message asks for it first."""
    proposals = [with_posted_version(row, request) for row in rows]
    if verb.needs_message and not posted_reason(request):
        return _ask_for_reason(request, verb, proposals)
    return render_outcomes(request, verb, apply_verb(request, verb, proposals))


@require_POST
def decide_batch(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Apply a verb to the pending proposals of a batch, one chunk at a time, and offer to continue."""
    batch = get_object_or_404(Batch, pk=pk)
    registered = VERBS.get(verb)
    if registered is None or registered.bulk is not Bulk.BATCH:
        names = ", ".join(other.name for other in bulk_verbs(Bulk.BATCH))
        raise Http404(f"There is no “{verb}” for a batch, only: {names}.")
    pending = batch.proposals.pending()
    # proposals refused in an earlier chunk are still pending, and come before the rest
    pending = pending.filter(pk__gt=int_from_post(request.POST, "after") or 0).order_by("pk").select_related("author")
    rows = list(pending[:CHUNK_SIZE])
    if registered.needs_message and not posted_reason(request):
        return _ask_for_reason(request, registered, rows, batch)
    outcomes = apply_verb(request, registered, rows)
    last = rows[-1].pk if rows else 0
    return render_outcomes(
        request, registered, outcomes, batch=batch, after=last, remaining=pending.filter(pk__gt=last).count()
    )


def bulk_verbs(*scopes: Bulk) -> list[Verb]:
    """The verbs that are bulk actions for one of these scopes."""
    return [verb for verb in VERBS.values() if verb.bulk in scopes]


def apply_verb(request: HttpRequest, verb: Verb, rows: list[Proposal]) -> list[Outcome]:
    """Apply the verb to each proposal in its own transaction."""
    arguments = {verb.message.name: posted_reason(request)} if verb.message else {}
    return workflow.perform_each(verb, rows, require_account(request.user), **arguments)


def render_outcomes(request: HttpRequest, verb: Verb, outcomes: list[Outcome], **more: Any) -> HttpResponse:
    """Render the page with the outcome of each proposal."""
    succeeded = [outcome for outcome in outcomes if not outcome.error_message]
    agreed = [outcome for outcome in succeeded if verb is APPROVE and outcome.result.status == Status.PENDING]
    context = {
        **admin.site.each_context(request),
        "title": f"{len(succeeded) - len(agreed)} {verb.done.lower()}",
        "verb": verb.name,
        "done": verb.done.lower(),
        "reason": posted_reason(request),
        "refused": [outcome for outcome in outcomes if outcome.error_message],
        "agreed": agreed,
        "succeeded": [outcome for outcome in succeeded if outcome not in agreed],
        **more,
    }
    return TemplateResponse(request, "admin/submissions/outcomes.html", context)


def with_posted_version(proposal: Proposal, request: HttpRequest) -> Proposal:
    """The proposal at the version that the page showed, so that the verb is refused if it has changed since."""
    posted = version_from_post(request.POST, f"version-{proposal.pk}")
    proposal.version = proposal.version if posted is None else posted
    return proposal


def _ask_for_reason(request: HttpRequest, verb: Verb, rows: list[Proposal], batch: Batch | None = None) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": f"{verb.label} {len(rows)} proposal{'s' * (len(rows) != 1)}",
        "verb": verb,
        "presets": verb.presets_for(rows),
        "rows": rows,
        "batch": batch,
        "after": request.POST.get("after", ""),
        "reason_missing": "apply" in request.POST,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(
        request, "admin/submissions/bulk_action.html", context, status=400 if context["reason_missing"] else 200
    )
