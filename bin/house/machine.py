"""What the tests need on this machine: a browser, and PostgreSQL if there is one."""

import os
import shutil
import subprocess
from pathlib import Path

from house import environment
from house.base import HouseError, call, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
CONNECT = """
import sys, psycopg
with psycopg.connect(sys.argv[1], connect_timeout=3) as connection:
    row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
sys.exit(0 if row[0] else 1)
"""
DOWNLOADED = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path, end="")
"""


def runs(command: str) -> bool:
    """Whether a browser of that name starts at all (Ubuntu's placeholder for a snap does not)."""
    try:
        done = subprocess.run([command, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def installed_browser() -> str | None:
    """CHROMIUM, or a working Chromium or Chrome on PATH, or the one installed by Playwright."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    for name in names:
        if (path := shutil.which(name)) and runs(path):
            return path
    done = subprocess.run([environment.python(), "-c", DOWNLOADED], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 and Path(done.stdout).exists() and runs(done.stdout) else None


def browser() -> str:
    """The path of a Chromium, which is installed if there is none. Raises HouseError if that fails."""
    if found := installed_browser():
        return found
    say("Browser", "none found, installing Chromium ...")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        noninteractive = {"DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "update", "-qq"], env=noninteractive)
        call(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            env=noninteractive,
            quiet=True,
        )
    if found := installed_browser():
        return found
    call([environment.python(), "-m", "playwright", "install", "chromium"], quiet=True)
    if found := installed_browser():
        return found
    raise HouseError(
        "no browser for the journeys: install Chromium (apt-get install chromium), name one with CHROMIUM=path, "
        "or skip them with BROWSER=0."
    )


def postgres() -> str | None:
    """The URL of a PostgreSQL server that lets us create test databases, or None."""
    given = os.environ.get("DATABASE_URL", "")
    url = given if given.startswith(("postgres://", "postgresql://")) else LOCAL_POSTGRES
    return url if call([environment.python(), "-c", CONNECT, url], quiet=True) == 0 else None
