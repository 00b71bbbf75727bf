"""The change log of the whole catalogue."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, KINDS
from catalog.models import Revision, RevisionAction
from catalog.web.log import entries_of_log

CHANGES_A_PAGE = 50


def change_log(request: HttpRequest) -> HttpResponse:
    """Every change, newest first; ?kind= and ?action= narrow it."""
    kind = BY_PLURAL.get(request.GET.get("kind", ""))
    action = request.GET.get("action", "")
    action = action if action in RevisionAction.values else ""
    rows = Revision.objects.latest_first()
    if kind:
        rows = rows.filter(kind=kind.name)
    if action:
        rows = rows.filter(action=action)
    page = Paginator(rows, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "log": entries_of_log(list(page.object_list)),
        "kinds": list(KINDS.values()),
        "kind": kind,
        "actions": RevisionAction.choices,
        "action": action,
    }
    return render(request, "catalog/changes.html", context)
