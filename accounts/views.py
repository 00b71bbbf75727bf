"""The settings page of an account, the local demo's sign-in, and setting up a second factor."""

from typing import cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.codes import LAST_PERIOD, SetUpCodeForm
from accounts.confirming import confirmed_lately
from accounts.demo import demo_user, is_offered
from accounts.forms import SettingsForm
from accounts.limits import limit_sign_ins
from accounts.methods import accepts
from accounts.models import User
from accounts.rules import can_contribute
from accounts.sessions import SECOND_FACTOR, end_other_sessions


@never_cache
@login_required
@accepts("GET", "POST")
def settings(request: HttpRequest) -> HttpResponse:
    """Show and save the account's settings: displayed name, email, sign-in; read-only while suspended."""
    user = cast(User, request.user)
    if request.method == "POST" and not can_contribute(user):
        return render(request, "accounts/suspended.html", status=403)
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        return redirect("accounts:settings")
    context = {"form": form, "github": SocialAccount.objects.filter(user=user)}
    return render(request, "accounts/settings.html", context, status=400 if form.errors else 200)


@accepts("POST")
@never_cache
@limit_sign_ins
def local_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo account that `username` names. Raises Http404 where the local demo is not offered."""
    if not is_offered(request):
        raise Http404("There is no local demo here.")
    user = demo_user(request.POST.get("username", ""))
    if user is None:
        raise Http404("There is no such demo account.")
    record_authentication(request, user, method="local_demo")
    return cast(HttpResponse, perform_login(request, user, redirect_url=get_next_redirect_url(request)))


class EndsOtherSessions:
    """Ends the account's other sessions when its second factor changes: whoever sits there has not used the new one."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc] # of the view that this is mixed into
            end_other_sessions(self.request, cast(User, self.request.user))
        messages.info(self.request, "Your account is signed out everywhere else.")
        return response


class AuthenticatedBySetUp(EndsOtherSessions):
    """Counts setting up a second factor as having used it, so that the recovery codes are shown at once.

    allauth would ask for a code again, but would not accept the same code twice.
    """

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method=SECOND_FACTOR, reauthenticated=True)
        return response


@method_decorator(confirmed_lately, name="dispatch")
class SetUpApp(AuthenticatedBySetUp, ActivateTOTPView):
    """Set up an authenticator app; the code that does so does nothing else."""

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        app = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        app.data[LAST_PERIOD] = cast(SetUpCodeForm, form).period
        app.save()
        return response


class RemoveApp(EndsOtherSessions, DeactivateTOTPView):
    """Remove the authenticator app."""


@method_decorator(confirmed_lately, name="dispatch")
class AddPasskey(AuthenticatedBySetUp, AddWebAuthnView):
    """Add a passkey."""


class RemovePasskey(EndsOtherSessions, RemoveWebAuthnView):
    """Remove a passkey."""


class MakeRecoveryCodes(EndsOtherSessions, GenerateRecoveryCodesView):
    """Replace the recovery codes."""
