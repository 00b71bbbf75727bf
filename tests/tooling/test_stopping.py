"""Stop signals at any moment end a command with everything that it started.

Here a stub of a server is stopped at many moments, `run` and `dev` twice while they prepare. `make prove` stops `run`,
`dev` and `serve` 30 times each with one, two and three signals, to the process and to its group, at moments from start
to answer, which takes more than an hour:

    STOP_ROUNDS=30 .venv/bin/python -m pytest tests/tooling/test_stopping.py

The seed of the random moments is printed when a test fails; STOP_SEED=… repeats them.
"""

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tooling import environment, processes
from tooling.base import ROOT
from tooling.processes import LINUX, StopSignals

pytestmark = pytest.mark.skipif(not LINUX, reason="finds processes by /proc")

ROUNDS = int(os.environ.get("STOP_ROUNDS", "0"))
SEED = int(os.environ.get("STOP_SEED") or random.SystemRandom().randrange(10**6))
LONGEST_STOP = processes.STOP_TIMEOUT + 15  # seconds
MARK = "PORTAL_STOP_TEST"

STUB = """
import http.server, subprocess, sys
subprocess.Popen(["sleep", "60"])
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *arguments): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""
RUN_STUB = """
import sys
from tooling import cli, processes, server
from tooling.address import from_environment
address = from_environment()
beside = processes.Companion("stub", ["sleep", "60"])
stub = [sys.executable, "-c", sys.argv[1], str(address.port)]
cli.COMMANDS["stub"] = lambda: server.run_until_stopped(stub, address, beside)
sys.exit(cli.main(["stub"]))
"""
STUB_COMMAND = [sys.executable, "-c", RUN_STUB, STUB]
COMMANDS = {
    "run": ["make", "--silent", "run", f"PYTHON={sys.executable}"],
    "dev": ["make", "--silent", "dev", f"PYTHON={sys.executable}"],
    "serve": [sys.executable, str(ROOT / "bin" / "portal"), "serve"],
}


@dataclass(frozen=True)
class Stop:
    """How a command is stopped: by how many signals, to its process alone or to its group."""

    signals: int
    to_group: bool


STOPS = [Stop(signals, to_group) for signals, to_group in itertools.product((1, 2, 3), (False, True))]


def marked(mark: str) -> dict[int, str]:
    """The processes that have the mark in their environment: command lines by id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")[:200]
        except OSError:
            continue  # it has ended, or belongs to somebody else
    return found


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Site:
    """A data folder and a port, on which commands are started and stopped."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        paths = {"DATA_DIR": self.folder, "PYTHONPATH": ROOT / "bin", "VENV": Path(sys.executable).parents[1]}
        own = {"PORT": str(self.port), "WORKERS": "2", "DATABASE_URL": "", **more}
        return {**inherited, **{name: str(path) for name, path in paths.items()}, **own}

    def stop(self, command: list[str], stop: Stop, rng: random.Random, longest_start: float) -> None:
        """Start `command` and stop it at a random moment. Fails if it hangs or leaves a process behind."""
        mark, moment, output = uuid.uuid4().hex, rng.uniform(0, longest_start), self.folder / "output"
        with output.open("w") as sink:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(**{MARK: mark}), stdout=sink, stderr=sink, process_group=0
            )
        try:
            if wait_until(lambda: answers(self.port), moment):
                time.sleep(rng.uniform(0, 0.5))
            send(process, stop, rng)
            has_ended = wait_until(lambda: process.poll() is not None, LONGEST_STOP)
            wait_until(lambda: not marked(mark), 5)
            assert (has_ended, marked(mark)) == (True, {}), (
                f"STOP_SEED={SEED}, {stop}, {moment:.2f} s: {output.read_text()}"
            )
        finally:
            for left in marked(mark):
                os.kill(left, signal.SIGKILL)
            process.wait()


def send(process: "subprocess.Popen[bytes]", stop: Stop, rng: random.Random) -> None:
    """Send the signals of a stop. Ctrl-C is for groups only: a terminal sends it so, and make, which passes SIGTERM on
    to what it runs, does not pass on SIGINT."""
    numbers = (signal.SIGTERM, signal.SIGINT) if stop.to_group else (signal.SIGTERM,)
    for number in range(stop.signals):
        time.sleep(rng.choice((0, 0.001, 0.02, 0.2, 1.2)) if number else 0)
        if process.poll() is None:
            (os.killpg if stop.to_group else os.kill)(process.pid, rng.choice(numbers))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An empty site, which takes minutes to prepare: without ROUNDS, `run` and `dev` are stopped while they do.

    Stopping an installation leaves an environment that has to be made again, so it must have nothing to install.
    """
    if environment.read_stamp().get("run") != environment.digest("run"):
        pytest.fail("The environment lacks what requirements/run.txt has now: run make env-dev first.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    site = Site(tmp_path_factory.mktemp("stopping"), port)
    if ROUNDS:
        subprocess.run([sys.executable, "bin/portal", "prepare"], cwd=ROOT, env=site.environment(), check=True)
    return site


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_no_process(name: str, site: Site):
    if name == "serve" and not ROUNDS:
        pytest.skip("serve needs a prepared site: make prove")
    rng = random.Random(f"{SEED} {name}")  # noqa: S311 -- moments, not secrets
    for stop in STOPS * ROUNDS or rng.sample(STOPS, 2):
        site.stop(COMMANDS[name], stop, rng, longest_start=90 if ROUNDS else 5)


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_a_stub_server_leaves_no_process(stop: Stop, tmp_path: Path, free_port: int):
    """Many moments of a server that starts at once, with a process of its own that ignores its end."""
    rng = random.Random(f"{SEED} {stop}")  # noqa: S311 -- moments, not secrets
    for _ in range(max(3, ROUNDS)):
        Site(tmp_path, free_port).stop(STUB_COMMAND, stop, rng, longest_start=4)


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> StopSignals:
    """Signals of its own for one test."""
    mine = StopSignals()
    monkeypatch.setattr(processes, "stop_signals", mine)
    return mine


def test_a_signal_without_a_child_interrupts(signals: StopSignals):
    with pytest.raises(KeyboardInterrupt):
        signals.note(signal.SIGTERM, None)


def test_a_signal_while_a_child_runs_is_only_noted(signals: StopSignals):
    """Even inside `subprocess`, where an exception would leave its lock taken."""
    with pytest.raises(KeyboardInterrupt), processes.child(["sleep", "60"]) as process:  # noqa: PT012 -- in its body
        signals.note(signal.SIGTERM, None)
        assert process.poll() is None
        processes.wait(process)
    assert (process.returncode, signals.children) == (-signal.SIGTERM, 0)


def test_a_signal_at_the_end_of_a_child_is_not_forgotten(signals: StopSignals):
    with pytest.raises(KeyboardInterrupt), processes.child(["true"]) as process:  # noqa: PT012 -- in its body
        processes.wait(process)
        signals.note(signal.SIGTERM, None)
    with pytest.raises(KeyboardInterrupt):
        processes.call(["touch", "/never"])


@pytest.mark.parametrize(("seconds", "urgent"), [(0.0, False), (1.0, False), (1.1, True)])
def test_another_signal_is_urgent_unless_it_is_the_same_request(
    seconds: float, urgent: bool, signals: StopSignals, monkeypatch: pytest.MonkeyPatch
):
    signals.children = 1
    for now in (100.0, 100.0 + seconds):
        monkeypatch.setattr(time, "monotonic", lambda now=now: now)
        signals.note(signal.SIGTERM, None)
    assert signals.is_urgent is urgent


def test_a_child_that_ignores_the_signal_is_killed_on_an_urgent_one(signals: StopSignals):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with processes.child([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        signals.is_urgent = True
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def test_what_takes_too_long_prints_nothing(signals: StopSignals):
    assert processes.output_of(["sleep", "60"], seconds=0.1) is None


def test_the_output_of_a_program(signals: StopSignals):
    assert processes.output_of(["sh", "-c", "echo words; echo noise >&2"], seconds=60) == "words\n"
    assert processes.output_of(["sh", "-c", "echo words; exit 3"], seconds=60) is None
    assert processes.output_of(["no-such-program"], seconds=60) is None


NOTED = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); time.sleep(float(sys.argv[2]))"


def companion(file: Path, seconds: float) -> processes.Companion:
    """A process that writes its id to the file and ends after some seconds."""
    return processes.Companion("companion", [sys.executable, "-c", NOTED, file, str(seconds)])


def test_a_companion_is_started_again_after_pauses_that_grow(
    tmp_path: Path, signals: StopSignals, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    beside = companion(tmp_path / "ids", 0)
    with processes.child(["sleep", "2"], companion=beside) as process:
        assert processes.wait(process, companion=beside) == 0

    assert 2 <= len((tmp_path / "ids").read_text().split()) <= 4
    assert beside.pause >= 0.4
    assert capfd.readouterr().err.startswith(
        "error: the companion stopped unexpectedly with status 0 (see above); it is started again in 0 s.\n"
    )


def test_a_companion_that_ends_after_a_long_time_is_started_again_soon(
    tmp_path: Path, signals: StopSignals, monkeypatch: pytest.MonkeyPatch
):
    beside = companion(tmp_path / "ids", 0)
    beside.attend()
    beside.pause = processes.LONGEST_PAUSE
    first = beside.process
    assert first
    first.wait()
    monkeypatch.setattr(processes, "STEADY", 0.0)
    beside.attend()
    assert beside.process is None
    assert beside.pause == processes.FIRST_PAUSE


@pytest.mark.parametrize("urgent", [False, True])
def test_a_companion_ends_with_its_child(tmp_path: Path, signals: StopSignals, urgent: bool):
    ids = tmp_path / "ids"
    beside = companion(ids, 60)
    with pytest.raises(KeyboardInterrupt), processes.child(["sleep", "60"], companion=beside) as process:  # noqa: PT012
        beside.attend()
        assert wait_until(lambda: ids.exists() and ids.read_text() != "", 20)
        signals.note(signal.SIGTERM, None)
        signals.is_urgent = urgent
        processes.wait(process, companion=beside)

    assert beside.process
    assert (process.returncode, beside.process.returncode) in (
        [(-signal.SIGTERM, -signal.SIGTERM)] if not urgent else list(itertools.product((-15, -9), (-15, -9)))
    )
