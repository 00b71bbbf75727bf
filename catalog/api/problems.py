"""Errors as problem details (RFC 9457), in one format for every error under /api/."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"

Errors = Mapping[str, Any]

log = logging.getLogger(__name__)

RENAMED_PHRASES = {413: "Content too large", 422: "Unprocessable content"}
"""Reason phrases of RFC 9110 for which some Python versions have older ones."""


def title_of(status: int) -> str:
    """Return the title of problems with this status: its reason phrase, as RFC 9457 (4.2.1) advises."""
    return RENAMED_PHRASES.get(status) or HTTPStatus(status).phrase.capitalize()


PROBLEMS: dict[str, str] = {
    "bad-parameter": "A parameter is unknown or cannot have this value; `errors` says which, and what is allowed.",
    "bad-request": "The request cannot be read, its query is too long, or its Host is not one of this site.",
    "unauthorized": "The token is not known, has expired or was revoked.",
    "forbidden": "The account or the token may not do this, or the CSRF token of a session is missing.",
    "not-found": "There is nothing at this address, and there never was.",
    "method-not-allowed": "The address does not take this method; `Allow` lists those that it takes.",
    "not-acceptable": "The address has none of the formats that `Accept` names.",
    "moved": "The entry has another address now, or was merged into another entry; `Location` leads there.",
    "retired": "The entry was retired or merged; `reason` says why. Its revisions stay in the ledger.",
    "unsupported-media-type": "The body's Content-Type is not one that the address takes, or its charset is not UTF-8.",
    "length-required": "The body has no Content-Length; chunked bodies are not read.",
    "too-large": "The body is larger than the portal reads at once.",
    "too-many-requests": "The quota of the tier is used up; `Retry-After` says in how many seconds it is full again.",
    "preparing": "The catalogue of another past day is being prepared; `Retry-After` says when to try again.",
    "service-unavailable": "The database does not answer; `Retry-After` says when to try again.",
    "internal-server-error": "The portal failed, and has logged why.",
}
"""The meaning of each problem type of the read API, by the fragment of its URI."""


class Problem(exceptions.APIException):
    """An error response. `kind` is its problem type (an anchor of the documentation), `errors` gives messages by
    parameter or field, `more` are extension members, `headers` additional headers."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        errors: Errors | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.text = detail
        self.kind, self.errors, self.headers, self.more = kind, errors, dict(headers or {}), more


def problem(
    status: int, detail: str, *, instance: str, kind: str = "", errors: Errors | None = None, **more: Any
) -> dict[str, Any]:
    """Return a problem document: type, title, status, detail, instance, then `errors` and extension members."""
    kind = kind or HTTPStatus(status).phrase.lower().replace(" ", "-")
    members: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/api/docs/#problem-{kind}",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    return {**members, **({"errors": errors} if errors else {}), **more}


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Handle exceptions for DRF: a problem for an expected error, None for any other (which Django then reports)."""
    raised = _as_problem(error)
    if raised is None:
        return None
    path = context["request"].path
    body = problem(
        raised.status_code,
        raised.text,
        instance=path,
        kind=raised.kind,
        errors=raised.errors,
        **raised.more,
    )
    response = Response(body, status=raised.status_code, headers=raised.headers, content_type=MEDIA_TYPE)
    response.exception = True
    return response


def _as_problem(error: Exception) -> Problem | None:
    """Convert an expected exception to a problem; None for any other."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Problem(404, str(error) or "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return Problem(403, str(error) or "You may not do this.")
    if not isinstance(error, exceptions.APIException):
        return None
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        detail: Any = error.detail
        errors = detail if isinstance(detail, dict) else {"__all__": detail}
        return Problem(error.status_code, "Some values are not right; see errors.", errors=errors, headers=headers)
    return Problem(error.status_code, str(error.detail), headers=headers)


class ProblemMiddleware:
    """Replace Django's own error pages under /api/ (404, invalid host, CSRF failure, 500) by problem documents.

    It comes first in the middleware, so that it sees every response.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        return _problem_response(request, response)


DETAILS = {
    400: PROBLEMS["bad-request"],
    403: "You may not do this. A request with a session needs the CSRF token in X-CSRFToken.",
    404: "There is nothing at this address; /api/v1/ lists what there is.",
    411: "Send the body with a Content-Length: chunked bodies are not read.",
    413: PROBLEMS["too-large"],
    415: PROBLEMS["unsupported-media-type"],
    500: "Something failed on our side; it has been logged.",
    503: "The database does not answer at the moment; try again later.",
}


KEPT = {"allow", "retry-after", "access-control-allow-origin", "vary", "www-authenticate"}


def _problem_response(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same response, which Django knows to be logged, with another body."""
    status = response.status_code
    detail, kind = DETAILS.get(status, HTTPStatus(status).description), "too-large" if status == 413 else ""
    response.cookies.clear()
    for name in list(response.headers):
        if name.lower() not in KEPT:
            del response.headers[name]
    response.content = orjson.dumps(problem(status, detail, instance=request.path, kind=kind))
    response["Content-Type"] = MEDIA_TYPE
    response["Cache-Control"] = "no-store"
    return response
