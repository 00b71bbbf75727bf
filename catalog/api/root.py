"""The first address: what there is."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.base import ReadView
from catalog.api.schema import Operation
from catalog.kinds import KINDS


class Root(ReadView):
    """What the API holds."""

    operations = {
        "get": Operation(
            "root",
            "about",
            "What the API holds",
            answer={"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
        )
    }

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        base = f"{settings.SITE_URL}/api/v1"
        return Response({kind.plural: f"{base}/{kind.plural}/" for kind in KINDS.values()})
