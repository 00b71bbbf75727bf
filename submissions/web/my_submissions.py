"""One's own proposals: status, discussion, and the author's verbs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.methods import accepts
from accounts.rules import require_account
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.additions import shown_additions
from submissions.forms import additions_from_post, payload_from_post, rendered_form, version_from_post
from submissions.limits import limit_posts
from submissions.models import Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.states import Status
from submissions.verbs import VERBS
from submissions.verbs.definitions import Verb
from submissions.web.again import again_url
from submissions.web.queue_positions import last_messages, queue_positions
from submissions.web.shortcuts import (
    all_errors,
    get_visible_proposal,
    locked_page,
    render_refusal,
    source_and_comment,
    unsent_work_keys,
)
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import (
    CANNOT_PROPOSE_MESSAGE,
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    Target,
    WorkflowError,
)

PAGE_SIZE = 25


@login_required
@never_cache
def my_submissions(request: HttpRequest) -> HttpResponse:
    """One's own proposals, newest first, filtered by ?status= if given."""
    proposals = Proposal.objects.filter(author_id=request.user.pk).select_related(
        "batch", "decided_by", "claimed_by", "seconded_by"
    )
    status = request.GET.get("status", "")
    if status in Status.values:
        proposals = proposals.filter(status=status)
    page = Paginator(proposals, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    positions, messages_by_pk, additions = queue_positions(shown), last_messages(shown), shown_additions(shown)
    rows = [
        (proposal, positions.get(proposal.pk), messages_by_pk.get(proposal.pk), additions.get(proposal.pk, []))
        for proposal in shown
    ]
    context = {"page": page, "rows": rows, "status": status, "statuses": Status.choices}
    return render(request, "submissions/mine.html", context)


@login_required
@never_cache
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its status, the next step, its differences and discussion."""
    return render_detail(request, get_visible_proposal(request, pk))


def render_detail(request: HttpRequest, proposal: Proposal, errors: Any = None, text: str = "") -> HttpResponse:
    verbs = [verb for verb in VERBS.values() if verb.on_author_page and verb.is_allowed(request.user, proposal)]
    review = ProposalReview(proposal)
    context = {
        "proposal": proposal,
        "review": review,
        "again_url": again_url(request.user, review),
        "queue_position": queue_positions([proposal]).get(proposal.pk),
        "can_revise": rules.can_revise(request.user, proposal),
        "verbs": [verb for verb in verbs if not verb.needs_message],
        "message_verbs": [verb for verb in verbs if verb.needs_message],
        "can_review": rules.can_review(request.user, proposal),
        "errors": errors or {},
        "text": text,
    }
    return render(request, "submissions/detail.html", context, status=400 if errors else 200)


@accepts("GET", "POST")
@login_required_keeping_post
@never_cache
@limit_posts("propose")
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with the proposed values; submitting it puts the proposal back into the queue."""
    proposal = get_visible_proposal(request, pk)
    if not rules.can_revise(request.user, proposal):
        suspended = rules.is_author(request.user, proposal) and not rules.can_submit(request.user)
        error = (
            NotAllowed(CANNOT_PROPOSE_MESSAGE) if suspended else Conflict("This proposal cannot be revised any more.")
        )
        return render_refusal(request, error, proposal=proposal)
    kind = KINDS[proposal.kind]
    if locked := locked_page(
        request, kind, proposal.target_id or 0, proposal.name, back_url=proposal.get_absolute_url()
    ):
        return locked
    if not request.POST:
        about = {"source": proposal.source, "comment": proposal.comment, "additions": proposal.current_additions}
        return _render_revise_form(request, proposal, proposal.current_payload, about)
    payload = payload_from_post(kind, request.POST)
    about = {"additions": additions_from_post(kind, payload, request.POST), **source_and_comment(request)}
    if "submit" not in request.POST:
        return _render_revise_form(request, proposal, payload, about, add=request.POST.get("add", ""))
    return _submit_revision(request, proposal, payload, about)


def _submit_revision(request: HttpRequest, proposal: Proposal, payload: Any, about: dict[str, Any]) -> HttpResponse:
    try:
        version = version_from_post(request.POST)
        workflow.revise(
            proposal=proposal, actor=require_account(request.user), payload=payload, **about, version=version
        )
    except Invalid as error:
        proposed = NewProposal(KINDS[proposal.kind], proposal.action, payload, Target.of(proposal), **about)
        return _render_revise_form(request, proposal, payload, about, errors=all_errors(error, proposed))
    except Conflict as error:
        return _render_conflict(request, proposal.pk, payload, about, error)
    except WorkflowError as error:
        return render_refusal(request, error, proposal=proposal)
    messages.success(request, "Revised, and back in the queue.", extra_tags=unsent_work_keys(proposal))
    return redirect(proposal)


def _render_conflict(
    request: HttpRequest, pk: int, payload: Any, about: dict[str, Any], error: Conflict
) -> HttpResponse:
    """The form with what was typed, if the proposal can still be revised: perhaps somebody only claimed it."""
    fresh = get_visible_proposal(request, pk)
    if not rules.can_revise(request.user, fresh):
        return render_refusal(request, error, proposal=fresh)
    errors = {"__all__": [f"{error} What you wrote is still here: submit it again if it still holds."]}
    response = _render_revise_form(request, fresh, payload, about, errors=errors)
    response.status_code = 409
    return response


def _render_revise_form(
    request: HttpRequest,
    proposal: Proposal,
    payload: Any,
    about: dict[str, Any],
    *,
    errors: Any = None,
    add: str = "",
) -> HttpResponse:
    """Render the form; `about` are source, comment and additions."""
    kind = KINDS[proposal.kind]
    context = {
        "proposal": proposal,
        "kind": kind,
        "entry_form": rendered_form(kind, payload, errors, add, about["additions"]),
        "errors": errors or {},
        "preview": payload if "preview" in request.POST else None,
        "can_submit": True,
        "needs_source": proposal.action == ProposalAction.EDIT,
        "own_source": proposal.action == ProposalAction.CREATE,
        "source": about["source"],
        "comment": about["comment"],
    }
    return render(request, "submissions/revise.html", context, status=400 if errors else 200)


@accepts("GET", "POST")
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Carry out one of the verbs on the author's page."""
    registered = VERBS.get(verb)
    if registered is None or not registered.on_author_page:
        raise Http404(f"There is no “{verb}” here.")
    view = limit_posts(registered.limit)(_act) if registered.limit else _act
    return login_required_keeping_post(never_cache(view))(request, pk, registered)


def _act(request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
    proposal = get_visible_proposal(request, pk)
    text = request.POST.get("text", "")
    if request.method != "POST":  # after signing in, with the typed text restored
        return render_detail(request, proposal, text=text) if text else redirect(proposal)
    arguments: dict[str, Any] = {verb.message.name: text} if verb.message else {}
    if verb.moves:
        arguments["version"] = version_from_post(request.POST)
    try:
        workflow.perform(verb, proposal=proposal, actor=require_account(request.user), **arguments)
    except Invalid as error:
        return render_detail(request, proposal, errors=error.errors, text=text)
    except WorkflowError as error:
        return render_refusal(request, error, proposal=proposal)
    if verb.thanks:
        messages.success(request, verb.thanks)
    return redirect(f"{proposal.get_absolute_url()}{'#discussion' if verb.needs_message else ''}")
