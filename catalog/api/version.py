"""Validators of responses that depend on the whole catalogue."""

from datetime import datetime

from django.db.models import Subquery
from rest_framework.request import Request

from catalog.api import conditional
from catalog.api.conditional import Validators
from catalog.ledger.catalogue_version import version_of_request
from catalog.models import Renaming, Revision


def state(request: Request, at: datetime | None = None) -> Validators:
    """Return the validators of a response that depends only on the published catalogue, now or at a past time."""
    if at is None:
        current = version_of_request(request._request)
        return Validators(conditional.entity_tag(request, current.text), current.modified)
    last_renaming = Subquery(Renaming.objects.order_by("-id").values("at")[:1])
    rows = Revision.objects.filter(at__lte=at).order_by("-at", "-id")
    number, *times = rows.values_list("id", "at", last_renaming).first() or (0,)
    return Validators(conditional.entity_tag(request, number, *times), max(filter(None, times), default=None))
