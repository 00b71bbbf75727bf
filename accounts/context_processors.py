"""Context about the visitor for every page."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.demo import DEMO_ACCOUNTS, is_demo_account, is_offered


def people(request: HttpRequest) -> dict[str, Any]:
    """`demo_accounts`: accounts to sign in to without a password; empty except in the local demo. `is_demo_account`:
    whether the visitor is one, looked up when a page asks; a request that was refused early has no user."""
    return {
        "demo_accounts": DEMO_ACCOUNTS if is_offered(request) else (),
        "is_demo_account": SimpleLazyObject(lambda: is_demo_account(getattr(request, "user", AnonymousUser()))),
    }
