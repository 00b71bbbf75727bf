"""Ready answers for strangers: a page of the catalogue, or a read of the API, is made once a version of the catalogue.

What is held is what a reader without a session or token got from a view of the catalogue, whole, with status 200 and no
cookie. Everything else passes through. The version is read from the database at every request, before the answer is
made, so that all processes agree and nothing out of date is ever given. Each read of the API is counted as it comes.

Compressing is safe here although a page may repeat its query (the BREACH attack): no page that is held has a secret in
it. What passes through is compressed by GZipMiddleware, which hides its length.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from catalog.api import compression, conditional, throttles
from catalog.api.base import ReadView
from catalog.api.problems import PREFIX
from catalog.version import version_for

PAGES = "public, max-age=0, s-maxage=30"
"""Shared caches as long as the API's answers; a browser asks each time, so that it shows what was just published."""

LARGEST = 1_000_000  # bytes of one page
UNCHANGED = ("ETag", "Cache-Control", "Vary", "Last-Modified")
"""Headers of a 304 (RFC 9110, 15.4.5)."""
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
WRITERS = ("HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")

Key = tuple[str, ...]


class Ready:
    """An answer with its headers; its body is compressed once, when a reader first takes it so. Validators and policy
    are the API's own where it has them."""

    def __init__(self, response: HttpResponse) -> None:
        if not response.has_header("ETag"):
            response["ETag"] = f'W/"{conditional.digest(response.content)}"'
            response["Cache-Control"] = PAGES
            patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        self.headers = {name: value for name, value in response.items() if name not in throttles.TOLD}
        self.unchanged = {name: self.headers[name] for name in UNCHANGED if name in self.headers}
        self.bodies = {"": response.content}
        self.size = 2_000 + len(response.content) * 3 // 2  # text shrinks to a quarter or less, in each coding

    def body(self, coding: str) -> bytes:
        if coding not in self.bodies:
            self.bodies[coding] = compression.CODINGS[coding](self.bodies[""])
        return self.bodies[coding]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The answer to this request: 304 where the reader has it already."""
        if request.META.get("HTTP_IF_NONE_MATCH") == self.headers["ETag"]:  # as a browser asks
            return HttpResponseNotModified(headers=self.unchanged)
        coding = compression.coding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""), compression.SMALLEST)
        body = self.body(coding if len(self.bodies[""]) >= compression.LEAST else "")
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response["Content-Length"] = str(len(body))
        if body is not self.bodies[""]:
            response["Content-Encoding"] = coding
        if any(name in request.META for name in CONDITIONS):
            modified = parse_http_date_safe(self.headers.get("Last-Modified", ""))
            return get_conditional_response(request, self.headers["ETag"], modified, response) or response
        return response


class Pages:
    """Answers of one version of the catalogue, bounded in bytes: what was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most, self.size, self.version = most, 0, ""
        self.held = OrderedDict[Key, Ready]()
        self.lock = threading.Lock()

    def get(self, key: Key, now: str) -> Ready | None:
        """The answer held for `key`; all are dropped when the version is another one."""
        with self.lock:
            if now != self.version:
                self.held.clear()
                self.size, self.version = 0, now
            if key in self.held:
                self.held.move_to_end(key)
            return self.held.get(key)

    def put(self, key: Key, now: str, page: Ready) -> None:
        """Hold an answer that was made after the version was read."""
        with self.lock:
            if now == self.version and key not in self.held:
                self.held[key] = page
                self.size += page.size
                while self.size > self.most:
                    self.size -= self.held.popitem(last=False)[1].size


class PageCache:
    """Answers strangers from memory where a page of the catalogue is held there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)
        self.pages = Pages(settings.PAGE_CACHE_MB * 1_000_000)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        of_api = request.path_info.startswith(PREFIX)
        accept = meta.get("HTTP_ACCEPT", "") if of_api else ""
        key = (str(request.scheme), meta.get("HTTP_HOST", ""), request.path, meta.get("QUERY_STRING", ""), accept)
        if is_personal(request):
            response = self.get_response(request)
            response.setdefault("Cache-Control", conditional.PRIVATE)
            return response
        if not (key in self.pages.held or is_of_the_catalogue(request)):
            return self.get_response(request)
        if of_api:
            spent = throttles.count_stranger(request)
            if spent.used > spent.quota:
                return self.get_response(request)
        now = version_for(request).text
        page = self.pages.get(key, now)
        if page is None:
            asked = meta.pop("HTTP_ACCEPT_ENCODING", "")  # the answer is wanted plain
            response = self.get_response(request)
            meta["HTTP_ACCEPT_ENCODING"] = asked
            if not may_be_held(request, response):
                return self.gzip.process_response(request, compression.compress(request, response))
            page = Ready(response)
            if request.method == "GET":
                self.pages.put(key, now, page)
        answer = page.answer(request)
        throttles.tell(request, answer)
        return answer


def is_personal(request: HttpRequest) -> bool:
    """Whether the answer may be for this visitor alone, or is no reading at all."""
    if request.method not in ("GET", "HEAD") or any(name in request.META for name in WRITERS):
        return True
    own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return "HTTP_COOKIE" in request.META and not own.isdisjoint(request.COOKIES)


def is_of_the_catalogue(request: HttpRequest) -> bool:
    """Whether a page of the catalogue or a read of the API is asked for."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return False
    view = getattr(found.func, "cls", None)
    return found.app_name == "catalog" or (view is not None and issubclass(view, ReadView))


def may_be_held(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether any stranger would get this answer, and it is small enough."""
    policy = response.headers.get("Cache-Control", "public")
    private = response.cookies or "public" not in policy or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return (
        response.status_code == 200
        and not response.streaming
        and not private
        and not request.user.is_authenticated
        and len(response.content) <= LARGEST
    )
