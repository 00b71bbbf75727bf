"""Accounts in the admin site: admins edit them, moderators see names and suspend contributors."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401 -- they register what is unregistered below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.confirming import ask_to_confirm, confirmed_lately, must_confirm
from accounts.models import User
from accounts.rules import can_administer, can_moderate, can_suspend
from accounts.sessions import end_other_sessions
from accounts.words import is_blank

# authenticators hold secrets; roles are flags, not groups; the others are set by environment variables or not used
for model in (EmailAddress, Authenticator, Group, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)


class PeopleActionForm(ActionForm):
    """Asks for the reason of a suspension next to the choice of action."""

    because = forms.CharField(label="Reason of a suspension", required=False, max_length=500)


class SuspendedFilter(admin.SimpleListFilter):
    title = "suspension"
    parameter_name = "suspended"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Suspended"), ("no", "Not suspended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        value = self.value()
        return queryset if value is None else queryset.filter(suspended_at__isnull=value == "no")


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Accounts are never deleted: somebody who leaves keeps a row, so that names in the ledger stay distinct."""

    action_form = PeopleActionForm
    actions = ("suspend", "lift", "remove_second_factors")
    list_display = ("username", "first_name", "role", "is_active", "suspended_at", "date_joined")
    list_filter = ("is_staff", "is_superuser", "is_active", SuspendedFilter)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("role", "last_login", "date_joined", "suspended_at", "suspended_because", "left_at")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "email", "mail_decisions", "mail_queue")}),
        ("Role", {"fields": ("role", "is_active", "is_staff", "is_superuser")}),
        ("What happened", {"fields": ("date_joined", "last_login", "suspended_at", "suspended_because", "left_at")}),
    )
    moderator_fieldsets = (
        (None, {"fields": ("username", "first_name", "role", "date_joined", "suspended_at", "suspended_because")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):  # type: ignore[no-untyped-def] # as UserAdmin
        if obj and not can_administer(request.user):
            return self.moderator_fieldsets
        return super().get_fieldsets(request, obj)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Keep moderators from guessing email addresses by searching for them."""
        return ("username", "first_name", "email") if can_administer(request.user) else ("username", "first_name")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Keep them from guessing by a filter in the URL, too, such as ?email__startswith=a."""
        named = {getattr(offered, "parameter_name", offered) for offered in self.list_filter}
        is_named = lookup.partition("__")[0] in named
        return (is_named or can_administer(request.user)) and super().lookup_allowed(lookup, value, request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask who it is first: the form gives a password."""
        response: HttpResponse = confirmed_lately(super().add_view)(request, form_url, extra_context)
        return response

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 -- as Django's
        """Ask who it is first."""
        response: HttpResponse = confirmed_lately(super().user_change_password)(request, id, form_url)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask who it is before a change, which may give a role."""
        if request.method == "POST" and must_confirm(request):
            return ask_to_confirm(request, keep_post=True)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_moderate(request.user)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return can_moderate(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_administer(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return can_administer(request.user) and (obj is None or obj.left_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return can_moderate(request.user)

    def has_administer_permission(self, request: HttpRequest) -> bool:
        return can_administer(request.user)

    @admin.action(description="Suspend, for the reason beside", permissions=["suspend"])
    def suspend(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Restrict the selected accounts to reading; a message names each."""
        because = request.POST.get("because", "").strip()
        if is_blank(because):
            self.message_user(request, "A suspension needs a reason: nobody was suspended.", messages.ERROR)
            return
        for user in self.suspendable(request, people):
            user.suspend(because=because)
            self.log_and_message(request, user, f"Suspended {user.username}: {because}")

    @admin.action(description="Lift the suspension", permissions=["suspend"])
    def lift(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """End the suspension of the selected accounts."""
        for user in self.suspendable(request, people):
            user.lift_suspension()
            self.log_and_message(request, user, f"Lifted the suspension of {user.username}")

    @admin.action(description="Remove the second factor (a lost phone or key)", permissions=["administer"])
    def remove_second_factors(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """Delete authenticators and recovery codes and end the sessions, so that the person can set up new ones.

        Ask who it is first: whoever holds the rest of an account's keys can then open it.
        """
        if must_confirm(request):
            return ask_to_confirm(request, keep_post=True)
        for user in people:
            with transaction.atomic():
                Authenticator.objects.filter(user=user).delete()
                end_other_sessions(request, user)
            self.log_and_message(request, user, f"Removed the second factor of {user.username}")
        return None

    def suspendable(self, request: HttpRequest, people: QuerySet[User]) -> list[User]:
        """Those of `people` that the user may suspend; a message names the others."""
        allowed = [user for user in people if can_suspend(request.user, user)]
        if refused := sorted({user.username for user in people} - {user.username for user in allowed}):
            self.message_user(request, f"Not for you to suspend: {', '.join(refused)}.", messages.ERROR)
        return allowed

    def log_and_message(self, request: HttpRequest, user: User, text: str) -> None:
        """Write what was done to the admin log, and show it as a message."""
        self.log_change(request, user, text)
        self.message_user(request, f"{text.rstrip('.')}.", messages.SUCCESS)
