"""A receiver on loopback, and webhooks that lead to it."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts.models import User
from submissions.notifications.webhooks.models import Webhook
from submissions.notifications.webhooks.subscriptions import subscribe
from tests.people import contributor


@dataclass
class Receiver:
    """What arrived (path, headers, body), and the statuses to answer with: the last one for all that follow."""

    netloc: str
    statuses: list[int] = field(default_factory=lambda: [200])
    arrived: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.netloc}/hook"

    def answer(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A running receiver; its address is let through as a test's double."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            running.arrived.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(running.answer())
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running = Receiver(f"127.0.0.1:{server.server_address[1]}")
        settings.FETCH_TEST_HOSTS = [running.netloc]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        server.shutdown()
        thread.join()


def hook(receiver: Receiver, owner: User | None = None, **narrowed: Any) -> Webhook:
    """A webhook to the receiver."""
    return subscribe(owner=owner or contributor(), url=receiver.url, **narrowed)
