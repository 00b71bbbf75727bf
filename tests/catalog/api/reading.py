"""Helpers that read the API."""

import gzip
import sys
from collections.abc import Callable
from typing import Any

import brotli
from django.test import Client

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]

BASE = "http://127.0.0.1:8000"


def read(path: str, **headers: str) -> Any:
    """Return the JSON at a URL below /api/v1/, which must respond with 200."""
    response = Client().get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def slugs(path: str) -> list[str]:
    """Return the slugs on a page of a list."""
    return [row["slug"] for row in read(path)["results"]]


def every_page(path: str) -> list[list[str]]:
    """Return the slugs of all pages, starting at a URL."""
    pages = []
    url: str | None = f"{BASE}/api/v1/{path}"
    while url:
        page = read(url.removeprefix(f"{BASE}/api/v1/"))
        pages.append([row["slug"] for row in page["results"]])
        url = page["next"]
    return pages


def refused(path: str) -> dict[str, list[str]]:
    """Return the errors of a URL that must respond with 400."""
    response = Client().get(f"/api/v1/{path}")
    assert response.status_code == 400, response.content
    errors: dict[str, list[str]] = response.json()["errors"]
    return errors


def unpacked(body: bytes, coding: str) -> bytes:
    """Decode a body from a content coding; "" is none."""
    undo: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstd.decompress,
    }
    return undo[coding](body)
