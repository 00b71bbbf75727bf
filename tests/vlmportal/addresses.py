"""One address for each URL pattern of the site."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

VALUES = {
    **dict.fromkeys(("id", "int", "revision", "path"), "1"),
    "kind": "papers",
    "extension": "json",
    "slug": "clip",
    "str": "ada",
    "username": "ada",
}
NAMED = {"section": "papers", "verb": "withdraw", "name": "tasks"}


def patterns(items: Iterable[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each URL pattern with its whole route."""
    for item in get_resolver().url_patterns if items is None else items:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item.url_patterns, route)
        elif isinstance(item, URLPattern):
            yield route, item


def address(route: str) -> str:
    """A path that the route matches."""
    route = re.sub(r"\^\(\?P<app_label>.*", "accounts/", route.replace("(?P<url>.*)$", "nothing"))

    def value(match: re.Match[str]) -> str:
        converter, _, name = match[1].rpartition(":")
        return NAMED.get(name) or VALUES[converter or "str"]

    return "/" + re.sub(r"<([^>]+)>", value, route)


ADDRESSES = sorted({address(route) for route, _ in patterns()})
