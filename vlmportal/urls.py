"""The URLs of the site."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from catalog.api.reference import documentation
from vlmportal.status import status


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("status/", status, name="status"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/", RedirectView.as_view(url="/api/docs/")),
    path("api/docs/", documentation, name="api-docs"),
    path("api/v1/", include("vlmportal.api")),
    path("", include("submissions.urls")),
    path("", include("catalog.urls")),
]

handler429 = "accounts.limits.too_many_requests"
handler404 = "catalog.web.errors.not_found"
