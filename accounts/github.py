"""Sign-in with GitHub: allauth's views, for answers of GitHub of whatever shape, and for a portal without an app.

The shapes are those of GitHub's description (docs.github.com: Authorizing OAuth apps; REST API: users, emails).
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.utils import get_request_param
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.confirming import ask_to_confirm, must_confirm

LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}")
PRINTABLE = re.compile(r"[!-~]{1,2000}")
MAX_NUMBER = 2**63 - 1
MAX_EMAIL_LENGTH = 254


class UnexpectedAnswer(OAuth2Error):
    """GitHub's answer is not what its description says; allauth shows the page of a failed sign-in."""


class GitHubAdapter(GitHubOAuth2Adapter):
    """Checks each answer before allauth reads it. Raises UnexpectedAnswer."""

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        """The token alone: no other member of the answer is used."""
        try:
            token = super().get_access_token_data(*args, **kwargs)["access_token"]
        except (KeyError, TypeError) as error:  # no content type, or JSON of another shape
            raise UnexpectedAnswer("the answer with the token") from error
        if not (isinstance(token, str) and PRINTABLE.fullmatch(token)):
            raise UnexpectedAnswer("the token")
        return {"access_token": token}

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """The sign-in of the person to whom the token belongs."""
        headers = {"Authorization": f"token {token.token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
            answer.raise_for_status()
            profile = checked_profile(answer.json())
        emails = checked_emails(self.get_emails(headers))
        return self.get_provider().sociallogin_from_response(request, {**profile, "emails": emails})


def checked_profile(answer: Any) -> dict[str, Any]:
    """The members of a profile that are used: number, login and address. Raises UnexpectedAnswer."""
    profile = answer if isinstance(answer, Mapping) else {}
    number, login, url = profile.get("id"), profile.get("login"), profile.get("html_url")
    if type(number) is not int or not 0 < number <= MAX_NUMBER:
        raise UnexpectedAnswer("the number of the account")
    if not (isinstance(login, str) and LOGIN.fullmatch(login)):
        raise UnexpectedAnswer("the login of the account")
    is_address = isinstance(url, str) and PRINTABLE.fullmatch(url) and url.startswith(("https://", "http://"))
    return {"id": number, "login": login, "html_url": url if is_address else ""}


def checked_emails(answer: Any) -> list[dict[str, Any]]:
    """The email addresses of an answer; none if GitHub has no such page (None). Raises UnexpectedAnswer."""
    rows = [] if answer is None else answer
    if not (isinstance(rows, list) and all(_is_email(row) for row in rows)):
        raise UnexpectedAnswer("the email addresses")
    return [{key: row[key] for key in ("email", "primary", "verified")} for row in rows]


def _is_email(row: Any) -> bool:
    if not isinstance(row, Mapping) or not all(isinstance(row.get(key), bool) for key in ("primary", "verified")):
        return False
    email = row.get("email")
    return isinstance(email, str) and bool(PRINTABLE.fullmatch(email)) and len(email) <= MAX_EMAIL_LENGTH


View = Callable[..., HttpResponse]


def where_set_up(view: View) -> View:
    """Decorate a view of the sign-in: Http404 with the reason where no app of GitHub is configured."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not get_adapter().list_apps(request, provider=GitHubAdapter.provider_id):
            raise Http404("Signing in with GitHub is not set up on this portal.")
        return view(request, *args, **kwargs)

    return inner


def confirmed_before_connecting(view: View) -> View:
    """Decorate the start of the sign-in: ask who it is before another GitHub account is chosen on GitHub, not only when
    it is connected (`SocialAccountAdapter.pre_social_login`)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_connecting = get_request_param(request, "process") == AuthProcess.CONNECT and request.user.is_authenticated
        if is_connecting and must_confirm(request):
            return ask_to_confirm(request, back_to=reverse("socialaccount_connections"))
        return view(request, *args, **kwargs)

    return inner


login = where_set_up(confirmed_before_connecting(OAuth2LoginView.adapter_view(GitHubAdapter)))
callback = where_set_up(OAuth2CallbackView.adapter_view(GitHubAdapter))
