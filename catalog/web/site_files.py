"""The page of feeds, and files that browsers and robots request: favicon, robots.txt, opensearch.xml."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.models import Section

DISALLOWED_PATHS = ("/admin/", "/accounts/", "/search/")


def feed_page(request: HttpRequest) -> HttpResponse:
    """List the feeds."""
    context = {"kinds": list(KINDS.values()), "sections": Section.objects.exclude(kind="")}
    return render(request, "catalog/feeds.html", context)


def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon, for clients that request /favicon.ico."""
    return redirect(static("img/favicon.svg"))


def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt (RFC 9309), with the URL of the sitemap."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED_PATHS)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('catalog:sitemap-index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def opensearch(request: HttpRequest) -> HttpResponse:
    """The OpenSearch 1.1 description, by which browsers offer the portal's search."""
    return render(request, "catalog/opensearch.xml", content_type="application/opensearchdescription+xml")
