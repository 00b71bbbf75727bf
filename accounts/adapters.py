"""allauth adapters: accounts come from GitHub, are identified by its numeric id, and store as little as possible."""

import logging
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from accounts.confirming import ask_to_confirm, must_confirm
from accounts.github import UnexpectedAnswer
from accounts.limits import FAILED_WINDOW, too_many_requests
from accounts.models import User
from accounts.sessions import authenticated_lately

logger = logging.getLogger(__name__)
NO_REPLY_SUFFIX = "@users.noreply.github.com"
STORED_GITHUB_FIELDS = ("login", "html_url")
MAX_TRIES = 5  # several people may take the same free name concurrently


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No local sign-up; a social sign-up asks the social adapter instead."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """As allauth's; signing out also makes the browser forget unsent work, for whoever uses it next."""
        template = args[0] if args else kwargs.get("message_template")
        if template == "account/messages/logged_out.txt":
            kwargs["extra_tags"] = "*"
        super().add_message(request, level, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """As allauth's, but a recent sign-in counts as well as having been asked since."""
        return super().is_reauthentication_required(app=app, **kwargs) and not authenticated_lately(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """The pages that ask who somebody is: for the second factor; without one for the password, else by GitHub."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and user.has_second_factor:
            return [method for method in methods if method["id"] != "reauthenticate"]
        if not methods and SocialAccount.objects.filter(user_id=user.pk).exists():
            return [{"id": "github", "description": "Use GitHub", "url": reverse("accounts:confirm-by-github")}]
        return methods

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """As allauth's, but raise ImmediateHttpResponse (429) after too many wrong passwords or codes."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(too_many_requests(context.request, seconds=FAILED_WINDOW))
        error: ValidationError = super().validation_error(code, *args)
        return error


def verified_email(addresses: Iterable[EmailAddress]) -> str:
    """The email address to use: one verified by GitHub, preferably the primary one; "" if there is none.

    GitHub's own no-reply addresses are verified too, but nobody reads them.
    """
    usable = [address for address in addresses if address.verified and not address.email.endswith(NO_REPLY_SUFFIX)]
    return min(usable, key=lambda address: not address.primary).email if usable else ""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": "This is your only way in: add another GitHub account first.",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Anyone with a GitHub account can sign up."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Keep only what is needed of GitHub's response: the login and the profile URL; save_user() names the user.

        The verified address is kept apart. allauth itself sees none, so an address never matches or blocks an account.
        """
        sociallogin.verified_address = verified_email(sociallogin.email_addresses)
        sociallogin.email_addresses = []
        extra = sociallogin.account.extra_data
        sociallogin.account.extra_data = {key: extra[key] for key in STORED_GITHUB_FIELDS if key in extra}
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """On later sign-ins, update the email address to the one that GitHub verifies today, or to none.

        Somebody who is signed in and comes back to where they were has confirmed who they are. Another GitHub account
        is one more way in: raises ImmediateHttpResponse, which asks who it is, if that is too long ago.
        """
        process = sociallogin.state.get("process") if request.user.is_authenticated else None
        if process == AuthProcess.CONNECT and must_confirm(request):
            raise ImmediateHttpResponse(ask_to_confirm(request, back_to=reverse("socialaccount_connections")))
        if sociallogin.is_existing:
            sociallogin.user.set_verified_email(sociallogin.verified_address)
        if process == AuthProcess.REDIRECT:
            self.confirm(request, sociallogin)

    def confirm(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Record that the user confirmed who they are, unless it was with another GitHub account."""
        if not sociallogin.is_existing or sociallogin.user != request.user:
            login = sociallogin.account.extra_data.get("login", "")
            messages.error(request, f"At GitHub you are {login}, which is not what you sign in with here.")
            return
        record_authentication(request, request.user, "socialaccount", provider="github")
        messages.success(request, "Thank you, that is confirmed. Go on where you were.")

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: None = None) -> User:
        """Save a new user under the first free variant of their GitHub login; try the next if somebody else takes it.

        Two concurrent first sign-ins with one GitHub account create one user. Raises IntegrityError after MAX_TRIES.
        """
        login = sociallogin.account.extra_data.get("login", "")
        for tries_left in reversed(range(MAX_TRIES)):
            sociallogin.user.username = User.objects.free_username(login)
            try:
                with transaction.atomic():
                    super().save_user(request, sociallogin, form)
                    sociallogin.user.set_verified_email(sociallogin.verified_address)
                break
            except IntegrityError:
                if self.use_existing_account(sociallogin):
                    break
                if not tries_left:
                    raise
                sociallogin.user.pk = sociallogin.account.pk = None
        user: User = sociallogin.user
        return user

    def use_existing_account(self, sociallogin: SocialLogin) -> bool:
        """Use the account that a concurrent sign-in with the same GitHub account created; False if there is none."""
        key = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
        if existing := SocialAccount.objects.filter(**key).select_related("user").first():
            sociallogin.account, sociallogin.user = existing, existing.user
        return existing is not None

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Log the failure without GitHub's response, and choose the message on the page."""
        if error == AuthError.CANCELLED or extra_context is None:
            return
        logger.warning("sign-in with %s failed: %s", provider.id, type(exception).__name__ if exception else error)
        extra_context["github_is_down"] = isinstance(exception, RequestException | UnexpectedAnswer)
        extra_context["state_is_unknown"] = "state_id" in extra_context


class MFAAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys show the username; no email address is passed to them."""

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        names = {"display_name": user.username, "name": user.username}
        return {**super().get_public_key_credential_user_entity(user), **names}

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """The default name: Passkey, Passkey 2 …"""
        count = Authenticator.objects.filter(user_id=user.pk, type=kind).count()
        return f"Passkey {count + 1}" if count else "Passkey"
