"""A network without a server: it gives the answers that a test wants, and keeps what was sent."""

from typing import Any

import httpx
from vlm_portal_client import Portal

SITE = "https://portal.example.org"
KINDS = {"name": "kinds", "results": [{"value": "paper", "label": "Paper", "plural": "papers"}]}
PROBLEM = {"type": f"{SITE}/api/docs/#problem-busy", "title": "Busy", "detail": "Come back later."}
DRAFT = {"kind": "paper", "fields": {}, "source": "", "notes": [], "twins": []}

Answer = httpx.Response | Exception


class Network(httpx.MockTransport):
    """Gives the answers of a list in turn, the last one for ever, and keeps what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self.answers = list(answers)
        super().__init__(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def paths(self) -> list[str]:
        return [request.url.raw_path.decode().removeprefix("/api/v1/") for request in self.requests]


def ok(body: Any = None, **headers: str) -> httpx.Response:
    return httpx.Response(200, json={} if body is None else body, headers=headers)


def problem(status: int, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={**PROBLEM, "status": status}, headers=named)


def portal(network: Network, **options: Any) -> Portal:
    return Portal(SITE, network=network, **options)
