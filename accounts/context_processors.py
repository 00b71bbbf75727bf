"""What every page knows about the visitor."""

from django.http import HttpRequest

from accounts.demo import DEMO_ACCOUNTS, DemoAccount, is_offered


def people(request: HttpRequest) -> dict[str, tuple[DemoAccount, ...]]:
    """`demo_accounts`: whom the visitor may sign in as without more ado; empty except in the local demo."""
    return {"demo_accounts": DEMO_ACCOUNTS if is_offered(request) else ()}
