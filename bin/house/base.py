"""What every part of the house-keeping shares: where things are, how it speaks, how it fails."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # prctl(2)


class HouseError(Exception):
    """Something the operator can put right; its text is the one line to show."""


def say(topic: str, text: str) -> None:
    """One line of progress: a topic in the left column, then the text."""
    print(f"{topic:<13} {text}", flush=True)


def data_dir() -> Path:
    """DATA_DIR, or var/ in the project: the same rule as vlmportal/env.py."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()


def require_writable(folder: Path, variable: str) -> None:
    """Make `folder` and write in it once. Raises HouseError that names the folder and the variable to move it."""
    probe = folder / f".write-test-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # accounts and the secret key live here
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HouseError(f"cannot write in {folder} ({error.strerror}); set {variable} to a folder you own.") from None


def start(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, sink: int | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` in the project folder; `env` is added to the environment, `sink` takes what it prints.

    It gets a process group of its own, so that Ctrl-C reaches only us, and ends when we do, even by SIGKILL.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=sink,
        stderr=sink,
        process_group=0,
        preexec_fn=follow_parent if LINUX else None,  # noqa: PLW1509 -- this process has one thread
    )


def follow_parent() -> None:
    """Ask Linux to end this process when the one that started it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def call(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run `command` to its end and give its exit status; an interruption ends it without a traceback of its."""
    child = start(command, env=env, sink=subprocess.DEVNULL if quiet else None)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise


def must(command: Sequence[str | Path], failure: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run `command`; raises HouseError(`failure`) when it does not succeed (its own output is above)."""
    if call(command, env=env):
        raise HouseError(failure)


def complain(text: str) -> None:
    """One line on standard error."""
    print(f"error: {text}", file=sys.stderr, flush=True)
