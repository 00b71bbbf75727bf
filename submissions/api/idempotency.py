"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request sent twice is carried out once.

Only successful responses are stored: an error changed nothing, and the request may be repeated with the same key.

`idempotent` stores the key in the transaction of the request. A concurrent duplicate waits at the unique constraint;
then it gets the first response, or is carried out if the first request failed. `idempotent_in_parts` is for requests
that take too long for one transaction: the key is stored first, and a concurrent duplicate gets 409 with Retry-After.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from catalog.api.problems import Problem
from submissions.api.models import IdempotentRequest

HEADER = "Idempotency-Key"
RETENTION = timedelta(hours=24)
MAX_RUN_TIME = timedelta(minutes=10)
"""After this an unfinished request is considered abandoned, since its process must have died."""

MAX_KEY_LENGTH = 200
STORED_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]
"""A handler of a ProposalView."""

HEADER_DESCRIPTION = (
    f"Any text of up to {MAX_KEY_LENGTH} characters. "
    "The same request sent again with it within a day gets the same answer."
)


def idempotent(handler: Handler) -> Handler:
    """Make a handler honour the key if one is sent. Raises Problem (400 for an invalid key, 422 for a key that was used
    for another request)."""

    @wraps(handler)
    def inner(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _read_key(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        digest = _digest(request, view.body)
        with transaction.atomic():
            record, new = _get_or_create(request, key, digest)
            if not new:
                return _replay(record, digest)
            response = handler(view, request, *args, **kwargs)
            _store_response(record, response)
            return response

    return inner


def idempotent_in_parts(handler: Handler) -> Handler:
    """Do the same for a handler that commits in parts. Raises Problem (409) while the first request is under way."""

    @wraps(handler)
    def inner(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _read_key(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        digest = _digest(request, view.body)
        record, new = _get_or_create(request, key, digest)
        if not new:
            return _replay(record, digest)
        try:
            response = handler(view, request, *args, **kwargs)
        except BaseException:
            record.delete()
            raise
        _store_response(record, response)
        return response

    return inner


def _read_key(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and (not 0 < len(key) <= MAX_KEY_LENGTH or not key.isprintable()):
        raise Problem(
            400, f"{HEADER} must have 1 to {MAX_KEY_LENGTH} printable characters.", kind="bad-idempotency-key"
        )
    return key


def _get_or_create(request: Request, key: str, digest: str) -> tuple[IdempotentRequest, bool]:
    now = timezone.now()
    expired = Q(created_at__lt=now - RETENTION) | Q(created_at__lt=now - MAX_RUN_TIME, status=None)
    IdempotentRequest.objects.filter(expired).delete()
    return IdempotentRequest.objects.get_or_create(
        user=cast(User, request.user), key=key, defaults={"digest": digest, "created_at": now}
    )


def _digest(request: Request, body: bytes) -> str:
    request_line = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return hashlib.sha256(request_line + body).hexdigest()


def _store_response(record: IdempotentRequest, response: Response) -> None:
    record.status = response.status_code
    record.answer = orjson.dumps(response.data).decode()
    record.headers = {name: response[name] for name in STORED_HEADERS if name in response}
    record.save(update_fields=["status", "answer", "headers"])


def _replay(record: IdempotentRequest, digest: str) -> Response:
    if record.digest != digest:
        raise Problem(
            422, f"This {HEADER} was used for another request; take a new one.", kind="idempotency-key-reused"
        )
    if record.status is None:
        raise Problem(409, "The first request with this key is still under way.", headers={"Retry-After": "5"})
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return Response(orjson.loads(record.answer), status=record.status, headers=headers)
