"""Clients of the API: by token or by session, speaking JSON."""

from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tokens import make_token

API = "/api/v1/proposals/"
SOURCE = "https://arxiv.org/abs/2301.12597"


@pytest.fixture(autouse=True)
def counts_from_zero() -> None:
    """Requests are counted in the cache, which outlives a test."""
    cache.clear()


class ApiClient(Client):
    """Sends JSON, in the name of a token where it has one."""

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """The answer to a request with a JSON body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is None:
            return self.generic(method, path, headers=named)
        return self.generic(method, path, _json(data), "application/json", headers=named)


def by_token(user: User, *scopes: str) -> ApiClient:
    """A client with a token of `user`, by default for everything that the user may do."""
    allowed = scopes or (("read", "propose", "moderate") if user.is_staff else ("read", "propose"))
    name = " ".join(allowed)
    user.api_tokens.filter(name=name).delete()
    _, key = make_token(user=user, name=name, scopes=list(allowed), days=7)
    return ApiClient(headers={"Authorization": f"Bearer {key}"})


def by_session(user: User) -> ApiClient:
    """A browser in which that person is signed in; CSRF is not checked."""
    client = ApiClient()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _json(data: Any) -> bytes:
    return data if isinstance(data, bytes) else orjson.dumps(data)
