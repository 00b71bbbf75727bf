"""Django's handlers, with requests that are in UTF-8 whatever their Content-Type says.

Django reads the query by the charset of the Content-Type as it makes the request, before any middleware: one that it
cannot use, or a query with too many parameters, would be a 500 without a page. vlmportal.middleware.UTF8Only refuses
other charsets.
"""

from collections.abc import Mapping
from typing import Any

import django
from django.core.handlers import asgi, wsgi
from django.http import HttpRequest
from django.utils.http import parse_header_parameters


class InUTF8(HttpRequest):
    """A request whose Content-Type says nothing about how it is read."""

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class WSGIRequest(InUTF8, wsgi.WSGIRequest):
    pass


class ASGIRequest(InUTF8, asgi.ASGIRequest):
    pass


class WSGIHandler(wsgi.WSGIHandler):
    request_class = WSGIRequest


class ASGIHandler(asgi.ASGIHandler):
    request_class = ASGIRequest


def wsgi_application() -> WSGIHandler:
    """As Django's get_wsgi_application()."""
    django.setup(set_prefix=False)
    return WSGIHandler()


def asgi_application() -> ASGIHandler:
    """As Django's get_asgi_application()."""
    django.setup(set_prefix=False)
    return ASGIHandler()
