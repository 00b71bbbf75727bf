"""Content codings, and the middleware that compresses responses under /api/.

API responses are compressed on each request, so the fastest coding is preferred: zstd takes a tenth of the time of gzip
for a body of about the same size (docs/api.md has figures). This is limited to /api/, where no body combines a secret
with text that a visitor sends, which is what the BREACH attack needs. Pages are compressed by GZipMiddleware, which
hides their length, and by catalog.page_cache.
"""

import gzip
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from catalog.api.problems import PREFIX

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIN_LENGTH = 200  # bytes; as GZipMiddleware
CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstd.compress(body, 3),
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
FASTEST_FIRST = ("zstd", "br", "gzip")
SMALLEST_FIRST = ("br", "zstd", "gzip")
WEIGHT = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")


@lru_cache(1024)
def coding_of(header: str, preferred: tuple[str, ...]) -> str:
    """Return the coding with the highest weight in an Accept-Encoding header, the first of `preferred` among equals.

    Returns "" if none is acceptable or the client prefers the identity coding (RFC 9110, 12.5.3).
    """
    weights = {name.lower(): weight for name, weight in map(_weighted, header.split(",")) if name}
    others = weights.get("*", 0.0)
    identity = weights.get("identity", 0.0)
    best = max(preferred, key=lambda name: weights.get(name, others))
    weight = weights.get(best, others)
    return best if weight and weight >= identity else ""


def _weighted(part: str) -> tuple[str, float]:
    """Return a coding and its weight; a malformed weight is 0."""
    name, _, parameter = part.partition(";")
    match = WEIGHT.match(parameter.strip().lower())
    return name.strip(), float(match[1]) if match else 0.0 if parameter.strip() else 1.0


class CompressionMiddleware:
    """Compress responses under /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return compress(request, self.get_response(request))


def compress(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Compress a response under /api/ with a coding that the client accepts; its entity tag is weak already.

    A stream is compressed chunk by chunk if the client accepts zstd, else left to GZipMiddleware.
    """
    if response.has_header("Content-Encoding") or not request.path_info.startswith(PREFIX):
        return response
    coding = coding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""), FASTEST_FIRST)
    if isinstance(response, StreamingHttpResponse):
        patch_vary_headers(response, ["Accept-Encoding"])
        if coding == "zstd":
            response.streaming_content = compressed(iter(response))
            response["Content-Encoding"] = coding
    elif isinstance(response, HttpResponse) and len(response.content) >= MIN_LENGTH:
        patch_vary_headers(response, ["Accept-Encoding"])
        if coding:
            response.content = CODINGS[coding](response.content)
            response["Content-Encoding"] = coding
            response["Content-Length"] = str(len(response.content))
    return response


def compressed(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Compress a stream with zstd, flushing each chunk so that it can be read as soon as it arrives."""
    compressor = zstd.ZstdCompressor(3)
    for chunk in stream:
        yield compressor.compress(chunk, zstd.ZstdCompressor.FLUSH_BLOCK)
    yield compressor.flush()
