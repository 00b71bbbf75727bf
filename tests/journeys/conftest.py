"""A real site for the browser: migrated, seeded, its files collected, served by the production server."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).parents[2]
ADMIN = ("root", "correct-horse-battery")
NEW_ADMIN = ["createsuperuser", "--noinput", "--username", ADMIN[0], "--email", "root@example.org"]
AGED = ["shell", "-v0", "-c", "from tests.journeys.aged import grow; grow()"]
BARE = {
    "DATABASE_URL": "",
    "DJANGO_SETTINGS_MODULE": "vlmportal.settings",
    "DJANGO_SUPERUSER_PASSWORD": ADMIN[1],
}


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a seeded local demo with an administrator `ADMIN`, and the entries of `aged`."""
    address = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("site")
    with served(address, folder, ["seed"], AGED, LOCAL_DEMO="1") as env, running(["manage.py", "worker"], env):
        yield address


@contextlib.contextmanager
def served(address: str, folder: Path, *commands: list[str], **environment: str) -> Iterator[dict[str, str]]:
    """A site of its own at `address` with its data in `folder`, after `commands`, with an administrator `ADMIN`; yields
    its environment.

    The database is a copy of one that is made once for all parallel workers; `["seed"]` as the first command takes the
    copy with the list and its curation, so that a further site costs two seconds and not a minute.
    """
    mine = {**BARE, "DATA_DIR": str(folder), "SITE_URL": address, "SIGN_INS_A_MINUTE": "1000"}
    env = {**os.environ, **mine, **environment}
    seeded = commands[:1] == (["seed"],)
    shutil.copy(template("seeded" if seeded else "empty"), folder / "db.sqlite3")
    (folder / "static").symlink_to(template("empty").parent / "static")
    for command in commands[seeded:]:
        manage(*command, env=env)
    granian = [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        address.rpartition(":")[2],
        "vlmportal.wsgi:application",
    ]
    with running(granian, env):
        wait_for(f"{address}/healthz")
        yield env


@contextlib.contextmanager
def running(arguments: list[str], env: Mapping[str, str]) -> Iterator[None]:
    """A process of the site, until the block ends."""
    command, nowhere = [sys.executable, *arguments], subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=nowhere, stderr=nowhere) as process:
        try:
            yield
        finally:
            process.terminate()


def template(name: str) -> Path:
    """The database "empty" (migrated, with `ADMIN`) or "seeded" (the catalogue besides), with static files beside it.

    Whichever worker asks first makes it; the others wait for the lock and find it.
    """
    home = Path(os.environ["VLM_PORTAL_TEST_DIR"]) / "sites"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "empty.sqlite3").exists():
            make_template(home, "empty", ["collectstatic", "--noinput"], ["migrate"], NEW_ADMIN)
        if name == "seeded" and not (home / "seeded.sqlite3").exists():
            shutil.copy(home / "empty.sqlite3", home / "db.sqlite3")
            make_template(home, "seeded", ["seed", "--list-only"])
    return home / f"{name}.sqlite3"


def make_template(home: Path, name: str, *commands: list[str]) -> None:
    """Run `commands` on the database in `home` and keep it under `name` once all have succeeded."""
    for command in commands:
        manage(*command, env={**os.environ, **BARE, "DATA_DIR": str(home)})
    (home / "db.sqlite3").rename(home / f"{name}.sqlite3")


def manage(*command: str, env: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def violations(page: "Page") -> list[tuple[str, list[str]]]:
    """What axe finds on a page: the rule broken, and where; it need not describe what is right."""
    axe_violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in axe_violations]


def follow(control: "Locator") -> None:
    """Click what leads to another page and wait for that page: a click alone may come back before the page is there."""
    with control.page.expect_navigation():
        control.click()


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
