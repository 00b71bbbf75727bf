"""The API's router: reads of the catalogue, and what proposes."""

from django.urls import include, path

urlpatterns = [
    path("proposals/", include("submissions.api.urls")),
    path("", include("catalog.api.urls")),
]
