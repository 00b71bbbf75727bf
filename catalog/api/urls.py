"""Addresses of the reads, below /api/v1/."""

from django.urls import path

from catalog.api.root import Root

app_name = "catalog-api"

urlpatterns = [
    path("", Root.as_view(), name="root"),
]
