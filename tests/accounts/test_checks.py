"""A local demo that others could reach does not start."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import Error, run_checks
from django.core.exceptions import ImproperlyConfigured
from tooling.base import ROOT

from accounts.checks import HINT, host_of, is_loopback, local_demo_stays_local, refuse_unsafe_demo

UNSAFE = {
    "SECURE_SSL": (True, "SECURE_SSL is on"),
    "BEHIND_PROXY": (True, "BEHIND_PROXY is on"),
    "GITHUB_CLIENT_ID": ("app", "GITHUB_CLIENT_ID names a GitHub app"),
    "SITE_URL": ("https://portal.example.org", "SITE_URL is https://portal.example.org"),
    "ALLOWED_HOSTS": (["localhost", "*"], "ALLOWED_HOSTS lets in localhost, *"),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_each_sign_of_a_public_site_refuses(name: str, settings: Any) -> None:
    value, message = UNSAFE[name]
    settings.LOCAL_DEMO = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    setattr(settings, name, value)

    assert local_demo_stays_local() == [Error(f"LOCAL_DEMO is on although {message}.", hint=HINT, id="accounts.E001")]
    with pytest.raises(ImproperlyConfigured, match="LOCAL_DEMO is on although"):
        refuse_unsafe_demo()


def test_a_laptop_is_fine(settings: Any) -> None:
    settings.LOCAL_DEMO = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

    assert local_demo_stays_local() == []
    refuse_unsafe_demo()


def test_a_public_site_without_the_demo_is_fine(settings: Any) -> None:
    settings.SECURE_SSL, settings.SITE_URL = True, "https://portal.example.org"

    assert local_demo_stays_local() == []


def test_the_check_is_registered(settings: Any) -> None:
    settings.LOCAL_DEMO = settings.SECURE_SSL = True

    assert "accounts.E001" in [message.id for message in run_checks()]


def test_a_server_does_not_start() -> None:
    """The way granian loads it, in a process of its own."""
    environment = {**os.environ, "LOCAL_DEMO": "1", "SECURE_SSL": "1", "DJANGO_SETTINGS_MODULE": "vlmportal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", "import vlmportal.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "ImproperlyConfigured: LOCAL_DEMO is on although SECURE_SSL is on." in done.stderr


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("portal.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("", False),
        ("*", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
    ],
)
def test_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_host_of() -> None:
    assert [host_of(text) for text in ("localhost:8000", "[::1]:8000", "127.0.0.1", "a.b")] == [
        "localhost",
        "::1",
        "127.0.0.1",
        "a.b",
    ]
