"""The page of an account's API tokens."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.methods import accepts
from accounts.models import User
from accounts.rules import can_contribute
from accounts.tokens import NameTaken, TokenForm, make_token, revoke_token


@never_cache
@login_required
@accepts("GET", "POST")
def tokens(request: HttpRequest) -> HttpResponse:
    """List the account's tokens and create new ones. A key is shown only in the response to the POST."""
    user = cast(User, request.user)
    if request.method == "POST" and not can_contribute(user):
        return render(request, "accounts/suspended.html", status=403)
    form = TokenForm(request.POST or None, user=user)
    context = {"form": form, "tokens": user.api_tokens.all(), "can_contribute": can_contribute(user)}
    if request.method == "POST" and form.is_valid():
        try:
            token, key = make_token(user=user, **form.cleaned_data)
            context |= {"new_token": token, "key": key, "form": TokenForm(user=user)}
        except NameTaken as error:  # the same form, submitted twice at once
            form.add_error("name", str(error))
    return render(request, "accounts/tokens.html", context, status=400 if form.errors else 200)


@login_required
@accepts("POST")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token of the account."""
    if not revoke_token(user=cast(User, request.user), pk=pk):
        raise Http404("You have no such token.")
    messages.success(request, "The token is revoked: nothing that uses it works any more.")
    return redirect("accounts:tokens")
