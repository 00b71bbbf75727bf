"""The page that undoes one revision."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.rules import require_account
from catalog.kinds import KINDS, Kind
from catalog.ledger.history import previous_revisions
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Revision
from submissions import workflow
from submissions.admin.base import http_status_for
from submissions.columns import FieldColumns, compare_snapshots
from submissions.effects import undoing_effects
from submissions.models import Proposal
from submissions.workflow import WorkflowError


def undo_revision(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the change and ask for a reason, then undo it."""
    revision = get_object_or_404(Revision, pk=revision_id)
    refusal: WorkflowError | None = None
    if request.method == "POST":
        try:
            done = workflow.undo(
                revision=revision, actor=require_account(request.user), reason=request.POST.get("reason", "")
            )
        except WorkflowError as error:
            refusal = error
        else:
            _report(request, done)
            return redirect(_return_url(revision))
    kind = KINDS[revision.kind]
    former = previous_revisions([revision]).get(revision.pk)
    context = {
        **admin.site.each_context(request),
        "takes_two": workflow.undoing_takes_two(revision, former),
        "title": f"Undo revision {revision.number} of {revision.name}",
        "revision": revision,
        "kind": kind,
        "effects": undoing_effects(revision),
        "additions": workflow.revisions_of_additions(revision),
        "changes": _changes(kind, former, revision) if former else [],
        "error": refusal,
        "reason": request.POST.get("reason", ""),
        "back": _return_url(revision),
    }
    return TemplateResponse(request, "admin/submissions/undo.html", context, status=http_status_for(refusal))


def _changes(kind: Kind, former: Revision, revision: Revision) -> list[FieldColumns]:
    return compare_snapshots(kind, as_object(payload_of(former)), as_object(payload_of(revision)))


def _report(request: HttpRequest, done: Revision | Proposal) -> None:
    """Say what became of the request, and which references could not be given back."""
    if isinstance(done, Proposal):
        messages.success(
            request, f"This takes two moderators: another one has to approve proposal {done.pk}, “{done}”."
        )
        return
    messages.success(request, f"Undone: {done.name}, by revision {done.number}.")


def _return_url(revision: Revision) -> str:
    """The URL of the revision's proposal, else of the entry's history."""
    if proposal := Proposal.objects.filter(revision_id=revision.pk).first():
        return reverse("admin:submissions_proposal_change", args=[proposal.pk])
    return reverse("catalog:history", args=[KINDS[revision.kind].plural, revision.slug])
