"""Small answers while a form is filled: likely twins, entries to pick, a preview. Forms work without them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from catalog.kinds import BY_PLURAL, KINDS
from catalog.reading.search import search
from catalog.web import markdown
from submissions.forms import payload_of
from submissions.intake.duplicates import likely
from submissions.limits import limit_posts

PICKED = 8
PREVIEWED = 20_000


@login_required
@require_POST
@limit_posts("help")
def twins(request: HttpRequest, plural: str) -> HttpResponse:
    """Entries that the half-filled form may double."""
    kind = BY_PLURAL[plural]
    found = likely(kind, payload_of(kind, request.POST))
    return render(request, "submissions/twins.html", {"twins": found, "kind": kind})


@require_GET
def pick(request: HttpRequest, kind_name: str) -> JsonResponse:
    """Entries of a kind whose name is like ?q=, for a picker."""
    if kind_name not in KINDS:
        return JsonResponse({"entries": []}, status=404)
    hits = search(request.GET.get("q", "")[:200], kind=KINDS[kind_name].name, size=PICKED).hits
    return JsonResponse({"entries": [{"slug": hit.slug, "name": hit.text} for hit in hits]})


@login_required
@require_POST
@limit_posts("help")
def preview(request: HttpRequest) -> HttpResponse:
    """Markdown as the page will show it."""
    return HttpResponse(markdown.render(request.POST.get("text", "")[:PREVIEWED]))
