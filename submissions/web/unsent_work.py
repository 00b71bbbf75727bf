"""Keep what an anonymous client posted, and show it in its form again after signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

from submissions.limits import count

View = Callable[..., HttpResponse]
SESSION_KEY = "unsent"
MAX_CHARACTERS = 100_000
DROPPED_FIELDS = ("csrfmiddlewaretoken", "submit")
LIFETIME_SECONDS = 3600


def login_required_keeping_post(view: View) -> View:
    """Require a login and keep the posted data: it becomes `request.POST` of the GET after signing in.

    The decorated view must show `request.POST` in its form on GET too, and act only on POST. The data stays in the
    session for an hour, up to MAX_CHARACTERS, with a rate limit for each IP address.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                _store_post(request)
            return redirect_to_login(request.get_full_path())
        if request.method == "GET" and request.session.get(SESSION_KEY, {}).get("path") == request.path:
            request.FILES  # noqa: B018 -- reading it later would reset POST
            request.POST = QueryDict(request.session.pop(SESSION_KEY)["data"])
        return view(request, *args, **kwargs)

    return inner


def _store_post(request: HttpRequest) -> None:
    data = request.POST.copy()
    for name in DROPPED_FIELDS:
        data.pop(name, None)
    text = data.urlencode()
    if len(text) > MAX_CHARACTERS or count("keep", get_adapter(request).get_client_ip(request)).exceeded:
        messages.warning(request, "Sign in first. What you sent could not be kept: go back in your browser to copy it.")
        return
    request.session[SESSION_KEY] = {"path": request.path, "data": text}
    request.session.set_expiry(LIFETIME_SECONDS)
    messages.info(request, "Sign in to go on. What you wrote is kept and will be in its form again.")
