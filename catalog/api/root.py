"""The API root: the URLs of all lists."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.base import ReadView
from catalog.api.envelopes import API
from catalog.api.operations import ROOT
from catalog.kinds import KINDS

LISTS = ("search", "leaderboards", "changes", "vocabularies", "proposals", "schema")


class Root(ReadView):
    """The URLs of all lists and of the documentation."""

    operations = {"get": ROOT}

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        base = f"{settings.SITE_URL}{API}"
        lists = {name: f"{base}/{name}/" for name in (*(kind.plural for kind in KINDS.values()), *LISTS)}
        return Response({**lists, "documentation": f"{settings.SITE_URL}/api/docs/"})
