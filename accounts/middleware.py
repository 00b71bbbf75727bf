"""Tells the rules what a session has proven, and adapts allauth's responses to the site."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.rules import Visitor
from accounts.sessions import used_second_factor


class SessionUser(AuthenticationMiddleware):
    """Sets `request.user` as Django does, with the mark by which accounts.rules knows a session that has not used the
    second factor. Users read from the database have no such mark: of them, the account alone is judged."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(marked_user, request))  # type: ignore[assignment] # as Django's


def marked_user(request: HttpRequest) -> Visitor:
    """The user of the session, or AnonymousUser."""
    user = get_user(request)
    if isinstance(user, User):
        user.second_factor_unused = not used_second_factor(request, user)
    return user


class OneSite:
    """Removes allauth's `site` (a host name) from the context of its pages, where it would hide ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response
