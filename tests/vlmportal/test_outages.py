"""A real server of one process, in front of a PostgreSQL that refuses, hangs or is cut off, by a proxy."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.db import connection

from tests.factories import make_paper
from tests.journeys.conftest import ROOT, free_port, wait_for
from tests.proxy import Proxy
from vlmportal.errors import RETRY_AFTER

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of SQLite nothing is on the network"),
]

PATIENCE = 60.0  # seconds, on a busy machine
HEALTH_CHECK = 400  # bytes of answers, which the check of a connection does not use up and a page does


class Site:
    """The running site, and the proxy before its database."""

    def __init__(self, address: str, proxy: Proxy, log: Path) -> None:
        self.address, self.proxy, self.log = address, proxy, log

    def get(self, path: str) -> requests.Response:
        return requests.get(self.address + path, timeout=PATIENCE)

    def status(self, path: str) -> int:
        return self.get(path).status_code

    def is_back(self) -> bool:
        """Whether it serves pages again, once it tries its database again."""
        end = time.monotonic() + PATIENCE
        while self.status("/papers/") != 200:
            if time.monotonic() > end:
                return False
            time.sleep(0.5)
        return True


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """granian with the test database, as `bin/portal serve` runs it."""
    settings, port, folder = connection.settings_dict, free_port(), tmp_path_factory.mktemp("outages")
    owner = f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    log = folder / "log"
    with Proxy(int(settings["PORT"] or 5432)) as proxy:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.vlmportal.outage_settings",
            "DATABASE_URL": f"postgres://{owner}@127.0.0.1:{proxy.port}/{settings['NAME']}",
            "DATA_DIR": str(folder),
            "STATEMENT_TIMEOUT": "2",
        }
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1"]
        command += ["--port", str(port), "vlmportal.worker:application"]
        with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out) as process:
            wait_for(f"http://127.0.0.1:{port}/healthz/live")
            yield Site(f"http://127.0.0.1:{port}", proxy, log)
            process.terminate()


@pytest.fixture
def site(server: Site) -> Iterator[Site]:
    """The site with its database, of which it has an open connection."""
    server.proxy.restore()
    assert server.is_back()
    yield server
    server.proxy.restore()


def is_503(site: Site, path: str) -> bool:
    """Whether the address answers 503 as a page or as a problem."""
    response = site.get(path)
    media = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
    return (response.status_code, response.headers["Retry-After"], response.headers["Content-Type"]) == (
        503,
        str(RETRY_AFTER),
        media,
    )


def test_a_database_that_refuses(site: Site) -> None:
    site.proxy.refuse()

    assert [is_503(site, path) for path in ("/papers/", "/api/v1/papers/", "/status/")] == [True, True, True]
    assert [site.status(path) for path in ("/healthz", "/healthz/live", "/healthz/ready")] == [200, 200, 503]

    site.proxy.restore()
    assert site.is_back()
    assert [site.status(path) for path in ("/api/v1/papers/", "/status/", "/healthz/ready")] == [200, 200, 200]


def test_connections_that_were_cut_off_while_idle_are_replaced(site: Site) -> None:
    site.proxy.drop()

    assert site.status("/papers/") == 200


def test_a_database_that_hangs(site: Site) -> None:
    """A page waits for the open connection, then for a new one; what comes next does not wait at all."""
    site.proxy.hang()

    assert [is_503(site, path) for path in ("/papers/", "/api/v1/papers/")] == [True, True]
    assert [site.status(path) for path in ("/healthz/live", "/healthz/ready")] == [200, 503]
    assert is_503(site, "/status/")

    site.proxy.restore()
    assert site.is_back()


def test_the_health_of_a_database_that_hangs_is_told_within_a_second(site: Site) -> None:
    """Which is less than the time to give up connecting."""
    site.proxy.hang()

    ready, page = site.get("/healthz/ready"), site.get("/status/")

    assert (ready.status_code, page.status_code) == (503, 503)
    assert ready.text.startswith("database: has not answered for 1 s\n")
    assert "The database has not answered for 1 s." in page.text


@pytest.mark.parametrize("trouble", [Proxy.hang, Proxy.cut])
def test_a_database_that_fails_in_an_answer(site: Site, trouble: object) -> None:
    make_paper(name="Kept whole", year=2024)
    assert callable(trouble)
    trouble(site.proxy, HEALTH_CHECK)

    assert is_503(site, "/papers/")

    site.proxy.restore()
    assert site.is_back()
    assert "Kept whole" in site.get("/papers/").text


def test_no_process_ended_for_it(site: Site) -> None:
    """REQUEST_TIMEOUT is for what has no end of its own."""
    log = site.log.read_text()

    assert "Service Unavailable: /papers/: " in log
    assert (log.count("Spawning worker"), "Traceback" in log) == (1, False), log[-5000:]
