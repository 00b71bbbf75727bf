"""The page of an account's API tokens."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.confirming import ask_to_confirm, must_confirm
from accounts.methods import accepts
from accounts.models import User
from accounts.rules import can_contribute
from accounts.tokens import TokenForm, TokenRefused, make_token, revoke_token


@never_cache
@login_required
@accepts("GET", "POST")
def tokens(request: HttpRequest) -> HttpResponse:
    """List the account's tokens and create new ones. A key is shown only in the response to the POST.

    A token may outlive the session by a year, so the page asks who it is first, and then shows the form as it was
    filled in: the values are in the query.
    """
    user = cast(User, request.user)
    if request.method == "POST" and not can_contribute(user):
        return render(request, "accounts/suspended.html", status=403)
    if request.method == "POST" and must_confirm(request):
        return ask_to_confirm(request, back_to=f"{request.path}?{filled_in(request)}")
    kept = values_kept(request) if request.method == "GET" and request.GET else None
    form = TokenForm(request.POST or None, user=user, initial=kept)
    context = {"form": form, "tokens": user.api_tokens.all(), "can_contribute": can_contribute(user), "kept": kept}
    if request.method == "POST" and form.is_valid():
        try:
            token, key = make_token(user=user, **form.cleaned_data)
            context |= {"new_token": token, "key": key, "form": TokenForm(user=user)}
        except TokenRefused as error:
            form.add_error(error.field, str(error))
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


def filled_in(request: HttpRequest) -> str:
    """What was posted, as a query of this page, which shows it in the form again."""
    return urlencode([(name, value) for name in TokenForm.base_fields for value in request.POST.getlist(name)])


def values_kept(request: HttpRequest) -> dict[str, Any]:
    """The values of such a query."""
    return {"name": request.GET.get("name"), "scopes": request.GET.getlist("scopes"), "days": request.GET.get("days")}


@login_required
@accepts("POST")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token of the account."""
    if not revoke_token(user=cast(User, request.user), pk=pk):
        raise Http404("You have no such token.")
    messages.success(request, "The token is revoked: nothing that uses it works any more.")
    return redirect("accounts:tokens")
