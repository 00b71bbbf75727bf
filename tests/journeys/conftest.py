"""A real site for the browser: migrated, seeded, its files collected, served by the production server."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
ADMIN = ("root", "correct-horse-battery")


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a seeded local demo with an administrator `ADMIN`."""
    address = f"http://127.0.0.1:{free_port()}"
    with served(address, tmp_path_factory.mktemp("site"), ["seed"], LOCAL_DEMO="1"):
        yield address


@contextlib.contextmanager
def served(address: str, folder: Path, *commands: list[str], **environment: str) -> Iterator[None]:
    """A site of its own at `address` with its data in `folder`, after `commands`, with an administrator `ADMIN`."""
    mine = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "SITE_URL": address,
        "DJANGO_SETTINGS_MODULE": "vlmportal.settings",
        "DJANGO_SUPERUSER_PASSWORD": ADMIN[1],
        "SIGN_INS_A_MINUTE": "1000",
    }
    env = {**os.environ, **mine, **environment}
    for command in (
        ["migrate", "-v0"],
        *commands,
        ["collectstatic", "--noinput", "-v0"],
        ["createsuperuser", "--noinput", "--username", ADMIN[0], "--email", "root@example.org"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
        )
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        address.rpartition(":")[2],
        "vlmportal.wsgi:application",
    ]
    with subprocess.Popen(granian, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        wait_for(f"{address}/healthz")
        yield
        server.terminate()


def wait_for(url: str, seconds: float = 30) -> None:
    """Until the address answers."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- our own server
            return
        if time.monotonic() > end:
            pytest.fail(f"{url} does not answer")
        time.sleep(0.1)


@pytest.fixture
def tab(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Opens tabs with the options of a browser context; the test fails when one of them had an error in its console or
    broke the Content-Security-Policy, except for those the test takes out of `tab.errors` itself."""
    contexts, errors = [], []

    def opened(**options: Any) -> "Page":
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: errors.append(f"{page.url}: {message.text}") if message.type == "error" else None
        )
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    opened.errors = errors  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert errors == []
