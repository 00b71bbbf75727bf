"""Child processes, and stopping them with all that they started.

A stop signal that raises an exception inside `subprocess` can leave its lock taken, and the next wait hangs for ever.
So while a child runs, a signal is only noted, and the loops here look at the notes.
"""

import ctypes
import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from tooling.base import ROOT, ScriptError, print_error

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # prctl(2)
POLL_INTERVAL = 0.1  # seconds between two looks at a child
STOP_TIMEOUT = 15.0  # seconds to wait for a clean stop; granian gives each worker 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a companion is started again
STEADY = 60.0  # seconds after which a companion has not ended soon
SAME_REQUEST = 1.0  # seconds within which signals are one request: make passes on what its group has received too

Command = Sequence[str | Path]
Process = subprocess.Popen[bytes]


class StopSignals:
    """The stop signals that this process has received."""

    def __init__(self) -> None:
        self.requested_at: float | None = None
        self.is_urgent = False
        self.children = 0

    def install(self) -> None:
        """Handle Ctrl-C, SIGTERM and SIGHUP, unless they are ignored, as by nohup."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.note)

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note a signal. Raises KeyboardInterrupt for the first one if no child is running."""
        now = time.monotonic()
        if self.requested_at is None:
            self.requested_at = now
            if not self.children:
                raise KeyboardInterrupt
        elif now - self.requested_at > SAME_REQUEST:
            self.is_urgent = True

    def check(self) -> None:
        """Raise KeyboardInterrupt if a signal has been noted."""
        if self.requested_at is not None:
            raise KeyboardInterrupt


stop_signals = StopSignals()


class Companion:
    """A process beside a child: attend() starts it, and starts it again when it has ended, after a pause that grows as
    long as it ends soon."""

    def __init__(self, name: str, command: Command) -> None:
        self.name, self.command = name, command
        self.process: Process | None = None
        self.started_at = self.start_at = 0.0
        self.pause = FIRST_PAUSE

    def attend(self) -> None:
        """Start it if it is due; say so if it has ended."""
        now = time.monotonic()
        if self.process is not None and (status := self.process.poll()) is not None:
            stop(self.process)  # what it started
            self.process = None
            self.pause = FIRST_PAUSE if now - self.started_at > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            self.start_at = now + self.pause
            print_error(
                f"the {self.name} stopped unexpectedly with status {status} (see above); "
                f"it is started again in {self.pause:.0f} s."
            )
        if self.process is None and now >= self.start_at:
            self.process, self.started_at = launch(self.command), now


@contextmanager
def child(
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    companion: Companion | None = None,
) -> Iterator[Process]:
    """Run `command` as launch() does, and stop it on leaving, together with its companion; raises KeyboardInterrupt for
    a noted signal."""
    stop_signals.children += 1
    try:
        stop_signals.check()
        process = launch(command, env=env, stdout=stdout, stderr=stderr)
        try:
            yield process
        finally:
            beside = companion.process if companion else None
            stop(process, *([beside] if beside else []), stop_signal=stop_signal)
    finally:
        stop_signals.children -= 1
    stop_signals.check()


def launch(
    command: Command, *, env: Mapping[str, str] | None = None, stdout: int | None = None, stderr: int | None = None
) -> Process:
    """Start `command` in the project folder. `env` is added to the environment; `stdout` and `stderr` are as for Popen.

    It gets its own process group, so that Ctrl-C reaches only this process, and everything in the group can be ended
    with it. On Linux it also stops when this process is killed.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=stdout,
        stderr=stderr,
        process_group=0,
        preexec_fn=functools.partial(follow_parent, os.getpid()) if LINUX else None,  # noqa: PLW1509 -- one thread
    )


def follow_parent(parent: int) -> None:
    """Have Linux terminate this process when its parent dies, which it may have done already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def wait(process: Process, seconds: float | None = None, companion: Companion | None = None) -> int:
    """The exit status of a child, whose companion is attended to meanwhile. Raises KeyboardInterrupt for a stop signal,
    TimeoutError after `seconds`."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while (status := process.poll()) is None:
        stop_signals.check()
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError(f"{process.args!r} took longer than {seconds} s")
        if companion:
            companion.attend()
        time.sleep(POLL_INTERVAL)
    return status


def stop(*processes: Process, stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """Let children finish together, for at most STOP_TIMEOUT seconds or until another stop signal, then kill what is
    left of their groups."""
    deadline = time.monotonic() + STOP_TIMEOUT
    for process in processes:
        if process.poll() is None:
            process.send_signal(stop_signal)
    while any(process.poll() is None for process in processes):
        if time.monotonic() >= deadline or stop_signals.is_urgent:
            break
        time.sleep(POLL_INTERVAL)
    for process in processes:
        with suppress(ProcessLookupError):  # nothing is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def call(command: Command, *, env: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run `command` and return its exit status; an interruption stops it without a traceback of its own."""
    sink = subprocess.DEVNULL if quiet else None
    with child(command, env=env, stdout=sink, stderr=sink) as process:
        return wait(process)


def run_or_fail(command: Command, failure: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run `command`. Raises ScriptError(`failure`) if it fails; its own output comes before."""
    if call(command, env=env):
        raise ScriptError(failure)


def output_of(command: Command, seconds: float) -> str | None:
    """What `command` prints; None if there is no such program, it fails or it takes longer than `seconds`."""
    with tempfile.TemporaryFile() as sink:
        try:
            with child(command, stdout=sink.fileno(), stderr=subprocess.DEVNULL) as process:
                status = wait(process, seconds)
        except OSError:  # TimeoutError is one
            return None
        sink.seek(0)
        return None if status else sink.read().decode(errors="replace")
