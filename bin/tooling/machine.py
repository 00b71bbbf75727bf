"""What the tests need on this machine: a browser, and PostgreSQL if there is one."""

import os
import shutil
from pathlib import Path

from tooling import environment
from tooling.base import ScriptError, print_progress
from tooling.processes import call, output_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
CAN_CREATE_DATABASES_CODE = """
import sys, psycopg
with psycopg.connect(sys.argv[1], connect_timeout=3) as connection:
    row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
sys.exit(0 if row[0] else 1)
"""
PLAYWRIGHT_PATH_CODE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path, end="")
"""


def runs(command: str) -> bool:
    """Whether a browser of that name starts at all (Ubuntu's placeholder for a snap does not)."""
    return output_of([command, "--version"], seconds=60) is not None


def installed_browser() -> str | None:
    """CHROMIUM, or a working Chromium or Chrome on PATH, or the one installed by Playwright."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    for name in names:
        if (path := shutil.which(name)) and runs(path):
            return path
    path = output_of([environment.python(), "-c", PLAYWRIGHT_PATH_CODE], seconds=60)
    return path if path and Path(path).exists() and runs(path) else None


def browser() -> str:
    """The path of a Chromium, which is installed if there is none. Raises ScriptError if that fails."""
    if path := installed_browser():
        return path
    print_progress("Browser", "none found, installing Chromium ...")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        noninteractive = {"DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "update", "-qq"], env=noninteractive)
        call(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            env=noninteractive,
            quiet=True,
        )
    if path := installed_browser():
        return path
    call([environment.python(), "-m", "playwright", "install", "chromium"], quiet=True)
    if path := installed_browser():
        return path
    raise ScriptError(
        "no browser for the journeys: install Chromium (apt-get install chromium), name one with CHROMIUM=path, "
        "or skip them with BROWSER=0."
    )


def postgres() -> str | None:
    """The URL of a PostgreSQL server that lets us create test databases, or None."""
    database_url = os.environ.get("DATABASE_URL", "")
    url = database_url if database_url.startswith(("postgres://", "postgresql://")) else LOCAL_POSTGRES
    return url if call([environment.python(), "-c", CAN_CREATE_DATABASES_CODE, url], quiet=True) == 0 else None
