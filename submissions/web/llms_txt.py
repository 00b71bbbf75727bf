"""/llms.txt."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import KINDS


def llms(request: HttpRequest) -> HttpResponse:
    """Describe the site to language models and agents, in Markdown (https://llmstxt.org)."""
    context = {"kinds": list(KINDS.values())}
    response = render(request, "llms.txt", context, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
