"""GitHub's sign-in on loopback: the four addresses that allauth asks, under the paths of an Enterprise Server.

Written after GitHub's own description (docs.github.com: Authorizing OAuth apps; REST API: users, emails). It is strict
where GitHub is: unknown client, foreign redirect address, wrong secret, a code used twice, and RFC 7636 (PKCE, S256).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, CLIENT_SECRET = "portal-app", "portal-secret"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Authorize</title><link rel="icon" href="data:,"></head>
<body><main><h1>Authorize VLM Portal</h1><form method="post" action="/login/oauth/authorize?{query}">
<button name="answer" value="yes">Authorize</button><button name="answer" value="no">Cancel</button>
</form></main></body></html>"""


@dataclass
class Person:
    """Who is signed in on GitHub in this browser: a number for ever, a login of today, and addresses."""

    number: int = 583231
    login: str = "octocat"
    emails: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"email": "octocat@example.org", "primary": True, "verified": True, "visibility": None}
        ]
    )
    name: str = "The Octocat"
    public_email: str | None = None

    def profile(self) -> dict[str, Any]:
        """GET /user, with what GitHub also tells of everybody."""
        return {
            "id": self.number,
            "login": self.login,
            "html_url": f"https://github.com/{self.login}",
            "name": self.name,
            "email": self.public_email,
            "company": "CANARY-company",
            "location": "CANARY-location",
        }


@dataclass
class Grant:
    """A code handed to the browser, or the token it was changed for."""

    redirect_uri: str
    challenge: str


class GitHubDouble:
    """A running double: set `person`, and `failing` to a path and how it fails, or `answers` to a path and its JSON;
    then let a browser sign in."""

    def __init__(self, callback: str) -> None:
        self.callback = callback
        self.person = Person()
        self.failing: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.codes: dict[str, Grant] = {}
        self.tokens: set[str] = set()
        self.requested: list[str] = []
        self.refused: list[str] = []
        handler = type("Handler", (Handler,), {"double": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "GitHubDouble":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def reset(self) -> None:
        """As at the start."""
        self.person, self.failing, self.answers = Person(), {}, {}
        self.requested.clear()
        self.refused.clear()

    def why_not_authorize(self, query: dict[str, str]) -> str:
        """What GitHub would object to in a request for a code; "" for nothing."""
        settings = {
            "client_id": CLIENT_ID,
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": "user:email",
            "code_challenge_method": "S256",
        }
        for key, value in settings.items():
            if query.get(key) != value:
                return f"{key} is {query.get(key)!r}"
        return "" if query.get("state") and query.get("code_challenge") else "state or code_challenge is missing"

    def hand_out_code(self, query: dict[str, str]) -> str:
        """A fresh code for one use."""
        code = secrets.token_hex(10)
        self.codes[code] = Grant(query["redirect_uri"], query["code_challenge"])
        return code

    def exchange(self, form: dict[str, str]) -> dict[str, str]:
        """A token for a code, or GitHub's error, which comes with status 200."""
        grant = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return self.refuse("incorrect_client_credentials")
        if grant is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.challenge:
            return self.refuse("bad_verification_code")
        if form.get("redirect_uri") != grant.redirect_uri:
            return self.refuse("redirect_uri_mismatch")
        token = f"gho_{secrets.token_hex(18)}"
        self.tokens.add(token)
        return {"access_token": token, "token_type": "bearer", "scope": "user:email"}

    def refuse(self, error: str) -> dict[str, str]:
        self.refused.append(error)
        return {"error": error}


class Handler(BaseHTTPRequestHandler):
    double: GitHubDouble

    def log_message(self, *args: object) -> None:
        """Nothing on the console."""

    def do_GET(self) -> None:
        self.route()

    def do_POST(self) -> None:
        self.route()

    def route(self) -> None:
        address = urlsplit(self.path)
        self.double.requested.append(f"{self.command} {address.path}")
        form = flat(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        how = self.double.failing.get(address.path, "")
        if how == "500":
            return self.send(500, "<html>Unicorn!</html>", "text/html")
        if how == "nonsense":
            return self.send(200, "<html>not JSON</html>", "text/html")
        if address.path in self.double.answers:
            return self.send(200, self.double.answers[address.path], "application/json; charset=utf-8")
        if how == "silence":
            time.sleep(8)  # allauth waits 5 seconds
        answers = {
            "GET /login/oauth/authorize": lambda: self.ask(address.query),
            "POST /login/oauth/authorize": lambda: self.answer(flat(address.query), form.get("answer", "")),
            "POST /login/oauth/access_token": lambda: self.json(self.double.exchange(form)),
            "GET /api/v3/user": lambda: self.for_token(self.double.person.profile()),
            "GET /api/v3/user/emails": lambda: self.for_token(self.double.person.emails),
        }
        answer = answers.get(f"{self.command} {address.path}")
        return answer() if answer else self.send(404, "{}", "application/json")

    def ask(self, query: str) -> None:
        """The page that asks the person."""
        if reason := self.double.why_not_authorize(flat(query)):
            self.double.refused.append(reason)
            return self.send(404, reason, "text/plain")
        return self.send(200, PAGE.format(query=query.replace("&", "&amp;")), "text/html; charset=utf-8")

    def answer(self, query: dict[str, str], answer: str) -> None:
        """Back to the portal, with a code or with access_denied."""
        given = {"code": self.double.hand_out_code(query)} if answer == "yes" else {"error": "access_denied"}
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode({**given, 'state': query['state']})}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def for_token(self, data: Any) -> None:
        """`data` for a known token, else 401."""
        token = self.headers.get("Authorization", "").partition(" ")[2]
        if token in self.double.tokens:
            return self.json(data)
        self.double.refused.append("bad token")
        return self.send(401, '{"message": "Bad credentials"}', "application/json")

    def json(self, data: Any) -> None:
        self.send(200, json.dumps(data), "application/json; charset=utf-8")

    def send(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


def flat(query: str) -> dict[str, str]:
    """A query string as a map; the last value of a repeated name."""
    return {key: values[-1] for key, values in parse_qs(query).items()}
