"""The content codings of answers, and the middleware that compresses what is under /api/.

An answer of the API for one client is made anew each time, so the cheapest coding is preferred: zstd takes a tenth of
the time of gzip for a body of about the same size (docs/api.md has figures). Only under /api/, whose bodies hold no
secret beside what a visitor sends (the ground of the BREACH attack); pages are compressed by GZipMiddleware, which
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
    """The coding that an Accept-Encoding header gives the most weight, the first of `preferred` among equals; "" where
    it takes none of them, or would sooner have the body as it is (RFC 9110, 12.5.3)."""
    weights = {name.lower(): weight for name, weight in map(_weighted, header.split(",")) if name}
    others = weights.get("*", 0.0)
    identity = weights.get("identity", 0.0)
    best = max(preferred, key=lambda name: weights.get(name, others))  # the first of equals
    weight = weights.get(best, others)
    return best if weight and weight >= identity else ""


def _weighted(part: str) -> tuple[str, float]:
    """A coding and its weight; what cannot be read weighs nothing."""
    name, _, parameter = part.partition(";")
    match = WEIGHT.match(parameter.strip().lower())
    return name.strip(), float(match[1]) if match else 0.0 if parameter.strip() else 1.0


class CompressionMiddleware:
    """Compresses what is answered under /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return compress(request, self.get_response(request))


def compress(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An answer under /api/ as the client takes it; the entity tags are weak already. What is streamed is compressed
    piece by piece, as zstd where the client takes it; GZipMiddleware does the others."""
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
    """A stream as zstd: each piece can be read as soon as it arrives."""
    compressor = zstd.ZstdCompressor(3)
    for chunk in stream:
        yield compressor.compress(chunk, zstd.ZstdCompressor.FLUSH_BLOCK)
    yield compressor.flush()
