"""Fragments for the scripts of a form while it is filled in: likely duplicates, suggested entries, a preview."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.methods import accepts
from catalog.kinds import BY_PLURAL, KINDS
from catalog.reading.search import search
from catalog.web import markdown
from submissions.forms import payload_from_post
from submissions.intake.duplicates import find_duplicates
from submissions.limits import limit_posts

MAX_SUGGESTIONS = 8
MAX_PREVIEW_CHARACTERS = 20_000


@login_required
@accepts("POST")
@limit_posts("help")
def likely_duplicates(request: HttpRequest, plural: str) -> HttpResponse:
    """Entries that the new one may duplicate, as an HTML fragment."""
    kind = BY_PLURAL[plural]
    duplicates = find_duplicates(kind, payload_from_post(kind, request.POST))
    return render(request, "submissions/duplicates.html", {"duplicates": duplicates, "kind": kind})


@accepts("GET")
def suggest_entries(request: HttpRequest, kind_name: str) -> JsonResponse:
    """Entries of a kind whose names match ?q=, as JSON."""
    if kind_name not in KINDS:
        return JsonResponse({"entries": []}, status=404)
    hits = search(request.GET.get("q", "")[:200], kind=KINDS[kind_name].name, size=MAX_SUGGESTIONS).hits
    return JsonResponse({"entries": [{"slug": hit.slug, "name": hit.text} for hit in hits]})


@login_required
@accepts("POST")
@limit_posts("help")
def preview(request: HttpRequest) -> HttpResponse:
    """The posted Markdown as HTML, as on the page of an entry."""
    return HttpResponse(markdown.render(request.POST.get("text", "")[:MAX_PREVIEW_CHARACTERS]))
