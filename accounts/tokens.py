"""Creating, finding and revoking API tokens. Only a digest of each key is stored."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.names import clean_shown_name
from accounts.rules import can_contribute, can_moderate

PREFIX = "vlmp_"
"""The prefix of keys, by which people and secret scanners recognise them."""

MAX_KEY_LENGTH = 100
MAX_TOKENS = 20
LIFETIMES = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
USE_RECORDED_EVERY = timedelta(minutes=1)
"""The minimum time between two updates of `last_used_at`, so that most requests write nothing."""


class Scope(TextChoices):
    """What a token may do; the account's own permissions are checked as well, on each use."""

    READ = "read", "Read: my own proposals and what was said to them"
    PROPOSE = "propose", "Propose: submit, revise, withdraw, comment"
    MODERATE = "moderate", "Moderate: see the queue and decide"


class TokenRefused(ValueError):
    """The account has a token of that name (`field` is "name") or too many; the message says what to do."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NoSuchToken(Exception):
    """The key belongs to no usable token; the message is for the client."""


class TokenForm(forms.Form):
    """The form of a new token; only moderators are offered "moderate"."""

    name = forms.CharField(max_length=60, help_text="What it is for, such as “nightly sync on my laptop”.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label="It may", initial=[Scope.READ, Scope.PROPOSE]
    )
    days = forms.TypedChoiceField(choices=list(LIFETIMES.items()), coerce=int, initial=90, label="It lives for")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not can_moderate(user):
            boxes = cast(forms.MultipleChoiceField, self.fields["scopes"])
            boxes.choices = [(value, label) for value, label in Scope.choices if value != Scope.MODERATE]

    def clean_name(self) -> str:
        """Raise ValidationError for invisible characters."""
        return clean_shown_name(self.cleaned_data["name"])


@transaction.atomic
def make_token(*, user: User, name: str, scopes: list[str], days: int) -> tuple[ApiToken, str]:
    """Create a token and return it with its key, which cannot be read again.

    Raises PermissionError if the user may not create it, TokenRefused if another of their tokens has the name or they
    have MAX_TOKENS already.
    """
    user.lock()
    if not can_contribute(user) or (Scope.MODERATE in scopes and not can_moderate(user)):
        raise PermissionError("This account may not make such a token.")
    if user.api_tokens.filter(name=name).exists():
        raise TokenRefused("You have a token of this name already: revoke it, or choose another name.", field="name")
    if user.api_tokens.count() >= MAX_TOKENS:
        raise TokenRefused(f"You have {MAX_TOKENS} tokens: revoke one first.")
    key = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=[scope for scope in Scope.values if scope in scopes],
        digest=digest_of(key),
        hint=key[-4:],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, key


def find_token(key: str) -> ApiToken:
    """The token of a key, in one query. Raises NoSuchToken, with one message for wrong, expired and revoked keys."""
    if key.startswith(PREFIX) and len(key) <= MAX_KEY_LENGTH:
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token and not token.is_expired and can_contribute(token.user):
            return token
    raise NoSuchToken("The token is wrong, expired or revoked, or its account may only read.")


def record_use(token: ApiToken) -> None:
    """Record that a token was used, at most once per USE_RECORDED_EVERY."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - USE_RECORDED_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_RECORDED_EVERY)
        ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now)


def revoke_token(*, user: User, pk: int) -> bool:
    """Delete a token of `user`, which ends it at once; False if there is no such token."""
    return bool(user.api_tokens.filter(pk=pk).delete()[0])


def digest_of(key: str) -> str:
    """SHA-256 in hex. A key has 256 random bits, so it needs neither a salt nor a slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
