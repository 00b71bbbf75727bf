"""From one proposal to the next, within what the queue was narrowed to."""

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
"""Where Django's admin keeps the filters of the list that one came from."""

MAX_HELD = 100

NON_FILTER_PARAMS = frozenset({"p", "o", "all", "e", "state", "held"})
"""What the queue's address says that narrows nothing, or looks at what is decided."""


def filter_query(request: HttpRequest) -> str:
    """The filters of the queue as a part of an address, empty where there are none."""
    return as_filter_query(request.GET.get(CHANGELIST_FILTERS_PARAM, ""))


def as_filter_query(filters: str) -> str:
    """The filters of a queue's own address as a part of another address."""
    kept = QueryDict(mutable=True)
    for key, values in QueryDict(filters).lists():
        if key not in NON_FILTER_PARAMS:
            kept.setlist(key, values)
    return urlencode({CHANGELIST_FILTERS_PARAM: kept.urlencode()}) if kept else ""


def redirect_to_next(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    """The next of the queue that this moderator may decide and nobody else has taken; the queue when there is none.

    ?held= names proposals that the browser is about to decide.
    """
    filters = filter_query(request)
    held_param = request.GET.get("held", "").split(",")
    held = [int(part) for part in held_param if part.isascii() and part.isdigit() and len(part) < 10][:MAX_HELD]
    mine = Q(claimed_by=None) | Q(claimed_by_id=request.user.pk)
    rows = _filtered(request, Proposal.objects.queued()).filter(mine).exclude(author_id=request.user.pk)
    rows = rows.exclude(pk__in=held).exclude(seconded_by_id=request.user.pk)
    if proposal is not None:
        rows = rows.exclude(pk=proposal.pk)
    following = rows.filter(_after_in_queue(proposal)).first() if proposal else None
    following = following or rows.first()
    if following is None:
        queue = reverse("admin:submissions_proposal_changelist")
        narrowed = request.GET.get(CHANGELIST_FILTERS_PARAM, "") if filters else ""
        sentence = "Nothing else of this selection waits for you." if narrowed else "Nothing else waits for you."
        messages.info(request, sentence)
        return redirect(f"{queue}?{narrowed}" if narrowed else queue)
    return redirect(
        f"{reverse('admin:submissions_proposal_change', args=[following.pk])}{'?' * bool(filters)}{filters}"
    )


def _filtered(request: HttpRequest, rows: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    """What the queue shows under the filters that the address names; all of it where they make no sense."""
    if not filter_query(request):
        return rows
    filtered_request = copy(request)
    filtered_request.GET = QueryDict(request.GET.get(CHANGELIST_FILTERS_PARAM, ""))
    try:
        changelist = admin.site.get_model_admin(Proposal).get_changelist_instance(filtered_request)
    except IncorrectLookupParameters:
        return rows
    return rows.filter(pk__in=changelist.get_queryset(filtered_request).order_by().values("pk"))


def _after_in_queue(proposal: Proposal) -> Q:
    """What stands behind a proposal in the order of the queue."""
    level, at = proposal.priority, proposal.submitted_at
    later = Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=proposal.pk)
    return Q(priority__lt=level) | Q(priority=level) & later
