"""One's own proposals: where they stand, what was said, and what one can do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.rules import require_account
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.forms import number_in, payload_of, sheet_of
from submissions.limits import limit_posts
from submissions.models import Proposal, ProposalAction
from submissions.review import Review
from submissions.states import Status
from submissions.verbs import VERBS
from submissions.verbs.definitions import Verb
from submissions.web.fetching import all_errors, proposal_for, refusal, sent, words_in
from submissions.web.signing_in import signed_in
from submissions.web.standing import last_words, places
from submissions.workflow import CANNOT_PROPOSE, Conflict, Invalid, NewProposal, NotAllowed, Target, WorkflowError

A_PAGE = 25


@login_required
@never_cache
def my_submissions(request: HttpRequest) -> HttpResponse:
    """What this person proposed, newest first, by status if asked."""
    mine = Proposal.objects.filter(author_id=request.user.pk).select_related(
        "batch", "decided_by", "claimed_by", "seconded_by"
    )
    status = request.GET.get("status", "")
    if status in Status.values:
        mine = mine.filter(status=status)
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    place, words = places(shown), last_words(shown)
    rows = [(proposal, place.get(proposal.pk), words.get(proposal.pk)) for proposal in shown]
    context = {"page": page, "rows": rows, "status": status, "statuses": Status.choices}
    return render(request, "submissions/mine.html", context)


@login_required
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its state, what happens next, its differences, and what was said."""
    return detail_page(request, proposal_for(request, pk))


def detail_page(request: HttpRequest, proposal: Proposal, errors: Any = None, text: str = "") -> HttpResponse:
    verbs = [verb for verb in VERBS.values() if verb.on_author_page and verb.is_allowed(request.user, proposal)]
    context = {
        "proposal": proposal,
        "review": Review(proposal),
        "place": places([proposal]).get(proposal.pk),
        "can_revise": rules.can_revise(request.user, proposal),
        "verbs": [verb for verb in verbs if not verb.needs_message],
        "message_verbs": [verb for verb in verbs if verb.needs_message],
        "can_review": rules.may_decide(request.user, proposal),
        "errors": errors or {},
        "text": text,
    }
    return render(request, "submissions/detail.html", context, status=400 if errors else 200)


@signed_in
@never_cache
@limit_posts("propose")
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled with what was proposed; submitting it puts it back into the queue."""
    proposal = proposal_for(request, pk)
    if not rules.can_revise(request.user, proposal):
        suspended = rules.is_author(request.user, proposal) and not rules.can_submit(request.user)
        error = NotAllowed(CANNOT_PROPOSE) if suspended else Conflict("This proposal cannot be revised any more.")
        return refusal(request, error, proposal=proposal)
    kind = KINDS[proposal.kind]
    if not request.POST:
        words = {"source": proposal.source, "comment": proposal.comment}
        return _revise_page(request, proposal, proposal.current_payload, words)
    payload, words = payload_of(kind, request.POST), words_in(request)
    if "submit" not in request.POST:
        return _revise_page(request, proposal, payload, words, add=request.POST.get("add", ""))
    return _revised(request, proposal, payload, words)


def _revised(request: HttpRequest, proposal: Proposal, payload: Any, words: dict[str, str]) -> HttpResponse:
    try:
        version = number_in(request.POST, "version")
        workflow.revise(
            proposal=proposal, actor=require_account(request.user), payload=payload, **words, version=version
        )
    except Invalid as error:
        proposed = NewProposal(KINDS[proposal.kind], proposal.action, payload, Target.of(proposal))
        return _revise_page(request, proposal, payload, words, errors=all_errors(error, proposed))
    except Conflict as error:
        return _revised_too_late(request, proposal.pk, payload, words, error)
    except WorkflowError as error:
        return refusal(request, error, proposal=proposal)
    messages.success(request, "Revised, and back in the queue.", extra_tags=sent(proposal))
    return redirect(proposal)


def _revised_too_late(
    request: HttpRequest, pk: int, payload: Any, words: dict[str, str], error: Conflict
) -> HttpResponse:
    """What was typed once more, where the proposal can still be revised: somebody may only have begun to look at it."""
    fresh = proposal_for(request, pk)
    if not rules.can_revise(request.user, fresh):
        return refusal(request, error, proposal=fresh)
    told = {"__all__": [f"{error} What you wrote is still here: submit it again if it still holds."]}
    response = _revise_page(request, fresh, payload, words, errors=told)
    response.status_code = 409
    return response


def _revise_page(
    request: HttpRequest, proposal: Proposal, payload: Any, words: dict[str, str], *, errors: Any = None, add: str = ""
) -> HttpResponse:
    kind = KINDS[proposal.kind]
    context = {
        "proposal": proposal,
        "kind": kind,
        "sheet": sheet_of(kind, payload, errors, add),
        "errors": errors or {},
        "preview": payload if "preview" in request.POST else None,
        "may": True,
        "needs_source": proposal.action == ProposalAction.EDIT,
        **words,
    }
    return render(request, "submissions/revise.html", context, status=400 if errors else 200)


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Carry out one of the verbs that the author's page has."""
    known = VERBS.get(verb)
    if known is None or not known.on_author_page:
        raise Http404(f"There is no “{verb}” here.")
    view = limit_posts(known.limit)(_act) if known.limit else _act
    return signed_in(never_cache(view))(request, pk, known)


def _act(request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
    proposal = proposal_for(request, pk)
    text = request.POST.get("text", "")
    if request.method != "POST":  # also back from signing in, with what was typed
        return detail_page(request, proposal, text=text) if text else redirect(proposal)
    arguments: dict[str, Any] = {verb.message.name: text} if verb.message else {}
    if verb.moves:
        arguments["version"] = number_in(request.POST, "version")
    try:
        workflow.perform(verb, proposal=proposal, actor=require_account(request.user), **arguments)
    except Invalid as error:
        return detail_page(request, proposal, errors=error.errors, text=text)
    except WorkflowError as error:
        return refusal(request, error, proposal=proposal)
    if verb.thanks:
        messages.success(request, verb.thanks)
    return redirect(f"{proposal.get_absolute_url()}{'#discussion' if verb.needs_message else ''}")
