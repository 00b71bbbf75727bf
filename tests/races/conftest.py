"""A server of two processes on the test's own database, and people who send it two things at once."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.journeys.conftest import ROOT, free_port, wait_for
from tests.people import log_in

ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))
SECRET = "x" * 32


@dataclass(frozen=True)
class Call:
    """One POST of one person."""

    user: User
    path: str
    form: dict[str, Any] = field(default_factory=dict)


class Site:
    """The running site: `both` sends two calls at the same moment, each over a connection of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sessions: dict[int, requests.Session] = {}

    def both(self, *calls: Call) -> list[int]:
        """The status of each reply, in the order of the calls. No reply may be a 500."""
        barrier, statuses = threading.Barrier(len(calls)), [0] * len(calls)
        sessions = [self._session(call.user) for call in calls]

        def send(number: int) -> None:
            call = calls[number]
            barrier.wait()
            reply = sessions[number].post(
                self.address + call.path,
                data={**call.form, "csrfmiddlewaretoken": SECRET},
                headers={"Accept": "application/json"} if call.path.startswith("/admin/") else {},
                allow_redirects=False,
                timeout=60,
            )
            statuses[number] = reply.status_code

        threads = [threading.Thread(target=send, args=(number,)) for number in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(200 <= status < 500 for status in statuses), statuses
        return statuses

    def _session(self, user: User) -> requests.Session:
        """A browser in which that person is signed in."""
        if user.pk not in self.sessions:
            client = Client()
            log_in(client, user)
            session = requests.Session()
            session.cookies.set("sessionid", client.cookies["sessionid"].value)
            session.cookies.set("csrftoken", SECRET)
            self.sessions[user.pk] = session
        return self.sessions[user.pk]


@pytest.fixture(scope="module")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where granian serves the test database with two processes of four threads."""
    port = free_port()
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.races.settings",
        "RACE_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
    log = Path(tmp_path_factory.mktemp("races")) / "granian.log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [*command, "--port", str(port), "vlmportal.wsgi:application"], cwd=ROOT, env=env, stdout=out, stderr=out
        ) as server,
    ):
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
        server.terminate()
    output = log.read_text()
    assert "Traceback" not in output, output[-5000:]


@pytest.fixture
def site(address: str, transactional_db: None) -> Site:
    return Site(address)
