"""The queue: the list of pending proposals in the admin site."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from catalog.kinds import KINDS
from submissions.additions import shown_additions
from submissions.admin import batch_tables, bulk, filters, review, rollback, sourcing, undo, verifying
from submissions.admin.filters import (
    ActionFilter,
    AgeFilter,
    AuthorFilter,
    BatchFilter,
    ChangedFieldFilter,
    DuplicatesFilter,
    KindFilter,
    ListFilter,
    StateFilter,
    WatchedTopicsFilter,
)
from submissions.admin.navigation import CHANGELIST_FILTERS_PARAM, as_filter_query, as_filters
from submissions.admin.summaries import summaries
from submissions.bulk_decisions import BulkDecision
from submissions.forms import int_from_post
from submissions.models import URGENT, Batch, Proposal
from submissions.review_tables import kind_with_table, shown_in_tables
from submissions.rollbacks import Rollback, RollbackStatus
from submissions.states import Status
from submissions.verbs.definitions import Bulk, Verb

MAX_DECISIONS = 20
MAX_SUMMARY_CHARACTERS = 160


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """Urgent proposals first, then the oldest; each row links to its review page."""

    list_display = ("name",)
    list_display_links = None
    list_filter = (
        *(StateFilter, KindFilter, ActionFilter, DuplicatesFilter),
        *(WatchedTopicsFilter, AgeFilter, AuthorFilter, BatchFilter, ListFilter, ChangedFieldFilter),
    )
    search_fields = ("name", "author__username", "source", "comment")
    search_help_text = "Name, author, source or the author's words"
    list_select_related = ("author", "batch", "claimed_by", "seconded_by")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-priority", "submitted_at", "pk")
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
            path("rollback/<id:pk>/", view(rollback.proposed_rollback), name="submissions_proposed_rollback"),
            path("sources/", view(sourcing.sourcing), name="submissions_sourcing"),
            path("verification/", view(verifying.work), name="submissions_verification"),
            path("undo/<id:revision_id>/", view(undo.undo_revision), name="submissions_undo"),
            path("batch/<id:pk>/table/", view(batch_tables.review_table), name="submissions_batch_table"),
            path("selection/<slug:verb>/", view(bulk.decide_filtered), name="submissions_decide_filtered"),
            path("decisions/<id:pk>/", view(bulk.decision_page), name="submissions_decision"),
            path("<id:pk>/change/", view(review.review_page), name="submissions_proposal_change"),
            path("<id:pk>/edit/", view(review.edit_and_approve), name="submissions_edit"),
            path("<id:pk>/<slug:verb>/", view(review.decide), name="submissions_decide"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        pending = Proposal.objects.pending().aggregate(n=Count("pk"), oldest=Min("submitted_at"))
        context = {
            "title": "The queue",
            "waiting": pending["n"],
            "oldest": pending["oldest"],
            "rollbacks_waiting": Rollback.objects.filter(status=RollbackStatus.WAITING).count(),
            "batch": _batch_header(int_from_post(request.GET, "batch")),
            "filters": as_filter_query(request.GET.urlencode()),
            "filter_params": as_filters(request.GET.urlencode()).urlencode(),
            "filters_param": CHANGELIST_FILTERS_PARAM,
            "decisions": BulkDecision.objects.unfinished().select_related("actor")[:MAX_DECISIONS],
            "verbs": bulk.bulk_verbs(Bulk.BATCH),
            "actions": [(action_name(verb), verb) for verb in _for_selection()],
            **(extra_context or {}),
        }
        reply = super().changelist_view(request, context)
        shown = getattr(reply, "context_data", None) or {}
        if "cl" in shown:
            rows = list(shown["cl"].result_list)
            summary_by_pk, additions = summaries(rows), shown_additions(rows)
            shown["rows"] = [
                (
                    row,
                    KINDS[row.kind].label,
                    summary_by_pk[row.pk][:MAX_SUMMARY_CHARACTERS],
                    additions.get(row.pk, []),
                )
                for row in rows
            ]
            shown["urgent"] = URGENT
            shown["selection"] = bulk.selection_of(request, shown["cl"].queryset) if context["filters"] else None
            shown["filter_links"] = filters.filter_links(shown["cl"], request)
        return reply

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The bulk actions: the verbs of the register that apply to a selection."""
        return {action_name(verb): (_action(verb), action_name(verb), verb.label) for verb in _for_selection()}


def action_name(verb: Verb) -> str:
    """The name of the bulk action for a verb."""
    return f"{verb.name}_selected"


def _for_selection() -> list[Verb]:
    return bulk.bulk_verbs(Bulk.SELECTION, Bulk.BATCH)


def _action(verb: Verb) -> Callable[[Any, HttpRequest, QuerySet[Proposal]], HttpResponse]:
    def decide_selected(self: Any, request: HttpRequest, rows: QuerySet[Proposal]) -> HttpResponse:
        return bulk.decide_selected(request, rows, verb)

    return decide_selected


def _batch_header(number: int | None) -> dict[str, Any] | None:
    """The batch that the queue is filtered by, with its proposals counted by status."""
    batch = Batch.objects.select_related("author").filter(pk=number or 0).first()
    if batch is None:
        return None
    counted = dict(batch.proposals.order_by().values_list("status").annotate(n=Count("pk")))
    return {
        "batch": batch,
        "counts": [(label, counted[value]) for value, label in Status.choices if value in counted],
        "waiting": counted.get(Status.PENDING, 0),
        "has_table": kind_with_table(shown_in_tables(batch.proposals.open())) is not None,
    }
