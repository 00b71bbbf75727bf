"""The page of feeds, and files that browsers and robots request: favicon, robots.txt, opensearch.xml."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.models import Section

DISALLOWED_PATHS = ("/admin/", "/accounts/", "/search/", "/*as_of=")


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


def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a vulnerability (RFC 9116). Raises Http404 if that is not configured, or has expired."""
    contact, expires = settings.SECURITY_CONTACT, settings.SECURITY_EXPIRES
    if not contact or expires is None or expires <= timezone.now().date():
        raise Http404("This site has no security.txt.")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
        f"Canonical: {settings.SITE_URL}{reverse('catalog:security-txt')}",
        "Preferred-Languages: en",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def opensearch(request: HttpRequest) -> HttpResponse:
    """The OpenSearch 1.1 description, by which browsers offer the portal's search."""
    return render(request, "catalog/opensearch.xml", content_type="application/opensearchdescription+xml")
