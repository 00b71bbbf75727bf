"""What holds for every address: security headers, methods, and what is not read of queries and bodies."""

import encodings
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from csp.utils import build_policy
from django.contrib.auth import get_user_model
from django.test import Client

from tests.people import admin, signed_in
from tests.vlmportal.addresses import ADDRESSES
from vlmportal.handlers import ASGIRequest, WSGIHandler, WSGIRequest
from vlmportal.middleware import PERMISSIONS_POLICY, is_utf8

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
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


LONG_QUERIES = {
    "parameters": ("&".join(f"topic=t{n}" for n in range(101)), "The query has 101 parameters; at most 100 are read."),
    "one parameter repeated": ("a&" * 20_000, "The query has 20,001 parameters; at most 100 are read."),
    "characters": ("q=" + "x" * 7_999, "The query has 8,001 characters; at most 8,000 are read."),
}


@pytest.mark.parametrize("name", LONG_QUERIES)
def test_a_long_query_is_refused_by_every_address_before_anything_is_read(
    name: str, client: Client, django_assert_num_queries: Any
):
    query, text = LONG_QUERIES[name]

    with django_assert_num_queries(0):
        responses = {address: client.get(f"{address}?{query}") for address in ADDRESSES}

    assert {address for address, response in responses.items() if response.status_code != 400} == set()
    assert responses["/papers/"].content.decode() == f"{text}\n"


@pytest.mark.parametrize("address", ["/papers/", "/api/v1/papers/", "/feeds/papers/new.atom", "/export/papers.csv"])
def test_a_query_of_the_limit_is_read(address: str, client: Client):
    pairs = [(name, str(number)) for name in ("slug", "year") for number in range(1950, 2000)]

    assert client.get(address, pairs).status_code == 200
    assert client.get(f"{address}?slug={'x' * 400}").status_code == 200


CONTENT_TYPES = {
    "application/x-www-form-urlencoded": 403,
    "application/x-www-form-urlencoded; charset=utf-8": 403,
    'multipart/form-data; boundary=x; charset="UTF8"': 403,
    "application/x-www-form-urlencoded; charset=utf-16": 415,
    "application/x-www-form-urlencoded; charset=base64": 415,
    "multipart/form-data; boundary=x; charset=idna": 415,
    "multipart/form-data; boundary=x; charset=no-such": 415,
    "text/plain; charset=undefined": 415,
    "text/plain; charset=\xe9": 415,
    "text/plain; charset*=base64'x'%41": 415,
    "text/plain; a*=no-such'x'%41": 415,
}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, client: Client) -> Client:
    """A client whose requests are made as by the server's handler."""
    monkeypatch.setattr("django.test.client.WSGIRequest", WSGIHandler.request_class)
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/", "/contribute/papers/"])
def test_no_charset_fails_a_form(path: str, content_type: str, served: Client):
    assert served.generic("POST", path, "a=1", content_type).status_code == CONTENT_TYPES[content_type]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize(("path", "status"), [("/papers/", 200), ("/api/v1/papers/", 200), ("/nothing", 404)])
def test_no_charset_fails_an_address(path: str, status: int, content_type: str, served: Client):
    response = served.get(f"{path}?year=20%32%34", CONTENT_TYPE=content_type)

    assert response.status_code == (415 if CONTENT_TYPES[content_type] == 415 else status)


@pytest.mark.parametrize(("charset", "status"), [("UTF-8", 401), ("utf-16", 415), ("base64", 415), ("no-such", 415)])
def test_a_body_of_the_api_is_read_in_utf_8_only(charset: str, status: int, served: Client):
    response = served.generic("POST", "/api/v1/proposals/parse/", "{}", f"application/json; charset={charset}")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_long_query_fails_nothing_with_a_charset(served: Client):
    response = served.get(f"/papers/?{'a&' * 20_000}", CONTENT_TYPE="text/plain; charset=utf-8")

    assert response.status_code == 400


def test_a_script_of_another_site_can_read_why_it_is_refused(client: Client):
    origin = {"Origin": "https://elsewhere.example"}

    for address, status in ((f"/api/v1/papers/?{'a&' * 101}", 400), ("/api/nowhere", 404)):
        response = client.get(address, headers=origin)
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (status, "*")


def test_names_of_charsets_are_not_kept():
    known = len(vars(encodings)["_cache"])

    assert [is_utf8(f"text/plain; charset=no-{number}") for number in range(50)] == [False] * 50
    assert len(vars(encodings)["_cache"]) == known


def test_the_servers_make_such_requests():
    """In a process of their own, since they set variables of the environment."""
    code = "from vlmportal import asgi, wsgi; print(asgi.application.request_class, wsgi.application.request_class)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == f"{ASGIRequest} {WSGIRequest}\n"
