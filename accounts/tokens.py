"""API tokens: made, found again by what the client sends, and revoked. Only a digest of each is kept."""

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
"""What a key begins with, so that people and scanners for leaked secrets know one when they see it."""

LONGEST_KEY = 100
MOST_TOKENS = 20
LIVES = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
NOTED_EVERY = timedelta(minutes=1)
"""How often the last use is written at most, so that reading stays reading."""


TAKEN = "You have a token of this name already: revoke it, or choose another name."


class Scope(TextChoices):
    """What a token is good for; the account's own rights are asked besides, at each use."""

    READ = "read", "Read: my own proposals and what was said to them"
    PROPOSE = "propose", "Propose: submit, revise, withdraw, comment"
    MODERATE = "moderate", "Moderate: see the queue and decide"


class NameTaken(ValueError):
    """The person has a token of that name."""


class NoSuchToken(Exception):
    """The key is no token of anyone who may use one; the message says so to the client."""


class TokenForm(forms.Form):
    """What a new token is for; "moderate" is offered to those who may moderate."""

    name = forms.CharField(max_length=60, help_text="What it is for, such as “nightly sync on my laptop”.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label="It may", initial=[Scope.READ, Scope.PROPOSE]
    )
    days = forms.TypedChoiceField(choices=list(LIVES.items()), coerce=int, initial=90, label="It lives for")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not can_moderate(user):
            boxes = cast(forms.MultipleChoiceField, self.fields["scopes"])
            boxes.choices = [(value, label) for value, label in Scope.choices if value != Scope.MODERATE]

    def clean_name(self) -> str:
        """Refused with characters that cannot be seen, and when another token of the person has it."""
        name = clean_shown_name(self.cleaned_data["name"])
        if self.user.api_tokens.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean(self) -> dict[str, Any]:
        """Refused when the person has as many tokens as one may have."""
        if self.user.api_tokens.count() >= MOST_TOKENS:
            raise forms.ValidationError(f"You have {MOST_TOKENS} tokens: revoke one first.")
        return super().clean() or self.cleaned_data


@transaction.atomic
def make_token(*, user: User, name: str, scopes: list[str], days: int) -> tuple[ApiToken, str]:
    """A new token of `user` and its key, which nobody can read again.

    Raises PermissionError for one who may not make it, NameTaken when their other token has the name.
    """
    if not can_contribute(user) or (Scope.MODERATE in scopes and not can_moderate(user)):
        raise PermissionError("This account may not make such a token.")
    key = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token, created = ApiToken.objects.get_or_create(
        user=user,
        name=name,
        defaults={
            "scopes": [scope for scope in Scope.values if scope in scopes],
            "digest": digest_of(key),
            "hint": key[-4:],
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        },
    )
    if not created:
        raise NameTaken(TAKEN)
    return token, key


def find_token(key: str) -> ApiToken:
    """The token of a key, in one query. Raises NoSuchToken, with the same words for wrong, expired and revoked keys."""
    if key.startswith(PREFIX) and len(key) <= LONGEST_KEY:
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token and not token.is_expired and can_contribute(token.user):
            return token
    raise NoSuchToken("The token is wrong, expired or revoked, or its account may only read.")


def note_use(token: ApiToken) -> None:
    """Write down that a token was used, at most once in NOTED_EVERY."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now)


def revoke_token(*, user: User, pk: int) -> bool:
    """End a token of `user` at once; False when they have no such one."""
    return bool(user.api_tokens.filter(pk=pk).delete()[0])


def digest_of(key: str) -> str:
    """SHA-256 in hex. A key has 256 random bits, so that it needs neither salt nor a slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
