"""Propose to edit, retire, merge or restore an entry, or flag it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.methods import accepts
from catalog.forms.payload import Errors
from catalog.forms.rows import SourceRow
from catalog.kinds import BY_PLURAL, Kind
from catalog.ledger.checking import refused_values
from catalog.models import Entry, Revision, RevisionAction
from submissions import rules
from submissions.effects import removal_effects
from submissions.forms import additions_from_post, payload_from_post, rendered_form, version_from_post
from submissions.limits import limit_posts
from submissions.models import Proposal, ProposalAction
from submissions.web.again import earlier_payload, earlier_proposal, earlier_reasons
from submissions.web.shortcuts import get_live_entry, locked_entry_page, locked_page, propose, source_and_comment
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import NewProposal, Target

THANKS = "Thank you. Your proposal is in the queue."
THANKS_TWO_MODERATORS = "Thank you. Two moderators look at this before anything goes."


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("propose")
def edit_entry(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Show the form with the live values; submitting it proposes an edit."""
    kind, entry = get_live_entry(plural, slug)
    if locked := locked_entry_page(request, kind, entry):
        return locked
    if not request.POST:
        earlier = earlier_proposal(request)
        payload = earlier_payload(earlier, kind, entry) if earlier else kind.dump(entry)
        payload = with_row_for_source(kind, payload, request.GET.get("source_for", ""))
        about = {"additions": earlier.current_additions if earlier else {}, **earlier_reasons(request)}
        return render_edit_form(request, kind, entry, payload, base=entry.revision, **about)
    payload = payload_from_post(kind, request.POST)
    base = _base_revision(request, entry)
    about = {"additions": additions_from_post(kind, payload, request.POST), **source_and_comment(request)}
    if "submit" not in request.POST:
        return render_edit_form(request, kind, entry, payload, base=base, **about, add=request.POST.get("add", ""))
    result = propose(
        request, THANKS, NewProposal(kind, ProposalAction.EDIT, payload, Target.live(entry, base), **about)
    )
    if isinstance(result, HttpResponse):
        return result
    shown_base = base if 0 < base <= entry.revision else entry.revision
    return render_edit_form(request, kind, entry, payload, base=shown_base, **about, errors=result)


def with_row_for_source(kind: Kind, payload: dict[str, Any], key: str) -> dict[str, Any]:
    """The payload with a new row for a source of a field, without the source; unchanged if there is no such field."""
    if key not in kind.form.payload_keys() or key == "sources":
        return payload
    return {**payload, "sources": [*payload["sources"], {**SourceRow.empty(), "field": key}]}


def render_edit_form(
    request: HttpRequest,
    kind: Kind,
    entry: Entry,
    payload: dict[str, Any],
    *,
    base: int,
    additions: Mapping[str, Any],
    source: str = "",
    comment: str = "",
    errors: Errors | None = None,
    add: str = "",
) -> HttpResponse:
    """Render the form of an edit, with other open proposals for the entry."""
    lock = rules.get_lock(kind.name, entry.pk)
    context = {
        "kind": kind,
        "entry": entry,
        "base": base,
        "needs_source": True,
        "entry_form": rendered_form(kind, payload, errors, add, additions),
        "errors": errors or {},
        "source": source,
        "comment": comment,
        "older_values": refused_values(kind, entry),
        "lock": lock,
        "can_submit": rules.can_submit(request.user),
        "open_proposals": Proposal.objects.open().about(kind.name, entry.pk).filter(author_id=request.user.pk),
        "preview": payload if "preview" in request.POST else None,
    }
    return render(request, "submissions/edit.html", context, status=400 if errors else 200)


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("propose")
def retire_entry(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Propose to retire an entry, or to merge it into another one of its kind."""
    kind, entry = get_live_entry(plural, slug)
    if locked := locked_entry_page(request, kind, entry):
        return locked
    reasons, into = source_and_comment(request), request.POST.get("into", "").strip()
    if request.method != "POST" and (earlier := earlier_proposal(request)):
        reasons = earlier_reasons(request)
        into = kind.model.objects.filter(pk=earlier.into_id or 0).values_list("slug", flat=True).first() or ""
    errors: Errors = {}
    if request.method == "POST":
        result = _retire_or_merge(request, kind, entry, into)
        if isinstance(result, HttpResponse):
            return result
        errors = result
    context = {
        "kind": kind,
        "entry": entry,
        "errors": errors,
        "general": errors.get("__all__", []),
        "effects": removal_effects(ProposalAction.RETIRE, entry),
        "into": into,
        **reasons,
    }
    return render(request, "submissions/retire.html", context, status=400 if errors else 200)


def _retire_or_merge(request: HttpRequest, kind: Kind, entry: Entry, into: str) -> HttpResponse | Errors:
    retirement = NewProposal(kind, ProposalAction.RETIRE, target=Target.live(entry), **source_and_comment(request))
    if request.POST.get("action") != ProposalAction.MERGE:
        return propose(request, THANKS_TWO_MODERATORS, retirement)
    merge_target = kind.model.objects.filter(Q(slug=into) | Q(name__iexact=into)).order_by("pk").first()
    if merge_target is None:
        return {"into": [f"There is no {kind.label.lower()} “{into}” in the catalogue."]}
    return propose(request, THANKS_TWO_MODERATORS, replace(retirement, action=ProposalAction.MERGE, into=merge_target))


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("propose")
def restore_entry(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Propose to restore a retired entry."""
    kind = BY_PLURAL[plural]
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is None or last.action != RevisionAction.RETIRE or kind.model.objects.filter(pk=last.entry_id).exists():
        raise Http404(f"There is no retired {kind.label.lower()} at this address.")
    back_url = reverse("catalog:history", args=[plural, slug])
    if locked := locked_page(request, kind, last.entry_id, last.name, back_url=back_url):
        return locked
    proposed = NewProposal(kind, ProposalAction.RESTORE, target=Target.retired(last))
    return _reason_form(request, "submissions/restore.html", {"kind": kind, "revision": last}, proposed)


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("flag")
def flag_entry(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Flag an entry: report a problem to the moderators without an edit."""
    kind, entry = get_live_entry(plural, slug)
    proposed = NewProposal(kind, ProposalAction.FLAG, target=Target.live(entry))
    return _reason_form(request, "submissions/flag.html", {"kind": kind, "entry": entry}, proposed)


def _reason_form(request: HttpRequest, template: str, context: dict[str, Any], proposed: NewProposal) -> HttpResponse:
    """Render a form that asks only for a reason."""
    errors: Errors = {}
    comment = request.POST.get("comment", earlier_reasons(request).get("comment", ""))
    if request.method == "POST":
        result = propose(request, "Thank you. A moderator will look at it.", replace(proposed, comment=comment))
        if isinstance(result, HttpResponse):
            return result
        errors = result
    context = {**context, "errors": errors, "general": errors.get("__all__", []), "comment": comment}
    return render(request, template, context, status=400 if errors else 200)


def _base_revision(request: HttpRequest, entry: Entry) -> int:
    """The revision that the form was filled from: what was posted, even if it cannot be; the present one if nothing."""
    posted = version_from_post(request.POST, "base")
    return entry.revision if posted is None else posted
