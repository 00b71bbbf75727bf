"""Links and forms of a page as of a past time keep the day.

They are changed in the finished page, once for all templates, so that no link can be forgotten.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from django.http import QueryDict
from django.urls import Resolver404, resolve

TAG = re.compile(r"<(?P<name>a|form|link)\s[^<>]*>")
TARGET = re.compile(r"""\s(?:href|action)="(?P<url>[^"]*)\"""")
LEAVES_THE_DAY = "data-now"
"""The attribute of a link or form that leads to the present, or to another day."""


def with_day(page: str, day: str, path: str) -> str:
    """A page, which is at `path`, whose links to pages that take as_of name the day; its GET forms send it."""
    return TAG.sub(lambda match: _dated_tag(match, day, path), page)


def _dated_tag(match: re.Match[str], day: str, path: str) -> str:
    tag, is_form = match[0], match["name"] == "form"
    target = TARGET.search(tag)
    url = unescape(target["url"]) if target else ""
    if LEAVES_THE_DAY in tag or not (is_form or target) or not _keeps_the_day(url, path):
        return tag
    if is_form:
        is_get = 'method="post"' not in tag.lower()
        return f'{tag}<input type="hidden" name="as_of" value="{escape(day)}">' if is_get else tag
    dated = escape(_with_parameter(url, day))
    return f"{tag[: target.start('url')]}{dated}{tag[target.end('url') :]}" if target else tag


def _keeps_the_day(url: str, path: str) -> bool:
    """Whether a URL leads to a page of this site that takes as_of, and names no day itself."""
    address = url.partition("#")[0]
    target, _, query = address.partition("?")
    if url.startswith(("//", "#")) or "as_of=" in query or (target and not target.startswith("/")):
        return False
    return takes_as_of(target or path)


@lru_cache(maxsize=10_000)
def takes_as_of(path: str) -> bool:
    """Whether the view at a path takes as_of; a read of the API (catalog.api) lists its parameters, and its filters."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return False
    read = getattr(view, "cls", None)
    if read is None:
        return getattr(view, "takes_as_of", False)
    endpoint = read(**view.initkwargs)
    params = endpoint.get_params() if hasattr(endpoint, "get_params") else ()
    filters = getattr(getattr(endpoint, "filterset_class", None), "base_filters", ())
    return "as_of" in {*(param.name for param in params), *filters}


def _with_parameter(url: str, day: str) -> str:
    address, hash_sign, fragment = url.partition("#")
    target, _, text = address.partition("?")
    query = QueryDict(text, mutable=True)
    if target.startswith("/api/"):
        query.pop("sort", None)  # the API sorts a past list by slug
    query["as_of"] = day
    return f"{target}?{query.urlencode(safe=':')}{hash_sign}{fragment}"
