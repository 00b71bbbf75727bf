"""The local demo: sign-in without a password, to try things out on this machine only."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from accounts.checks import demo_may_run, host_of, is_loopback
from accounts.models import User

FORWARDING_HEADERS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")


@dataclass(frozen=True)
class DemoAccount:
    """A demo account: its username, and its description on the button."""

    username: str
    about: str
    is_moderator: bool = False

    @property
    def email(self) -> str:
        """Where its mail goes: without a mail server, to the output of the background worker."""
        return f"{self.username}@localhost"


DEMO_ACCOUNTS = (
    DemoAccount("demo-contributor", "proposes papers, datasets and results"),
    DemoAccount("demo-contributor-2", "somebody else, to see what others see"),
    DemoAccount("demo-moderator", "reviews what the others propose", is_moderator=True),
    DemoAccount("demo-moderator-2", "the second one, for what takes two", is_moderator=True),
)


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request comes from a browser on this machine, without a proxy in between."""
    direct = not any(request.META.get(name) for name in FORWARDING_HEADERS)
    try:
        host = host_of(request.get_host())
    except DisallowedHost:  # the page that says so asks, too
        return False
    return direct and is_loopback(request.META.get("REMOTE_ADDR", "")) and is_loopback(host)


def is_offered(request: HttpRequest) -> bool:
    """Whether `request` may sign in as a demo account."""
    return demo_may_run() and comes_from_this_machine(request)


def demo_user(username: str) -> User | None:
    """The demo account of that name, created without a password on first use; None if there is no such account, or
    somebody gave it a password and so made it their own."""
    account = next((account for account in DEMO_ACCOUNTS if account.username == username), None)
    if account is None:
        return None
    user = User.objects.service(account.username)
    if user.has_usable_password():
        return None
    if not user.email or (account.is_moderator and not user.is_staff):
        user.email, user.is_staff = user.email or account.email, user.is_staff or account.is_moderator
        user.save(update_fields=["email", "is_staff"])
    return user


def is_demo_account(user: User | AnonymousUser) -> bool:
    """Whether anybody at this machine may be this account, since the local demo is on and may run."""
    if not demo_may_run() or not isinstance(user, User) or user.has_usable_password():
        return False
    return user.username in {account.username for account in DEMO_ACCOUNTS}
