"""How to take part."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import KINDS


def contribute(request: HttpRequest) -> HttpResponse:
    """How a proposal goes; with ?kind= and ?slug= it names the entry that a visitor wants to correct."""
    kind = KINDS.get(request.GET.get("kind", ""))
    entry = kind.model.objects.filter(slug=request.GET.get("slug", "")).first() if kind else None
    return render(request, "submissions/contribute.html", {"kinds": list(KINDS.values()), "kind": kind, "entry": entry})
