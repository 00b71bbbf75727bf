"""The page that undoes one revision."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.rules import require_account
from catalog.kinds import KINDS
from catalog.ledger.history import previous_revisions
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Revision
from submissions import workflow
from submissions.admin.review import http_status_for
from submissions.columns import compare_snapshots
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
            messages.success(request, f"Undone: {done.name}, by revision {done.number}.")
            return redirect(_return_url(revision))
    kind = KINDS[revision.kind]
    former = previous_revisions([revision]).get(revision.pk)
    before, after = as_object(payload_of(former) if former else {}), as_object(payload_of(revision))
    context = {
        **admin.site.each_context(request),
        "title": f"Undo revision {revision.number} of {revision.name}",
        "revision": revision,
        "kind": kind,
        "changes": compare_snapshots(kind, before, after) if former else [],
        "error": refusal,
        "reason": request.POST.get("reason", ""),
        "back": _return_url(revision),
    }
    return TemplateResponse(request, "admin/submissions/undo.html", context, status=http_status_for(refusal))


def _return_url(revision: Revision) -> str:
    """The URL of the revision's proposal, else of the entry's history."""
    if proposal := Proposal.objects.filter(revision_id=revision.pk).first():
        return reverse("admin:submissions_proposal_change", args=[proposal.pk])
    return reverse("catalog:history", args=[KINDS[revision.kind].plural, revision.slug])
