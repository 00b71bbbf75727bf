"""Send requests to the site of DATABASE_URL: a JSON list of them on standard input, of the answers on standard output.

A process of its own, because the Django that runs the tests is tied to their database. A request has a `path`, and may
have a `method`, a `user` who is signed in, an API `token`, a `form` or `json` to send, and `follow` for redirects.
"""

import json
import sys
from functools import cache
from typing import Any

import django
from django.contrib.auth import get_user_model
from django.test import Client


@cache
def client_of(username: str) -> Client:
    """A client in which that account is signed in; an anonymous one where the name is empty."""
    from tests.people import log_in  # noqa: PLC0415 -- Django has to be set up before

    client = Client(SERVER_NAME="localhost")
    if username:
        account = get_user_model()._default_manager.get(username=username)
        log_in(client, account)
    return client


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The status and the text of the answer, and the address that it, or the last redirect, leads to."""
    client, path = client_of(request.get("user", "")), request["path"]
    headers = {"Authorization": f"Bearer {request['token']}"} if "token" in request else {}
    if "json" in request:
        body, sort = json.dumps(request["json"]), "application/json"
        reply: Any = client.generic(request["method"], path, body, sort, headers=headers)
    elif "form" in request:
        reply = client.post(path, request["form"], headers=headers)
    else:
        reply = client.get(path, headers=headers, follow=request.get("follow", False))
    redirects = getattr(reply, "redirect_chain", [])
    location = redirects[-1][0] if redirects else reply.headers.get("Location", "")
    return {"status": reply.status_code, "location": location, "text": reply.getvalue().decode()}


if __name__ == "__main__":
    django.setup()
    json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout)
