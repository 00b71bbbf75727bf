"""Shared by the views: get an object or 404, read the form, submit, render a refusal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.confirming import require_second_factor
from accounts.rules import require_account
from catalog.forms import Errors
from catalog.forms.references import former_ids
from catalog.kinds import BY_PLURAL, Kind
from catalog.models import Entry
from submissions import rules
from submissions.models import Proposal
from submissions.workflow import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    WorkflowError,
    checked_payload,
    submit,
)


def get_visible_proposal(request: HttpRequest, pk: int) -> Proposal:
    """A proposal that this person may see; 404 for others, so that its existence does not leak.

    A moderator whose session has not used the second factor is led to it, whether there is such a proposal or not.
    """
    rows = Proposal.objects.select_related("author", "batch", "decided_by", "claimed_by", "seconded_by")
    proposal = rows.filter(pk=pk).first()
    if proposal is None or not rules.can_see(request.user, proposal):
        require_second_factor(request)
        raise Http404("There is no such proposal, or it is not yours.")
    return proposal


def get_live_entry(plural: str, slug: str) -> tuple[Kind, Entry]:
    """The kind and the live entry of a present or former slug, with its references prefetched."""
    kind = BY_PLURAL[plural]
    rows = kind.model.objects.with_references()
    entry = rows.filter(slug=slug).first() or rows.filter(pk__in=former_ids(kind.name, {slug}).values()).first()
    if entry is None:
        raise Http404(f"There is no {kind.label.lower()} at this address.")
    return kind, entry


def locked_page(
    request: HttpRequest, kind: Kind, entry_id: int, name: str, *, back_url: str, flag_url: str = ""
) -> HttpResponse | None:
    """The page (403) that says instead of a form that an entry is locked and why; None if this person may propose
    changes of it."""
    lock = rules.get_lock(kind.name, entry_id)
    if lock is None or rules.can_edit_locked(request.user):
        return None
    context = {"name": name, "lock": lock, "back_url": back_url, "flag_url": flag_url}
    return render(request, "submissions/locked.html", context, status=403)


def locked_entry_page(request: HttpRequest, kind: Kind, entry: Entry) -> HttpResponse | None:
    """The same for a live entry, which can still be flagged."""
    flag_url = reverse("submissions:flag", args=[kind.plural, entry.slug])
    return locked_page(request, kind, entry.pk, entry.name, back_url=entry.get_absolute_url(), flag_url=flag_url)


def source_and_comment(request: HttpRequest) -> dict[str, Any]:
    """The source and the comment that go with a proposal."""
    return {"source": request.POST.get("source", ""), "comment": request.POST.get("comment", "")}


def propose(request: HttpRequest, thanks: str, proposed: NewProposal, *forms: str) -> HttpResponse | Errors:
    """Submit a proposal and redirect to its page, or return the errors by field. `forms` are the names of further forms
    whose unsent work it was. Raises PermissionDenied."""
    try:
        proposal = submit(author=require_account(request.user), proposed=proposed)
    except Invalid as error:
        return all_errors(error, proposed)
    except AlreadyProposed as error:
        messages.info(request, str(error))
        return redirect("submissions:detail", error.proposal_id)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, thanks, extra_tags=unsent_work_keys(proposal, *forms))
    return redirect(proposal)


def all_errors(error: Invalid, proposed: NewProposal) -> Errors:
    """The errors by field, with those of the payload even if the workflow stopped at a missing source or comment."""
    if not proposed.payload or not set(error.errors) <= {"source", "comment"}:
        return error.errors
    try:
        checked_payload(proposed)
    except Invalid as payload_error:
        return {**payload_error.errors, **error.errors}
    return error.errors


def unsent_work_keys(proposal: Proposal, *forms: str) -> str:
    """The keys of unsent work that the browser can now delete (static/js/keep-form.js)."""
    about = f"{proposal.kind}-{proposal.target_id}"
    names = ["paste", f"new-{proposal.kind}", f"revise-{proposal.pk}", *forms]
    names += [f"{verb}-{about}" for verb in ("edit", "retire", "restore", "flag")]
    return " ".join(f"{proposal.author_id}/{name}" for name in names)


def render_refusal(request: HttpRequest, error: WorkflowError, **context: Any) -> HttpResponse:
    """The page that says why something was refused: 409 or 400. Raises PermissionDenied for a 403."""
    if isinstance(error, NotAllowed):
        raise PermissionDenied(str(error))
    status = 409 if isinstance(error, Conflict) else 400
    return render(request, "submissions/refused.html", {"error": error, **context}, status=status)
