"""The review page."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rules import require_account
from accounts.words import is_blank
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.admin.base import errors_of, http_status_for
from submissions.admin.buttons import buttons_for
from submissions.admin.entries import entry_admin_url
from submissions.admin.navigation import filter_query, redirect_to_next
from submissions.forms import int_from_post, payload_from_post, rendered_form, version_from_post
from submissions.models import Event, Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.states import Status
from submissions.verbs import APPROVE, COMMENT, SECOND, VERBS
from submissions.verbs.definitions import Verb
from submissions.workflow import Conflict, StaleProposal, WorkflowError


def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal with all that is needed to decide."""
    return _render_review(request, _proposal(pk))


def _render_review(request: HttpRequest, proposal: Proposal, error: WorkflowError | None = None) -> HttpResponse:
    can_decide = rules.can_decide(request.user, proposal)
    review = ProposalReview(proposal)
    author_agrees = proposal.is_open and rules.author_is_first_of_two(proposal)
    context = {
        **admin.site.each_context(request),
        "title": str(proposal),
        "proposal": proposal,
        "review": review,
        "entry_admin_url": entry_admin_url(review.entry) if review.entry else "",
        "track_record": track_record(proposal.author),
        "can_decide": can_decide,
        "can_pick": proposal.action == ProposalAction.EDIT and can_decide,
        "is_own": rules.is_author(request.user, proposal),
        "needs_second": rules.needs_second_approval(proposal),
        "author_agrees": author_agrees,
        "has_notes": bool(
            (proposal.priority_reason and not proposal.batch)
            or proposal.claimed_by
            or proposal.seconded_by
            or author_agrees
        ),
        "agreed": rules.has_agreed(request.user, proposal),
        "can_undo": rules.can_undo(request.user),
        "buttons": buttons_for(request, review),
        "reason": request.POST.get("reason", ""),
        "error": error,
        "stale": isinstance(error, StaleProposal),
        "filters": filter_query(request),
    }
    return TemplateResponse(request, "admin/submissions/review.html", context, status=http_status_for(error))


def posted_reason(request: HttpRequest) -> str:
    """The posted reason: typed, or picked from the presets."""
    typed = request.POST.get("reason", "").strip()
    return request.POST.get("canned", "").strip() if is_blank(typed) else typed


def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Carry out one verb and redirect to the next proposal; clients that accept JSON get the outcome instead.

    By GET they learn whether it was carried out on this `version`, in case that they got no answer.
    """
    registered = VERBS.get(verb)
    if registered is None or registered.position is None:
        raise Http404(f"There is no “{verb}”.")
    if request.method == "GET" and _wants_json(request):
        is_done = _was_already_done(request, pk, registered, version_from_post(request.GET))
        return JsonResponse({"ok": is_done, "message": f"{registered.done}: {_proposal(pk).name}."})
    return _decide(request, pk, registered)


@require_POST
def _decide(request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
    proposal, shown = _proposal(pk), version_from_post(request.POST)
    wants_json = _wants_json(request)
    try:
        done = workflow.perform(
            verb, proposal=proposal, actor=require_account(request.user), **arguments_in(request, verb)
        )
    except WorkflowError as error:
        if wants_json and isinstance(error, Conflict) and _was_already_done(request, pk, verb, shown):
            return JsonResponse({"ok": True, "message": f"{verb.done}: {proposal.name}."})
        if wants_json:
            return JsonResponse({"ok": False, "message": f"{proposal.name}: {error}"}, status=http_status_for(error))
        return _render_review(request, _proposal(pk), error)
    message = f"{verb.done}: {proposal.name}."
    if verb is APPROVE and done.status == Status.PENDING:
        message = f"You agree with “{proposal}”; another moderator has to agree as well."
    if wants_json:
        return JsonResponse({"ok": True, "message": message})
    messages.success(request, message)
    return _redirect_back(request, pk) if verb.stays_on_page else redirect_to_next(request, proposal)


def arguments_in(request: HttpRequest, verb: Verb) -> dict[str, Any]:
    """The posted arguments of a verb: its message, the version shown, and for a partial approval, its fields."""
    arguments: dict[str, Any] = {}
    if verb.moves:
        arguments["version"] = version_from_post(request.POST)
    if verb.message:
        arguments[verb.message.name] = posted_reason(request)
    if "partly" in request.POST and verb.takes("fields"):
        arguments["fields"] = set(request.POST.getlist("fields"))
    return arguments


def _redirect_back(request: HttpRequest, pk: int) -> HttpResponse:
    response = redirect("admin:submissions_proposal_change", pk)
    if query := filter_query(request):
        response["Location"] += f"?{query}"
    return response


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _was_already_done(request: HttpRequest, pk: int, verb: Verb, version: int | None) -> bool:
    """Whether this person has made this decision on that version: browsers resend a request that got no response."""
    last = Event.objects.filter(proposal=pk).exclude(verb=COMMENT.name).order_by("-pk").first()
    events = {APPROVE.name, SECOND.name} if verb is APPROVE else {verb.name}
    if last is None or last.actor_id != request.user.pk or last.verb not in events:
        return False
    return Proposal.objects.filter(pk=pk, version=(version or 0) + 1).exists()


def edit_and_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form with the proposed values; submitting it publishes them as edited."""
    proposal = _proposal(pk)
    if not proposal.has_payload or not rules.can_decide(request.user, proposal):
        return _render_review(request, proposal, Conflict("This proposal cannot be edited and approved."))
    kind, review = KINDS[proposal.kind], ProposalReview(proposal)
    payload = payload_from_post(kind, request.POST) if request.method == "POST" else review.rebased_payload
    base = version_from_post(request.POST, "base")
    if base is None and review.entry:
        base = review.entry.revision
    error: WorkflowError | None = None
    if "submit" in request.POST:
        try:
            workflow.approve(
                proposal=proposal,
                actor=require_account(request.user),
                version=version_from_post(request.POST),
                payload=payload,
                base=base if proposal.action == ProposalAction.EDIT else None,
                comment=request.POST.get("comment", ""),
            )
        except WorkflowError as refusal:
            error = refusal
        else:
            messages.success(request, f"Approved as you edited it: {proposal.name}.")
            return redirect_to_next(request, proposal)
    return _render_edit_form(request, review, payload, base, error)


def _render_edit_form(
    request: HttpRequest, review: ProposalReview, payload: Any, base: int | None, error: WorkflowError | None
) -> HttpResponse:
    proposal, version = review.proposal, version_from_post(request.POST)
    errors = errors_of(error)
    context = {
        **admin.site.each_context(request),
        "title": f"Edit and approve: {proposal.name}",
        "proposal": proposal,
        "review": review,
        "base": base,
        "version": proposal.version if version is None else version,
        "entry_form": rendered_form(KINDS[proposal.kind], payload, errors, request.POST.get("add", "")),
        "errors": errors,
        "comment": request.POST.get("comment", ""),
        "filters": filter_query(request),
    }
    return TemplateResponse(request, "admin/submissions/edit.html", context, status=http_status_for(error))


def next_proposal(request: HttpRequest) -> HttpResponse:
    """Skip to the proposal after ?after= in the queue; after the last, to the first."""
    return redirect_to_next(request, Proposal.objects.filter(pk=int_from_post(request.GET, "after") or 0).first())


def track_record(author: User) -> dict[str, int]:
    """The author's proposals counted by status."""
    counts = Proposal.objects.filter(author=author).order_by().values_list("status").annotate(n=Count("pk"))
    return {Status(status).label: n for status, n in counts}


def _proposal(pk: int) -> Proposal:
    rows = Proposal.objects.select_related("author", "batch", "claimed_by", "seconded_by", "decided_by")
    return get_object_or_404(rows, pk=pk)
