"""Validators of responses that depend on the whole catalogue."""

from datetime import datetime

from django.db.models import Subquery
from rest_framework.request import Request

from catalog.api import conditional
from catalog.api.conditional import Validators
from catalog.ledger.version import version_for
from catalog.models import Renaming, Revision


def state(request: Request, at: datetime | None = None) -> Validators:
    """Return the validators of a response that depends only on the published catalogue, now or at a past time."""
    if at is None:
        now = version_for(request._request)
        return Validators(conditional.entity_tag(request, now.text), now.modified)
    renamed = Subquery(Renaming.objects.order_by("-id").values("at")[:1])
    rows = Revision.objects.filter(at__lte=at).order_by("-at", "-id")
    number, *moments = rows.values_list("id", "at", renamed).first() or (0,)
    return Validators(conditional.entity_tag(request, number, *moments), max(filter(None, moments), default=None))
