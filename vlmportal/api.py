"""URLs of the API: reads of the catalogue, and proposals."""

from django.urls import include, path

import accounts.api_scheme  # noqa: F401 -- registers tokens with the schema
from submissions.api.checking import CheckList

urlpatterns = [
    path("proposals/", include("submissions.api.urls")),
    path("lists/check/", CheckList.as_view(), name="api-check-list"),
    path("", include("catalog.api.urls")),
]
