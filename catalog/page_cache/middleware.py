"""The middleware that caches responses for anonymous clients."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve

from catalog.api import compression, conditional, throttles
from catalog.api.base import ReadView
from catalog.api.problems import PREFIX
from catalog.kinds import KINDS
from catalog.ledger.catalogue_version import version_of_request
from catalog.listing.filterset import filterset_class
from catalog.page_cache.store import CachedResponse, CacheKey, ResponseCache
from catalog.web import leaderboards
from catalog.web.changes import ChangesForm
from catalog.web.feed_pages import BEFORE
from catalog.web.parameters import PAGING
from catalog.web.search import SearchForm

MAX_RESPONSE_BYTES = 1_000_000  # of one response
MAX_KEY_LENGTH = 2_000  # characters; the query of a list with many filters has some hundred
OTHER_PARAMETERS = ("q", "as_of", "from", "to", BEFORE)
BYPASS_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class PageCache:
    """Answer anonymous clients from the page cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)
        self.pages = ResponseCache(settings.PAGE_CACHE_MB * 1_000_000)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if bypasses_cache(request):
            response = self.get_response(request)
            response.setdefault("Cache-Control", conditional.PRIVATE)
            return response
        key = key_of(request)
        if not (key in self.pages.responses or is_cacheable_view(request)) or over_quota(request):
            return self.get_response(request)
        answer = self._cached_response(request, key)
        throttles.set_rate_limit_headers(request, answer)
        return answer

    def _cached_response(self, request: HttpRequest, key: CacheKey) -> HttpResponseBase:
        """The cached response, else a new one, which is cached if every anonymous client would get the same."""
        version = version_of_request(request).text
        page = self.pages.get(key, version)
        if page is None:
            response = uncompressed(self.get_response, request)
            if not is_cacheable_response(request, response):
                return self.gzip.process_response(request, compression.compress(request, response))
            page = CachedResponse(response)
            if request.method == "GET" and is_storable(request, key):
                self.pages.put(key, version, page)
        return page.response_to(request)


def key_of(request: HttpRequest) -> CacheKey:
    """The cache key: scheme, host, path, query, and for the API the media type."""
    meta = request.META
    accept = meta.get("HTTP_ACCEPT", "") if request.path_info.startswith(PREFIX) else ""
    return (str(request.scheme), meta.get("HTTP_HOST", ""), request.path, meta.get("QUERY_STRING", ""), accept)


def is_storable(request: HttpRequest, key: CacheKey) -> bool:
    """Whether the response may take room in the cache: not for parameters that no page has, nor for a long key."""
    is_known = request.path_info.startswith(PREFIX) or known_parameters().issuperset(request.GET)
    return is_known and sum(map(len, key)) <= MAX_KEY_LENGTH


@cache
def known_parameters() -> frozenset[str]:
    """The query parameters of all pages, feeds and exports. The API refuses unknown ones itself."""
    filters = (name for kind in KINDS.values() for name in filterset_class(kind).base_filters)
    fields = (*SearchForm.base_fields, *ChangesForm.base_fields, *leaderboards.PARAMETERS)
    return frozenset({*filters, *fields, *PAGING, *OTHER_PARAMETERS})


def over_quota(request: HttpRequest) -> bool:
    """Count an anonymous API request; True if it exceeds the quota, which the view then answers with 429."""
    if not request.path_info.startswith(PREFIX):
        return False
    spent = throttles.count_anonymous(request)
    return spent.used > spent.quota


def uncompressed(get_response: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    """The response without compression, so that one body serves all codings."""
    accepted = request.META.pop("HTTP_ACCEPT_ENCODING", "")
    response = get_response(request)
    request.META["HTTP_ACCEPT_ENCODING"] = accepted
    return response


def bypasses_cache(request: HttpRequest) -> bool:
    """Whether the response may be personal, or the request is no plain read."""
    if request.method not in ("GET", "HEAD") or any(name in request.META for name in BYPASS_HEADERS):
        return True
    own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return "HTTP_COOKIE" in request.META and not own.isdisjoint(request.COOKIES)


def is_cacheable_view(request: HttpRequest) -> bool:
    """Whether the request is for a page of the catalogue or a read of the API."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    view = getattr(match.func, "cls", None)
    return match.app_name == "catalog" or (view is not None and issubclass(view, ReadView))


def is_cacheable_response(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether every anonymous client would get this response, and it is small enough."""
    policy = response.headers.get("Cache-Control", "public")
    private = response.cookies or "public" not in policy or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return (
        response.status_code == 200
        and not response.streaming
        and not private
        and not request.user.is_authenticated
        and len(response.content) <= MAX_RESPONSE_BYTES
    )
