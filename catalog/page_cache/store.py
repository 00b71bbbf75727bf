"""Cached responses: headers and compressed bodies, all of one catalogue version."""

import threading
from collections import OrderedDict

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from catalog.api import compression, conditional, throttles

PAGE_CACHE_CONTROL = "public, max-age=0, s-maxage=30"
"""Shared caches keep pages as long as API responses; browsers revalidate each time, to show what was just published."""

NOT_MODIFIED_HEADERS = ("ETag", "Cache-Control", "Vary", "Last-Modified")
"""Headers of a 304 (RFC 9110, 15.4.5)."""
CONDITIONAL_HEADERS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")

CacheKey = tuple[str, ...]


class CachedResponse:
    """A response with its headers; the body is compressed once for each coding, on first use. API responses keep their
    own validators and cache policy."""

    def __init__(self, response: HttpResponse) -> None:
        if not response.has_header("ETag"):
            response["ETag"] = f'W/"{conditional.digest(response.content)}"'
            response["Cache-Control"] = PAGE_CACHE_CONTROL
            patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
        self.headers = {name: value for name, value in response.items() if name not in throttles.RATE_LIMIT_HEADERS}
        self.not_modified_headers = {name: self.headers[name] for name in NOT_MODIFIED_HEADERS if name in self.headers}
        self.bodies = {"": response.content}
        self.compressible = not response.headers.get("Content-Type", "").startswith("image/")
        self.size = 2_000 + len(response.content) * 3 // 2  # text shrinks to a quarter or less, in each coding

    def body(self, coding: str) -> bytes:
        if coding not in self.bodies:
            self.bodies[coding] = compression.CODINGS[coding](self.bodies[""])
        return self.bodies[coding]

    def response_to(self, request: HttpRequest) -> HttpResponse:
        """The response to this request: 304 if the client's copy is current."""
        if request.META.get("HTTP_IF_NONE_MATCH") == self.headers["ETag"]:  # the usual case, without parsing
            return HttpResponseNotModified(headers=self.not_modified_headers)
        coding = compression.coding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""), compression.SMALLEST_FIRST)
        body = self.body(coding if self.compressible and len(self.bodies[""]) >= compression.MIN_LENGTH else "")
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response["Content-Length"] = str(len(body))
        if body is not self.bodies[""]:
            response["Content-Encoding"] = coding
        if any(name in request.META for name in CONDITIONAL_HEADERS):
            modified = parse_http_date_safe(self.headers.get("Last-Modified", ""))
            return get_conditional_response(request, self.headers["ETag"], modified, response) or response
        return response


class ResponseCache:
    """Responses of one catalogue version, limited in bytes; the least recently used are dropped first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes, self.size, self.version = max_bytes, 0, ""
        self.responses = OrderedDict[CacheKey, CachedResponse]()
        self.lock = threading.Lock()

    def get(self, key: CacheKey, version: str) -> CachedResponse | None:
        """The cached response for `key`; all are dropped when the catalogue version has changed."""
        with self.lock:
            if version != self.version:
                self.responses.clear()
                self.size, self.version = 0, version
            if key in self.responses:
                self.responses.move_to_end(key)
            return self.responses.get(key)

    def put(self, key: CacheKey, version: str, page: CachedResponse) -> None:
        """Cache a response made after `version` was read, unless the version has changed since."""
        with self.lock:
            if version == self.version and key not in self.responses:
                self.responses[key] = page
                self.size += size_of(key, page)
                while self.size > self.max_bytes:
                    self.size -= size_of(*self.responses.popitem(last=False))


def size_of(key: CacheKey, page: CachedResponse) -> int:
    """The bytes that an entry of the cache takes, at most."""
    return page.size + 4 * sum(map(len, key))
