"""Refuse to start a local demo that others could reach. Needs no models, so that the server can call it early."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

HINT = "LOCAL_DEMO lets anyone sign in as a moderator. Leave it out; `make run` sets it on a laptop by itself."


def is_loopback(host: str) -> bool:
    """Whether a host name or IP address (without port) can only mean this machine."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_of(netloc: str) -> str:
    """The host in "host:port", "[::1]:8000" or a bare host."""
    return urlsplit(f"//{netloc}").hostname or ""


def obstacles() -> list[str]:
    """Why the settings do not allow a local demo, each a clause that names the setting. Empty if it is off."""
    if not settings.LOCAL_DEMO:
        return []
    reasons = {
        "SECURE_SSL is on": settings.SECURE_SSL,
        "BEHIND_PROXY is on": settings.BEHIND_PROXY,
        "GITHUB_CLIENT_ID names a GitHub app": bool(settings.GITHUB_CLIENT_ID),
        f"SITE_URL is {settings.SITE_URL}": not is_loopback(urlsplit(settings.SITE_URL).hostname or ""),
        f"ALLOWED_HOSTS lets in {', '.join(settings.ALLOWED_HOSTS)}": not all(map(is_loopback, settings.ALLOWED_HOSTS)),
    }
    return [reason for reason, holds in reasons.items() if holds]


def demo_may_run() -> bool:
    """Whether the local demo is on, and the settings allow it."""
    return settings.LOCAL_DEMO and not obstacles()


def local_demo_stays_local(**kwargs: Any) -> list[CheckMessage]:
    """Report accounts.E001 if LOCAL_DEMO is on but other settings suggest a public site."""
    return [Error(f"LOCAL_DEMO is on although {reason}.", hint=HINT, id="accounts.E001") for reason in obstacles()]


def refuse_unsafe_demo() -> None:
    """Check the same in a server process, which runs no system checks. Raises ImproperlyConfigured."""
    if reasons := obstacles():
        raise ImproperlyConfigured(f"LOCAL_DEMO is on although {' and '.join(reasons)}. {HINT}")
