"""Entry admin pages: direct edit for admins, lock, verify and undo for moderators."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.rules import require_account
from catalog.admin import EntryAdmin
from catalog.kinds import KINDS, kind_of
from catalog.ledger.checking import refused_values
from catalog.models import Entry, Revision
from submissions import rules, workflow
from submissions.admin.base import errors_of, http_status_for
from submissions.admin.verifying import verify_entry, verify_url
from submissions.forms import payload_from_post, rendered_form, version_from_post
from submissions.models import Proposal
from submissions.workflow import WorkflowError


class EntryChangeAdmin(EntryAdmin):
    """The entry admin pages of one kind."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        verify = path("<id:pk>/verify/", view(self.verify), name=f"{name}_verify")
        return [
            *([verify] if KINDS[self.model.kind].set_by_moderators else []),
            path("<id:pk>/change/", view(self.entry_page), name=f"{name}_change"),
            path("<id:pk>/lock/", view(self.lock), name=f"{name}_lock"),
            *super().get_urls(),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def entry_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the entry with its form (for admins), lock, open proposals and latest changes."""
        entry = get_object_or_404(self.model.objects.with_references(), pk=pk)
        kind = kind_of(entry)
        payload, refusal = kind.dump(entry), None
        reasons = {"source": request.POST.get("source", ""), "comment": request.POST.get("comment", "")}
        posted_base = version_from_post(request.POST, "base")
        base = entry.revision if posted_base is None else posted_base
        if request.method == "POST":
            payload = payload_from_post(kind, request.POST)
            if "submit" in request.POST:
                try:
                    workflow.edit_directly(
                        entry=entry, actor=require_account(request.user), payload=payload, base=base, **reasons
                    )
                except WorkflowError as error:
                    refusal = error
                else:
                    messages.success(request, f"Published: {entry.name}.")
                    return redirect(entry_admin_url(entry))
        errors = errors_of(refusal)
        context = {
            **self.admin_site.each_context(request),
            "title": str(entry),
            "kind": kind,
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "entry": entry,
            "base": base,
            "can_edit": rules.can_edit_directly(request.user),
            "entry_form": rendered_form(kind, payload, errors, request.POST.get("add", "")),
            "errors": errors,
            "older_values": refused_values(kind, entry),
            "lock": rules.get_lock(kind.name, entry.pk),
            "lock_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_lock", args=[entry.pk]),
            "verify_url": verify_url(entry) if kind.set_by_moderators else "",
            "open": Proposal.objects.open().about(kind.name, entry.pk).select_related("author"),
            "revisions": Revision.objects.of(kind.name, entry.pk).defer("snapshot").order_by("-number")[:10],
            **reasons,
        }
        status = http_status_for(refusal)
        return TemplateResponse(request, "admin/submissions/entry.html", context, status=status)

    def verify(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how far the entry is checked."""
        entry = get_object_or_404(self.model.objects.with_references(), pk=pk)
        return verify_entry(request, entry, entry_admin_url(entry))

    def lock(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lock or unlock the entry."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        entry = get_object_or_404(self.model, pk=pk)
        try:
            if "unlock" in request.POST:
                workflow.unlock(entry=entry, actor=require_account(request.user))
            else:
                workflow.lock(entry=entry, actor=require_account(request.user), reason=request.POST.get("reason", ""))
        except WorkflowError as error:
            messages.error(request, str(error))
        return redirect(entry_admin_url(entry))


def entry_admin_url(entry: Entry) -> str:
    """The URL of an entry's admin page."""
    return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_change", args=[entry.pk])


for kind in KINDS.values():
    admin.site.unregister(kind.model)
    admin.site.register(kind.model, EntryChangeAdmin)
