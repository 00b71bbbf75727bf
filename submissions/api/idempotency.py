"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request sent twice is carried out once.

The key is written in the transaction that carries the request out. Of two at once the second waits for the first at the
unique constraint, and then gets the first one's answer; where the first failed nothing was written and the second is
carried out. So only successes are remembered: an error changed nothing and may be tried again under the same key.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

import orjson
from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from catalog.api.problems import Problem
from submissions.api.models import IdempotentRequest

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 200
REMEMBERED = ("Location", "ETag")

Handler = Callable[..., Response]

ABOUT = (
    f"Any text of up to {LONGEST} characters. The same request sent again with it within a day gets the same answer."
)


def idempotent(handler: Handler) -> Handler:
    """A handler that honours the key where one is sent. Raises Problem (400 for a bad key, 422 for a key that was used
    for another request)."""

    @wraps(handler)
    def inner(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            raise Problem(400, f"{HEADER} must have 1 to {LONGEST} printable characters.", kind="bad-idempotency-key")
        with transaction.atomic():
            record, new = _claimed(request, key)
            if not new:
                return _replayed(record, _digest(request))
            response = handler(view, request, *args, **kwargs)
            _remember(record, response)
            return response

    return inner


def _claimed(request: Request, key: str) -> tuple[IdempotentRequest, bool]:
    now = timezone.now()
    IdempotentRequest.objects.filter(created_at__lt=now - KEPT).delete()
    return IdempotentRequest.objects.get_or_create(
        user=cast(User, request.user), key=key, defaults={"digest": _digest(request), "created_at": now}
    )


def _digest(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return hashlib.sha256(asked + request._request.body).hexdigest()


def _remember(record: IdempotentRequest, response: Response) -> None:
    record.status = response.status_code
    record.answer = orjson.dumps(response.data).decode()
    record.headers = {name: response[name] for name in REMEMBERED if name in response}
    record.save(update_fields=["status", "answer", "headers"])


def _replayed(record: IdempotentRequest, digest: str) -> Response:
    if record.digest != digest:
        raise Problem(
            422, f"This {HEADER} was used for another request; take a new one.", kind="idempotency-key-reused"
        )
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return Response(orjson.loads(record.answer), status=record.status, headers=headers)
