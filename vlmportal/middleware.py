"""What holds for every request and every response, whichever view answers."""

from collections.abc import Callable
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters
from django.views.generic import RedirectView

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
        *("magnetometer", "microphone", "midi", "payment", "serial", "usb"),
    )
)
"""Pages use no such feature of the browser, and nothing that they embed may."""

MAX_PARAMETERS = 100
MAX_QUERY_LENGTH = 8_000
"""In characters. nginx refuses a longer address, too; a list with many filters has some hundred."""


class SecurityHeaders:
    """Set the security headers that a response lacks. It comes first, so that it sees errors of the other middleware
    too: those under /api/, and those of a wrong Host."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Permissions-Policy": PERMISSIONS_POLICY,
        }
        if not settings.DEBUG:  # Django's debug pages have their styles inline
            self.headers["Content-Security-Policy"] = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class BodyLimit:
    """Refuse a body without a length, of which WSGI could not say where it ends, and one that is too large."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length, maximum = request.META.get("CONTENT_LENGTH") or "", settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return plain(411, "Send the body with a Content-Length: chunked bodies are not read.")
        if length.isascii() and length.isdigit() and int(length[:20]) > maximum:
            return plain(413, f"The body is larger than {maximum:,} bytes.")
        return self.get_response(request)


class QueryLimit:
    """Refuse a query with more parameters, repeated ones included, or characters than any page is asked with: a page
    may hold as many addresses as its query has values, each with all the others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if (number := query.count("&") + 1) > MAX_PARAMETERS:
            return plain(400, f"The query has {number:,} parameters; at most {MAX_PARAMETERS} are read.")
        if len(query) > MAX_QUERY_LENGTH:
            return plain(400, f"The query has {len(query):,} characters; at most {MAX_QUERY_LENGTH:,} are read.")
        return self.get_response(request)


class UTF8Only:
    """Refuse a request that is in another encoding by its Content-Type, of any method: it would be misread."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_utf8(request.META.get("CONTENT_TYPE", "")):
            return self.get_response(request)
        return plain(415, "Send UTF-8: no other charset is read.")


def is_utf8(content_type: str) -> bool:
    """Whether a Content-Type can be read, and names no charset but UTF-8."""
    try:
        _, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return False
    # compared as text: Python keeps every name of a codec that it was ever asked for
    return parameters.get("charset", "utf-8").strip().lower().replace("_", "-") in ("utf-8", "utf8")


class Methods:
    """Answer 405 to the methods that a view does not take (accounts/methods.py), and OPTIONS with those that it does.

    The views of the API do so themselves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if hasattr(view, "cls"):  # of Django REST framework
            return None
        methods = methods_of(request, view)
        allowed = {*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}
        if request.method in allowed - {"OPTIONS"}:
            return None
        headers = {"Allow": ", ".join(sorted(allowed))}
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=headers)
        return plain(405, f"This address takes {headers['Allow']}.", headers)


def methods_of(request: HttpRequest, view: Any) -> tuple[str, ...]:
    """The methods of a view besides HEAD and OPTIONS: declared, or those of an HTML form where a library has it."""
    if declared := getattr(view, "methods", None):
        return tuple(declared)
    if request.resolver_match and "admin" in request.resolver_match.namespaces:
        return ("GET", "POST")
    view_class = getattr(view, "view_class", None)
    if view_class is None or issubclass(view_class, RedirectView):
        return ("GET",)
    return tuple(name.upper() for name in ("get", "post") if hasattr(view_class, name))


def plain(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """A response of one line of text."""
    return HttpResponse(f"{text}\n", status=status, headers=headers, content_type="text/plain; charset=utf-8")
