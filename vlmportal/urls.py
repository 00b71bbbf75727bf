"""The URLs of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from catalog.api.reference import documentation
from vlmportal import health
from vlmportal.status import status

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("healthz/live", health.live, name="healthz-live"),
    path("healthz/ready", health.ready, name="healthz-ready"),
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
handler500 = "vlmportal.errors.handle_error"
