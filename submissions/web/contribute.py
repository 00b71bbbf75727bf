"""From a pasted line or an empty form to a proposal of a new entry."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from catalog.kinds import BY_PLURAL, KINDS, Kind
from submissions import rules
from submissions.forms import payload_of, sheet_of
from submissions.intake.drafts import Draft
from submissions.intake.duplicates import likely
from submissions.intake.metadata import enrich
from submissions.intake.paste import read
from submissions.limits import limit_posts
from submissions.models import ProposalAction
from submissions.web.fetching import propose, words_in
from submissions.web.signing_in import signed_in
from submissions.workflow import NewProposal

THANKS = "Thank you. Your proposal is in the queue."


def contribute(request: HttpRequest) -> HttpResponse:
    """Where to begin: paste one thing, pick a kind, or bring a whole list; and how review goes."""
    return render(request, "submissions/contribute.html", {"kinds": list(KINDS.values())})


@signed_in
@limit_posts("paste")
def paste(request: HttpRequest) -> HttpResponse:
    """One pasted line, arXiv id, DOI or BibTeX entry, shown as the filled form of its kind."""
    if "text" not in request.POST:
        return redirect("submissions:contribute")
    text = request.POST["text"]
    found = read(text)
    if not isinstance(found, Draft):
        context = {"kinds": list(KINDS.values()), "pasted": text, "unreadable": found.why}
        return render(request, "submissions/contribute.html", context, status=400)
    draft = enrich(found)
    kind = KINDS[draft.kind]
    return form_page(request, kind, draft.payload, source=draft.source, notes=draft.notes)


@signed_in
@limit_posts("propose")
def new_entry(request: HttpRequest, plural: str) -> HttpResponse:
    """The form of a kind, empty or as posted; submitting it puts a proposal into the queue.

    Links may fill fields: `/contribute/results/?benchmark=mmmu&paper=gemma-3`.
    """
    kind = BY_PLURAL[plural]
    if not request.POST:
        return form_page(request, kind, payload_of(kind, request.GET) if request.GET else {})
    payload = payload_of(kind, request.POST)
    words = words_in(request)
    if "submit" not in request.POST:  # another row, a preview, or back from signing in
        return form_page(request, kind, payload, **words, add=request.POST.get("add", ""))
    done = propose(request, THANKS, NewProposal(kind, ProposalAction.CREATE, payload, **words))
    return done if isinstance(done, HttpResponse) else form_page(request, kind, payload, **words, errors=done)


def form_page(
    request: HttpRequest,
    kind: Kind,
    payload: dict[str, Any],
    *,
    source: str = "",
    comment: str = "",
    notes: tuple[str, ...] = (),
    errors: dict[str, list[str]] | None = None,
    add: str = "",
) -> HttpResponse:
    """The form of a new entry, with likely twins beside it."""
    context = {
        "kind": kind,
        "sheet": sheet_of(kind, payload, errors, add),
        "errors": errors or {},
        "source": source,
        "comment": comment,
        "notes": notes,
        "twins": likely(kind, payload) if payload else [],
        "may": rules.can_submit(request.user),
        "preview": payload if "preview" in request.POST else None,
    }
    return render(request, "submissions/new.html", context, status=400 if errors else 200)
