"""The API's router: reads of the catalogue, and what proposes."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.api.urls")),
]
