"""The state of the catalogue in one small query: which change is the newest, and when names were last replaced."""

from datetime import datetime

from django.db.models import Subquery
from rest_framework.request import Request

from catalog.api import conditional
from catalog.api.conditional import Validators
from catalog.models import Renaming, Revision


def state(request: Request, at: datetime | None = None) -> Validators:
    """The validators of whatever follows from the published catalogue alone, as of a moment or now."""
    rows = Revision.objects.order_by("-id")
    if at:
        rows = Revision.objects.filter(at__lte=at).order_by("-at", "-id")
    renamed = Subquery(Renaming.objects.order_by("-id").values("at")[:1])
    number, *moments = rows.values_list("id", "at", renamed).first() or (0,)
    return Validators(conditional.tag(request, number, *moments), max(filter(None, moments), default=None))
