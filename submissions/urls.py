"""Addresses of the way in."""

from django.urls import path

from submissions import views

app_name = "submissions"

urlpatterns = [
    path("contribute/", views.contribute, name="contribute"),
]
