"""What a session has proven: whether its second factor was used, and how long ago its owner was authenticated.

allauth records in the session each authentication with its method and time.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.models import User

SECOND_FACTOR = "mfa"
"""The method that allauth records for authenticator apps, passkeys and recovery codes."""


def used_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether the second factor of `user` was used in this session."""
    return bool(_by_second_factor(get_authentication_records(request, user)))


def authenticated_lately(request: HttpRequest) -> bool:
    """Whether the user signed in or confirmed who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds.

    Of an account with a second factor, only the second factor counts.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    records = get_authentication_records(request, user)
    if user.has_second_factor:
        records = _by_second_factor(records)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End all sessions of `user`, except the one of `request` if it is theirs."""
    user.end_sessions()
    if request.user == user:
        update_session_auth_hash(request, user)


def _by_second_factor(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in records if record["method"] == SECOND_FACTOR]
