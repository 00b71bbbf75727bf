"""The admin site: open to moderators whose session used the second factor, with an explanation for everybody else."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.admin_lists import ListAdmin
from accounts.confirming import confirmed_lately, lead_to_second_factor
from accounts.rules import can_contribute, can_moderate, needs_second_factor


class PortalAdminSite(AdminSite):
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models as Django does, whosever they are, with the lists of this site."""
        admin_class = admin_class or ModelAdmin
        super().register(
            model_or_iterable,
            type(admin_class.__name__, (ListAdmin, admin_class), {"__module__": admin_class.__module__}),
            **options,
        )

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user is a moderator or an admin, not suspended, with a second factor that this session used."""
        return can_moderate(request.user)

    def get_urls(self) -> list[Any]:
        """Give the list of tables a URL of its own, since the first page is the queue."""
        return [path("tables/", self.admin_view(self.tables), name="tables"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override] # redirects
        """Redirect moderators to the queue."""
        return redirect("admin:submissions_proposal_changelist")

    def tables(self, request: HttpRequest) -> HttpResponse:
        """List all tables by app."""
        return super().index(request, {"title": "Tables"})

    @method_decorator(confirmed_lately)
    def password_change(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """As Django's, asking who it is first."""
        return super().password_change(request, extra_context)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the site's own sign-in. Raises PermissionDenied for a contributor.

        Django's form is never shown, since it would accept a password without a second factor.
        """
        return cast(HttpResponse, secure_admin_login(self.receive_staff)(request))

    def receive_staff(self, request: HttpRequest) -> HttpResponse:
        """Let signed-in staff continue, send them to their second factor, or say that they are suspended."""
        if not can_contribute(request.user):
            return render(request, "accounts/suspended.html", status=403)
        requested = get_next_redirect_url(request) or reverse("admin:index")
        if needs_second_factor(request.user):
            return lead_to_second_factor(request, requested)
        return redirect(requested)
