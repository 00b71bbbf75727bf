"""Pages about, and files for, programs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.models import Section

CLOSED = ("/admin/", "/accounts/", "/search/")


def feed_page(request: HttpRequest) -> HttpResponse:
    """The feeds there are."""
    context = {"kinds": list(KINDS.values()), "sections": Section.objects.exclude(kind="")}
    return render(request, "catalog/feeds.html", context)


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for those who ask at the old address."""
    return redirect(static("img/favicon.svg"))


def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read, and where the sitemap is (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('catalog:sitemap-index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser may search here (OpenSearch 1.1)."""
    return render(request, "catalog/opensearch.xml", content_type="application/opensearchdescription+xml")
