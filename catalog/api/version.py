"""The state of the catalogue in one small query: which change is the newest."""

from datetime import datetime

from rest_framework.request import Request

from catalog.api import conditional
from catalog.api.conditional import Validators
from catalog.models import Revision


def state(request: Request, at: datetime | None = None) -> Validators:
    """The validators of whatever follows from the published catalogue alone, as of a moment or now."""
    rows = Revision.objects.order_by("-id")
    if at:
        rows = Revision.objects.filter(at__lte=at).order_by("-at", "-id")
    number, when = rows.values_list("id", "at").first() or (0, None)
    return Validators(conditional.tag(request, number), when)
