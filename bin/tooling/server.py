"""Starting the site: data folder, database, seed, static files, and the server until it is stopped."""

import hashlib
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tooling import environment
from tooling.address import Address, from_environment, require_free, reserved
from tooling.base import ROOT, ScriptError, data_dir, print_error, print_progress, require_writable
from tooling.processes import Command, Companion, Process, call, child, run_or_fail, stop_signals, wait

START_TIMEOUT = 60.0  # seconds to wait for the first response
ANSWER_TIMEOUT = 5.0  # seconds to wait for one answer of a site that is up


def run() -> int:
    """`make run`: set everything up from scratch and serve until Ctrl-C."""
    with reserved(from_environment()):
        workers()
        require_request_timeout()
        offer_local_demo()
        environment.ensure("run")
        prepare()
        return start_server()


def dev() -> int:
    """`make dev`: the same with Django's auto-reloading server and DEBUG on."""
    os.environ.setdefault("DEBUG", "1")
    address = from_environment()
    with reserved(address):
        offer_local_demo()
        environment.ensure("run")
        prepare_data()
        set_site_url(address)
        host = f"[{address.host}]" if ":" in address.host else address.host
        command: list[str | Path] = [environment.python(), ROOT / "manage.py", "runserver", f"{host}:{address.port}"]
        return run_until_stopped(command, address, background_worker("--reload"))


def prepare() -> int:
    """Prepare database, seed and static files; can be repeated, and is quick if nothing changed."""
    prepare_data()
    collect_static()
    return 0


def prepare_data() -> int:
    """Migrate the database and load what is new in the fixtures."""
    require_writable(data_dir(), "DATA_DIR")
    manage("migrate", "--noinput", "-v", "0", failure="the database could not be migrated (see above).")
    print_progress("Database", os.environ.get("DATABASE_URL", "").partition("://")[0] or f"{data_dir() / 'db.sqlite3'}")
    # `migrate` has run the system checks, which take longer than finding that there is nothing to seed
    manage("seed", "--skip-checks", failure="the seed catalogue could not be loaded (see above).")
    return 0


def static() -> int:
    """Collect only the static files, for a replica whose database another one prepares."""
    require_writable(data_dir(), "DATA_DIR")
    collect_static()
    return 0


def healthy() -> int:
    """Return 0 if the site answers on HOST and PORT, else 1; for a container's health check."""
    return 0 if is_answering(from_environment()) else 1


def manage(*arguments: str, failure: str) -> None:
    """Run a management command in the environment."""
    run_or_fail([environment.require(), ROOT / "manage.py", *arguments], failure)


def collect_static() -> None:
    """Collect and compress the static files, unless nothing changed since the last time."""
    if is_collected():
        return
    stamp, state = static_stamp(), static_state()
    stamp.unlink(missing_ok=True)
    started = time.monotonic()
    manage("collectstatic", "--noinput", "-v", "0", failure="the static files could not be collected.")
    stamp.write_text(state)
    print_progress("Static files", f"collected in {time.monotonic() - started:.0f} s")


def is_collected() -> bool:
    """Whether the static files have been collected since they last changed."""
    manifest = data_dir() / "static" / "staticfiles.json"
    return manifest.exists() and static_stamp().exists() and static_stamp().read_text() == static_state()


def static_stamp() -> Path:
    """The file that records what the collected static files were made from."""
    return data_dir() / "static.stamp"


def static_state() -> str:
    """A digest of what collectstatic reads: our files by name, size and time, the packages by their lock file."""
    lines = [environment.digest("run"), (environment.read_stamp().get("python", ""))]
    lines += [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in static_files()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def static_files() -> Iterator[Path]:
    """All files under static/ and under an app's static/, in a stable order."""
    for folder in (ROOT / "static", *sorted(ROOT.glob("*/static"))):
        if data_dir() not in (folder, *folder.parents):
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def serve() -> int:
    """Serve what was prepared until stopped. Says what is missing instead of answering every page with an error."""
    with reserved(from_environment()):
        workers()
        python = environment.require()
        if not is_collected():
            raise ScriptError(
                f"the static files in {data_dir()} are missing or outdated; run python3 bin/portal static."
            )
        if call([python, ROOT / "manage.py", "check_database"]):
            return 1  # it has said why
        return start_server()


def start_server() -> int:
    """Start granian: WSGI, one worker per core (or WORKERS), one blocking thread each."""
    address = from_environment()
    require_free(address)
    require_request_timeout()
    set_site_url(address)
    options = {
        "--interface": "wsgi",
        "--host": address.host,
        "--port": str(address.port),
        "--workers": str(workers()),
        "--blocking-threads": "1",
        "--log-level": os.environ.get("GRANIAN_LOG_LEVEL") or "warning",
        "--working-dir": str(ROOT),
        "--workers-kill-timeout": "10",
    }
    flags = [part for pair in options.items() for part in pair]
    command: list[str | Path] = [
        environment.require(),
        "-m",
        "granian",
        *flags,
        "--respawn-failed-workers",
        "--no-access-log",  # it would have the addresses of unsubscribe links
        "vlmportal.worker:application",
    ]
    return run_until_stopped(command, address, background_worker())


def worker() -> int:
    """Run background work until stopped, on its own: for a unit or a container beside those of the server."""
    set_site_url(from_environment())
    if call([environment.require(), ROOT / "manage.py", "check_database"]):
        return 1  # it has said why
    try:
        return call([environment.require(), ROOT / "manage.py", "worker"])
    except KeyboardInterrupt:
        print_progress("Stopped", "")
        return 0


def background_worker(*options: str) -> Companion | None:
    """The worker that runs beside the server; None if BACKGROUND_WORKER=0."""
    if os.environ.get("BACKGROUND_WORKER", "").lower() in ("0", "false", "no", "off"):
        return None
    return Companion("background worker", [environment.require(), ROOT / "manage.py", "worker", *options])


def workers() -> int:
    """WORKERS, or one per core. Raises ScriptError for an invalid WORKERS."""
    text = os.environ.get("WORKERS") or str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 256):
        raise ScriptError(f"WORKERS must be a number from 1 to 256, not {text!r}.")
    return int(text)


def require_request_timeout() -> None:
    """Raise ScriptError for an invalid REQUEST_TIMEOUT.

    Ten seconds at least: granian takes workers that end within 5.5 seconds of their start for broken, and stops.
    """
    text = os.environ.get("REQUEST_TIMEOUT")
    if text and not (text.isascii() and text.isdigit() and 10 <= int(text) <= 3600):
        raise ScriptError(f"REQUEST_TIMEOUT must be a number of seconds from 10 to 3600, not {text!r}.")


def set_site_url(address: Address) -> None:
    """Use the URL being served for absolute links (feeds, sitemap), unless SITE_URL is set."""
    os.environ.setdefault("SITE_URL", address.url)


def offer_local_demo() -> None:
    """Turn LOCAL_DEMO on for a site that only this machine can reach and that has no other sign-in.

    accounts/checks.py refuses it anywhere else. `make run` and `make dev` call this; `serve` (a deployment) never does.
    """
    public = ("GITHUB_CLIENT_ID", "SECURE_SSL", "BEHIND_PROXY", "ALLOWED_HOSTS", "SITE_URL")
    if from_environment().is_local and not any(os.environ.get(name) for name in public):
        os.environ.setdefault("LOCAL_DEMO", "1")


def run_until_stopped(command: Command, address: Address, companion: Companion | None = None) -> int:
    """Run the server, print its URL once it answers, then run its companion; stop both when interrupted, and return the
    exit status."""
    try:
        with child(command, companion=companion) as server:
            announce_when_up(server, address)
            status = wait(server, companion=companion)
    except KeyboardInterrupt:
        print_progress("Stopped", "")
        return 0
    print_error(f"the server stopped unexpectedly with status {status} (see above).")
    return 1


def announce_when_up(server: Process, address: Address) -> None:
    """Poll /healthz while the server is running, for at most START_TIMEOUT seconds, then print the URL."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.poll() is None:
        stop_signals.check()
        if is_answering(address, seconds=1):  # short, so that a stop signal does not wait for it
            print(welcome(address), flush=True)
            return
        time.sleep(0.1)
    if server.poll() is None:
        print_progress(
            "Warning", f"{address.url}/healthz has not answered for {START_TIMEOUT:.0f} s; see the messages above."
        )


def is_answering(address: Address, seconds: float = ANSWER_TIMEOUT) -> bool:
    """Whether /healthz returns 200, requested with a host name that ALLOWED_HOSTS accepts."""
    request = urllib.request.Request(f"{address.url}/healthz", headers={"Host": allowed_host()})  # noqa: S310 -- http only
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=seconds) as response:
            return bool(response.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def allowed_host() -> str:
    """A host name that the site accepts: the first of ALLOWED_HOSTS, or localhost."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return "localhost" if first in ("", "*") else first


def welcome(address: Address) -> str:
    """What to print once the site is up."""
    github = os.environ.get("GITHUB_CLIENT_ID") and os.environ.get("GITHUB_CLIENT_SECRET")
    demo = os.environ.get("LOCAL_DEMO", "").lower() in ("1", "true", "yes", "on")
    page = f"{address.url}/accounts/login/"
    if github:
        sign_in = f"with GitHub, at {page}"
    elif demo:
        sign_in = f"local demo, without a password: choose a contributor or a moderator at {page}"
    else:
        sign_in = "not needed to read; for GitHub sign-in set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET (see README)"
    account = "as demo-moderator or demo-moderator-2, or with" if demo else "with"
    lines = [
        "",
        f"VLM Portal    {address.url}/",
        f"Sign in       {sign_in}",
        f"Admin         {address.url}/admin/ {account} an account from `make admin`",
        "Stop          Ctrl-C",
    ]
    if not address.is_local and not os.environ.get("ALLOWED_HOSTS"):
        lines.append("Note          other machines are refused until ALLOWED_HOSTS includes this host (see README)")
    return "\n".join([*lines, ""])
