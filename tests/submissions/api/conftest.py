"""API clients that authenticate by token or session."""

from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tokens import make_token
from tests.people import log_in

API = "/api/v1/proposals/"
SOURCE = "https://arxiv.org/abs/2301.12597"


@pytest.fixture(autouse=True)
def counts_from_zero() -> None:
    """Clear the cache, where requests are counted, since it outlives a test."""
    cache.clear()


class ApiClient(Client):
    """A test client that sends JSON, with a token if it has one."""

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send a request with a JSON body and return the response."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is None:
            return self.generic(method, path, headers=named)
        return self.generic(method, path, _json(data), "application/json", headers=named)


def by_token(user: User, *scopes: str) -> ApiClient:
    """Return a client with a token of `user`, by default with all scopes that the user may have."""
    allowed = scopes or (("read", "propose", "moderate") if user.is_staff else ("read", "propose"))
    name = " ".join(allowed)
    user.api_tokens.filter(name=name).delete()
    _, key = make_token(user=user, name=name, scopes=list(allowed), days=7)
    return ApiClient(headers={"Authorization": f"Bearer {key}"})


def by_session(user: User, by: str = "") -> ApiClient:
    """Return a client with a session of `user`; CSRF is not checked. See log_in() for `by`."""
    client = ApiClient()
    log_in(client, user, by=by)
    return client


def _json(data: Any) -> bytes:
    return data if isinstance(data, bytes) else orjson.dumps(data)
