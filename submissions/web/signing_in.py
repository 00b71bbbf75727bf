"""Signing in on the way: what was posted without a session is kept, and is in its form again afterwards."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

from submissions.limits import count

View = Callable[..., HttpResponse]
KEPT = "unsent"
LONGEST = 100_000
NEVER = ("csrfmiddlewaretoken", "submit")
AN_HOUR = 3600


def signed_in(view: View) -> View:
    """Have the visitor sign in first, and lose nothing: what was posted is `request.POST` of the GET that follows.

    A view so decorated shows `request.POST` in its form also on a GET, and acts on POST alone. The work waits in the
    visitor's session for an hour: at most LONGEST characters, and so often from one address of the network.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                _keep(request)
            return redirect_to_login(request.get_full_path())
        if request.method == "GET" and request.session.get(KEPT, {}).get("path") == request.path:
            request.FILES  # noqa: B018 -- the first look at it would empty POST again
            request.POST = QueryDict(request.session.pop(KEPT)["data"])
        return view(request, *args, **kwargs)

    return inner


def _keep(request: HttpRequest) -> None:
    data = request.POST.copy()
    for name in NEVER:
        data.pop(name, None)
    text = data.urlencode()
    if len(text) > LONGEST or count("keep", get_adapter(request).get_client_ip(request)).exceeded:
        messages.warning(request, "Sign in first. What you sent could not be kept: go back in your browser to copy it.")
        return
    request.session[KEPT] = {"path": request.path, "data": text}
    request.session.set_expiry(AN_HOUR)
    messages.info(request, "Sign in to go on. What you wrote is kept and will be in its form again.")
