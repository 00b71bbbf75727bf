"""The names of the cookies: bound to the host where the site has TLS, plain elsewhere."""

import json
import os
import subprocess
import sys

import pytest

from tests.journeys.conftest import ROOT

NAMES = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
PLAIN = ["sessionid", "csrftoken", False, False]
BOUND = ["__Host-sessionid", "__Host-csrftoken", True, True]


def cookies(**environment: str) -> list[object]:
    """The settings of the cookies in a process with these variables; neither has a domain, and both have the path /."""
    code = (
        "import json; from django.conf import settings as s; "
        "assert (s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN) == (None, None); "
        "assert (s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH) == ('/', '/'); "
        f"print(json.dumps([getattr(s, name) for name in {NAMES}]))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "vlmportal.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**env, **environment}, cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SECURE_SSL": "0", "SITE_URL": "http://127.0.0.1:8000"}, PLAIN),
        ({"SECURE_SSL": "1", "SITE_URL": "http://127.0.0.1:8000"}, BOUND),
        ({"SECURE_SSL": "0", "SITE_URL": "https://portal.example.org"}, BOUND),
    ],
)
def test_cookies_are_bound_to_the_host_under_tls(environment: dict[str, str], expected: list[object]) -> None:
    assert cookies(**environment) == expected
