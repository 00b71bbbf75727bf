"""Propose a new entry from a pasted text or an empty form."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.methods import accepts
from catalog.kinds import BY_PLURAL, KINDS, Kind
from submissions import rules
from submissions.forms import additions_from_post, payload_from_post, rendered_form
from submissions.intake.drafts import Draft, Unreadable
from submissions.intake.duplicates import find_duplicates
from submissions.intake.metadata import enrich
from submissions.intake.paste import read_pasted
from submissions.intake.pasted_lines import ACCEPTED_FORMATS
from submissions.limits import limit_posts
from submissions.models import ProposalAction
from submissions.web.again import earlier_payload, earlier_proposal, earlier_reasons
from submissions.web.lists import batch_preview
from submissions.web.shortcuts import propose, source_and_comment
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import NewProposal

THANKS = "Thank you. Your proposal is in the queue."


def contribute(request: HttpRequest) -> HttpResponse:
    """The start page: paste one thing, pick a kind, or bring a list; and how review works."""
    return render(request, "submissions/contribute.html", {"kinds": list(KINDS.values())})


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("paste")
def paste(request: HttpRequest) -> HttpResponse:
    """Show the form of a kind, filled from what was pasted, or the preview of a batch if that is several things."""
    if "text" not in request.POST:
        return redirect("submissions:contribute")
    text = request.POST["text"]
    items = read_pasted(text)
    drafts = [item for item in items if isinstance(item, Draft)]
    others = [item for item in items if isinstance(item, Unreadable)]
    if len(drafts) > 1:
        return batch_preview(request, text)
    if not drafts:
        reason = next((item.reason for item in others if not item.skipped), ACCEPTED_FORMATS)
        context = {"kinds": list(KINDS.values()), "pasted": text, "unreadable": reason}
        return render(request, "submissions/contribute.html", context, status=400)
    read = f"Read from what you pasted: {drafts[0].stated}."
    left = [f"Not read, line {item.line}: {item.reason}" for item in others]
    draft = enrich(drafts[0])
    notes = (read, *draft.notes, *left)
    return render_form(request, KINDS[draft.kind], draft.payload, source=draft.source, notes=notes)


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("propose")
def new_entry(request: HttpRequest, plural: str) -> HttpResponse:
    """Show the form of a kind, empty or as posted; submitting it puts a proposal into the queue.

    Links may fill fields: `/contribute/results/?benchmark=mmmu&paper=gemma-3`; ?again= fills all of them with what one
    proposed before.
    """
    kind = BY_PLURAL[plural]
    if not request.POST and (earlier := earlier_proposal(request)):
        about = {"additions": earlier.current_additions, **earlier_reasons(request)}
        return render_form(request, kind, earlier_payload(earlier, kind), **about)
    if not request.POST:
        return render_form(request, kind, payload_from_post(kind, request.GET) if request.GET else {})
    payload = payload_from_post(kind, request.POST)
    about = {"additions": additions_from_post(kind, payload, request.POST), **source_and_comment(request)}
    if "submit" not in request.POST:  # another row, a preview, a suggested name, or back from signing in
        return render_form(request, kind, payload, **about, add=request.POST.get("add", ""))
    result = propose(request, THANKS, NewProposal(kind, ProposalAction.CREATE, payload, **about))
    return result if isinstance(result, HttpResponse) else render_form(request, kind, payload, **about, errors=result)


def render_form(
    request: HttpRequest,
    kind: Kind,
    payload: dict[str, Any],
    *,
    additions: Mapping[str, Any] | None = None,
    source: str = "",
    comment: str = "",
    notes: tuple[str, ...] = (),
    errors: dict[str, list[str]] | None = None,
    add: str = "",
) -> HttpResponse:
    """Render the form of a new entry, with likely duplicates."""
    context = {
        "kind": kind,
        "entry_form": rendered_form(kind, payload, errors, add, additions or {}),
        "errors": errors or {},
        "source": source,
        "own_source": True,
        "comment": comment,
        "notes": notes,
        "duplicates": find_duplicates(kind, payload) if payload else [],
        "can_submit": rules.can_submit(request.user),
        "preview": payload if "preview" in request.POST else None,
    }
    return render(request, "submissions/new.html", context, status=400 if errors else 200)
