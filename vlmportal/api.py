"""The API's router: reads of the catalogue, and what proposes."""

from django.urls import include, path

import accounts.api_scheme  # noqa: F401 -- tells the schema of tokens

urlpatterns = [
    path("proposals/", include("submissions.api.urls")),
    path("", include("catalog.api.urls")),
]
