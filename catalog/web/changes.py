"""The change log of the whole catalogue."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, KINDS
from catalog.listing.fields import OneOfField
from catalog.listing.filterset import QueryForm
from catalog.models import Revision, RevisionAction
from catalog.web.as_of import takes_as_of
from catalog.web.log_lines import log_lines
from catalog.web.parameters import form_notices, without_ignored

CHANGES_A_PAGE = 50


class ChangesForm(QueryForm):
    """The filters of the change log."""

    kind = OneOfField(label="Kind", options=BY_PLURAL)
    action = OneOfField(label="Change", options=RevisionAction.values)


@takes_as_of
def change_log(request: HttpRequest) -> HttpResponse:
    """List all changes, newest first; ?kind= and ?action= filter them."""
    form = ChangesForm(without_ignored(request.GET))
    rows = Revision.objects.latest_first() if form.is_valid() else Revision.objects.none()
    kind = BY_PLURAL.get(form.cleaned_data.get("kind", ""))
    action = form.cleaned_data.get("action", "")
    if kind:
        rows = rows.filter(kind=kind.name)
    if action:
        rows = rows.filter(action=action)
    page = Paginator(rows, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "notices": form_notices(form, request.GET),
        "log": log_lines(list(page.object_list)),
        "kinds": list(KINDS.values()),
        "kind": kind,
        "actions": RevisionAction.choices,
        "action": action,
    }
    return render(request, "catalog/changes.html", context)
