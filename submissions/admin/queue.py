"""The queue: the first thing that a moderator sees."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timesince import timesince

from catalog.kinds import KINDS
from submissions import workflow
from submissions.admin import review, rollback
from submissions.admin.filters import AgeFilter, BatchFilter, KindFilter, MyTopicsFilter, StateFilter, TwinsFilter
from submissions.admin.review import REASONS
from submissions.models import URGENT, Proposal
from submissions.workflow import Outcome


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """Oldest first, the urgent before; a row leads to its review page."""

    list_display = ("what", "kind_label", "author", "waiting", "why_first", "marks")
    list_display_links = None
    list_filter = (StateFilter, KindFilter, "action", AgeFilter, TwinsFilter, MyTopicsFilter, BatchFilter)
    search_fields = ("name", "author__username", "source", "comment")
    list_select_related = ("author", "batch", "claimed_by")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-priority", "submitted_at", "pk")
    actions = ("approve_selected", "reject_selected", "claim_selected")
    change_list_template = "admin/submissions/queue.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return self.admin_site.has_permission(request)

    has_view_permission = has_change_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("next/", view(review.next_proposal), name="submissions_next"),
            path("rollback/", view(rollback.rollback), name="submissions_rollback"),
            path("undo/<int:revision_id>/", view(rollback.undo_revision), name="submissions_undo"),
            path("<int:pk>/change/", view(review.review_page), name="submissions_proposal_change"),
            path("<int:pk>/edit/", view(review.edit_and_approve), name="submissions_edit"),
            path("<int:pk>/<slug:verb>/", view(review.decide), name="submissions_decide"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        pending = Proposal.objects.pending()
        oldest = pending.aggregate(oldest=Min("submitted_at"))["oldest"]
        context = {
            "title": "The queue",
            "is_nav_sidebar_enabled": False,
            "waiting": pending.count(),
            "oldest": oldest,
            "reasons": REASONS,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description="Proposal", ordering="name")
    def what(self, proposal: Proposal) -> str:
        address = reverse("admin:submissions_proposal_change", args=[proposal.pk])
        action = proposal.get_action_display()
        return format_html(
            '<a class="what" href="{}">{}</a> <span class="quiet">{}</span>', address, proposal.name, action
        )

    @admin.display(description="Kind", ordering="kind")
    def kind_label(self, proposal: Proposal) -> str:
        return KINDS[proposal.kind].label

    @admin.display(description="Waiting", ordering="submitted_at")
    def waiting(self, proposal: Proposal) -> str:
        return timesince(proposal.submitted_at, depth=1)

    @admin.display(description="Priority", ordering="priority")
    def why_first(self, proposal: Proposal) -> str:
        mark = "▲ " if proposal.priority >= URGENT else ""
        return f"{mark}{proposal.priority_reason}"

    @admin.display(description="")
    def marks(self, proposal: Proposal) -> str:
        marks = (
            [f"{len(proposal.twins)} suspected twin{'s' if len(proposal.twins) > 1 else ''}"] if proposal.twins else []
        )
        marks += [f"taken by {proposal.claimed_by}"] if proposal.claimed_by else []
        marks += [f"batch {proposal.batch}"] if proposal.batch else []
        return " · ".join(marks)

    @admin.action(description="Approve the selected")
    def approve_selected(self, request: HttpRequest, rows: Any) -> None:
        self._tell(request, workflow.decide_each(workflow.approve, rows, request.user), "approved")

    @admin.action(description="Take the selected to review")
    def claim_selected(self, request: HttpRequest, rows: Any) -> None:
        self._tell(request, workflow.decide_each(workflow.claim, rows, request.user), "taken")

    @admin.action(description="Reject the selected…")
    def reject_selected(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Asks for the reason first."""
        reason = request.POST.get("reason", "").strip()
        if reason:
            self._tell(request, workflow.decide_each(workflow.reject, rows, request.user, reason=reason), "rejected")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Reject the selected proposals",
            "rows": rows,
            "reasons": REASONS,
            "asked": "apply" in request.POST,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/submissions/reject_selected.html", context)

    def _tell(self, request: HttpRequest, outcomes: list[Outcome], done: str) -> None:
        went_well = [outcome for outcome in outcomes if not outcome.trouble]
        if went_well:
            messages.success(request, f"{len(went_well)} {done}: {_named(went_well)}.")
        for outcome in outcomes:
            if outcome.trouble:
                messages.error(request, f"{outcome.subject}: {outcome.trouble}")


NAMED = 8


def _named(outcomes: list[Outcome]) -> str:
    names = ", ".join(outcome.subject.name for outcome in outcomes[:NAMED])
    return f"{names} and {len(outcomes) - NAMED} more" if len(outcomes) > NAMED else names
