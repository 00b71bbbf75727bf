"""Move to the next proposal of the queue, within its current filters."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from submissions.models import Proposal

CHANGELIST_FILTERS_PARAM = "_changelist_filters"
"""The parameter in which Django's admin keeps the filters of the previous list."""

MAX_HELD = 100

NON_FILTER_PARAMS = frozenset({"p", "o", "all", "e", "state", "held"})
"""Parameters of the queue that are not filters, or that show decided proposals."""


def filter_query(request: HttpRequest) -> str:
    """The filters of the queue as a query string, empty if there are none."""
    return as_filter_query(request.GET.get(CHANGELIST_FILTERS_PARAM, ""))


def as_filter_query(filters: str) -> str:
    """The queue's own query string, encoded as one parameter for other pages."""
    params = as_filters(filters)
    return urlencode({CHANGELIST_FILTERS_PARAM: params.urlencode()}) if params else ""


def redirect_to_next(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    """Redirect to the next proposal that this moderator may decide and nobody else has claimed, else to the queue.

    ?held= lists proposals with held decisions.
    """
    filters = filter_query(request)
    held_param = request.GET.get("held", "").split(",")
    held = [int(part) for part in held_param if part.isascii() and part.isdigit() and len(part) < 10][:MAX_HELD]
    available = Q(claimed_by=None) | Q(claimed_by_id=request.user.pk)
    rows = _filtered(request, Proposal.objects.queued()).filter(available).exclude(author_id=request.user.pk)
    rows = rows.exclude(pk__in=held).exclude(seconded_by_id=request.user.pk)
    if proposal is not None:
        rows = rows.exclude(pk=proposal.pk)
    next_proposal = rows.filter(_after_in_queue(proposal)).first() if proposal else None
    next_proposal = next_proposal or rows.first()
    if next_proposal is None:
        queue = reverse("admin:submissions_proposal_changelist")
        queue_filters = request.GET.get(CHANGELIST_FILTERS_PARAM, "") if filters else ""
        sentence = "Nothing else of this selection waits for you." if queue_filters else "Nothing else waits for you."
        messages.info(request, sentence)
        return redirect(f"{queue}?{queue_filters}" if queue_filters else queue)
    return redirect(
        f"{reverse('admin:submissions_proposal_change', args=[next_proposal.pk])}{'?' * bool(filters)}{filters}"
    )


def posted_filters(request: HttpRequest) -> str:
    """The queue's own query string from a form, without what is no filter; empty if nothing is left."""
    return as_filters(request.POST.get(CHANGELIST_FILTERS_PARAM, "")).urlencode()


def as_filters(query: str) -> QueryDict:
    """The parameters of the queue's query string that are filters."""
    params = QueryDict(mutable=True)
    for key, values in QueryDict(query).lists():
        if key not in NON_FILTER_PARAMS:
            params.setlist(key, values)
    return params


def _filtered(request: HttpRequest, rows: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    """Apply the filters in the query string; ignore them if they are invalid."""
    return filtered_by(request, rows, request.GET.get(CHANGELIST_FILTERS_PARAM, "")) if filter_query(request) else rows


def filtered_by(request: HttpRequest, rows: "QuerySet[Proposal]", query: str) -> "QuerySet[Proposal]":
    """Apply the filters of the queue's own query string to pending proposals; ignore them if they are invalid."""
    filtered_request = copy(request)
    filtered_request.GET = QueryDict(query)
    try:
        changelist = admin.site.get_model_admin(Proposal).get_changelist_instance(filtered_request)
    except IncorrectLookupParameters:
        return rows
    return rows.filter(pk__in=changelist.get_queryset(filtered_request).order_by().values("pk"))


def _after_in_queue(proposal: Proposal) -> Q:
    """The condition for proposals after this one in the queue."""
    level, at = proposal.priority, proposal.submitted_at
    later = Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=proposal.pk)
    return Q(priority__lt=level) | Q(priority=level) & later
