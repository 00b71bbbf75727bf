"""The page that explains how far results are checked, and what the classes of sources mean."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.web.as_of import takes_as_of


@takes_as_of
def verification(request: HttpRequest) -> HttpResponse:
    """The tiers of verification and the classes of sources."""
    return render(request, "catalog/verification.html")
