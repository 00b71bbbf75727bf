"""Asking who somebody is once more, before a session that may be stolen or left open changes who can act for whom.

The pages are allauth's, for a second factor or a password; and ours, for an account that has only GitHub.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import serialize_request
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts.demo import is_demo_account
from accounts.models import User
from accounts.rules import needs_second_factor
from accounts.sessions import authenticated_lately

View = Callable[..., Any]

SET_UP_MESSAGE = (
    "The admin opens once your account has a second factor, because a moderator decides what everybody reads. "
    "Set up an authenticator app or a passkey; it takes a minute."
)
USE_MESSAGE = "The admin opens once you have used your second factor in this session."


def must_confirm(request: HttpRequest) -> bool:
    """Whether to ask first: the last authentication is too long ago. A demo account has nothing to confirm with."""
    if authenticated_lately(request):
        return False
    return not is_demo_account(request.user) or bool(get_adapter().get_reauthentication_methods(request.user))


def ask_to_confirm(request: HttpRequest, *, back_to: str = "", keep_post: bool = False) -> HttpResponse:
    """Redirect to the page that asks, and from there to `back_to`, by default to this page.

    With `keep_post`, what was posted waits in the session and is done after confirming by second factor or password;
    never use it for a form with a password. Raises PermissionDenied for an account that has nothing to confirm with.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied("This account has nothing to confirm itself with: sign out and in again.")
    request.session.pop(STATE_SESSION_KEY, None)
    if keep_post:
        # as allauth's suspend_request(), which loses the form where the address has a query
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
        back_to = request.path
    return redirect(f"{methods[0]['url']}?{urlencode({'next': back_to or request.get_full_path()})}")


def confirmed_lately(view: View) -> View:
    """Decorate a view so that it opens within 15 minutes of an authentication only; what was posted is not kept."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and must_confirm(request):
            if request.method == "POST":
                messages.warning(request, "Nothing was changed yet. Confirm that it is you, then fill in the form.")
            return ask_to_confirm(request)
        return view(request, *args, **kwargs)

    return inner


@never_cache
@login_required
def confirm_by_github(request: HttpRequest) -> HttpResponse:
    """The page that sends an account without a second factor or password through GitHub once more."""
    return render(request, "accounts/confirm_by_github.html", {"next": get_next_redirect_url(request) or "/"})


def lead_to_second_factor(request: HttpRequest, back_to: str) -> HttpResponse:
    """Redirect a moderator to the page that asks for the second factor, or where they set one up if they have none."""
    if cast(User, request.user).has_second_factor:
        messages.warning(request, USE_MESSAGE)
        return ask_to_confirm(request, back_to=back_to)
    messages.warning(request, SET_UP_MESSAGE)
    return redirect("mfa_index")


def require_second_factor(request: HttpRequest) -> None:
    """Raise ImmediateHttpResponse, which leads there, if a moderator's session has not used its second factor."""
    if needs_second_factor(request.user):
        raise ImmediateHttpResponse(lead_to_second_factor(request, request.get_full_path()))
