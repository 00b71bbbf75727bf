"""URLs of the API: reads of the catalogue, and proposals."""

from django.urls import include, path

import accounts.api_scheme  # noqa: F401 -- registers tokens with the schema

urlpatterns = [
    path("proposals/", include("submissions.api.urls")),
    path("", include("catalog.api.urls")),
]
