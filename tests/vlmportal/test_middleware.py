"""What holds for every address: security headers, methods, and bodies that are not read."""

from typing import Any

import pytest
from csp.utils import build_policy
from django.contrib.auth import get_user_model
from django.test import Client

from tests.people import admin, signed_in
from tests.vlmportal.addresses import ADDRESSES
from vlmportal.middleware import PERMISSIONS_POLICY

pytestmark = pytest.mark.django_db
METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Content-Security-Policy": build_policy(),
}
ERRORS: dict[str, dict[str, Any]] = {
    "/nothing": {},
    "/api/nothing/": {},
    "/api/v1/nothing/": {},
    "/api/v1/papers/?nothing=1": {},
    "/api/v1/proposals/": {},
    "/static/nothing.css": {},
    "/papers/": {"HTTP_HOST": "elsewhere.example"},
    "/api/v1/": {"HTTP_HOST": "elsewhere.example"},
    "/about/": {"HTTP_TRANSFER_ENCODING": "chunked"},
}


def security_headers(response: Any) -> dict[str, str]:
    return {name: response.headers.get(name) for name in SECURITY_HEADERS}


@pytest.fixture
def client() -> Client:
    """A client that gets a page for an exception, as a browser does."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_security_headers(address: str, client: Client):
    assert security_headers(client.get(address)) == SECURITY_HEADERS


@pytest.mark.parametrize("address", ERRORS)
def test_every_error_has_the_security_headers(address: str, client: Client):
    extra: dict[str, Any] = ERRORS[address]
    response = client.get(address, **extra)

    assert (response.status_code >= 400, security_headers(response)) == (True, SECURITY_HEADERS)


def test_static_files_have_the_security_headers(client: Client, settings: Any):
    settings.WHITENOISE_USE_FINDERS = True

    response = client.get("/static/img/favicon.svg")

    assert (response.status_code, security_headers(response)) == (200, SECURITY_HEADERS)


def test_redirects_to_https_have_the_security_headers(client: Client, settings: Any):
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get("/papers/")

    assert (response.status_code, security_headers(response)) == (301, SECURITY_HEADERS)


@pytest.mark.parametrize("address", ADDRESSES)
def test_methods_that_are_not_offered_are_refused(address: str):
    client = signed_in(admin())
    options = client.options(address)
    allowed = options.headers["Allow"].split(", ")

    statuses = {method: client.generic(method, address) for method in METHODS if method not in allowed}

    assert options.status_code in (200, 204)
    assert "OPTIONS" in allowed
    assert ("GET" in allowed) == ("HEAD" in allowed)
    assert {(response.status_code, response.headers.get("Allow")) for response in statuses.values()} == {
        (405, options.headers["Allow"])
    }


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("/accounts/github/")])
def test_head_is_get_without_a_body(address: str, client: Client):
    get, head = client.get(address), client.head(address)

    assert (head.status_code, head.headers.get("Content-Type"), head.headers.get("Location")) == (
        get.status_code,
        get.headers.get("Content-Type"),
        get.headers.get("Location"),
    )


def test_a_wrong_method_changes_nothing(client: Client):
    user = admin()

    response = signed_in(user).delete("/accounts/forget/")

    assert (response.status_code, response.headers["Allow"]) == (405, "OPTIONS, POST")
    assert get_user_model().objects.get(pk=user.pk).left_at is None


@pytest.mark.parametrize("address", ["/contribute/batch/", "/api/v1/proposals/batch/", "/nothing"])
@pytest.mark.parametrize("extra", [{}, {"CONTENT_LENGTH": "5"}])
def test_a_chunked_body_is_refused(address: str, extra: dict[str, Any]):
    response = signed_in(admin()).generic(
        "POST", address, b"words", "application/json", HTTP_TRANSFER_ENCODING="chunked", **extra
    )

    text = "Send the body with a Content-Length: chunked bodies are not read."
    assert response.status_code == 411
    assert text in response.content.decode()


@pytest.mark.parametrize("length", ["5000001", "9" * 400])
@pytest.mark.parametrize("address", ["/contribute/batch/", "/api/v1/proposals/batch/", "/admin/login/", "/papers/"])
def test_a_body_beyond_the_limit_is_refused_unread(address: str, length: str):
    response = signed_in(admin()).generic("POST", address, b"", "application/json", CONTENT_LENGTH=length)

    assert response.status_code == 413


def test_a_body_of_the_limit_is_read(settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 40

    statuses = [
        signed_in(admin()).post("/api/v1/proposals/parse/", b" " * size, "application/json").status_code
        for size in (40, 41)
    ]

    assert statuses[1] == 413
    assert statuses[0] != 413


@pytest.mark.parametrize("address", ["/accounts/login/", "/contribute/paste/", "/api/v1/proposals/"])
@pytest.mark.parametrize("charset", ["utf-16", "latin-1"])
def test_a_form_in_another_encoding_is_refused(address: str, charset: str):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32

    response = client.generic("POST", address, b"a=1", f"application/x-www-form-urlencoded; charset={charset}")

    assert response.status_code == 415


def test_a_form_in_utf_8_is_read(client: Client):
    response = client.generic("POST", "/accounts/login/", b"a=1", "application/x-www-form-urlencoded; charset=UTF-8")

    assert response.status_code == 200
