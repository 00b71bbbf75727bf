"""Context about the visitor for every page."""

from django.http import HttpRequest

from accounts.demo import DEMO_ACCOUNTS, DemoAccount, is_offered


def people(request: HttpRequest) -> dict[str, tuple[DemoAccount, ...]]:
    """`demo_accounts`: accounts to sign in to without a password; empty except in the local demo."""
    return {"demo_accounts": DEMO_ACCOUNTS if is_offered(request) else ()}
