"""What all scripts share: paths, messages, errors and child processes."""

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


class ScriptError(Exception):
    """A problem that the operator can fix; its text is shown in one line."""


def print_progress(topic: str, text: str) -> None:
    """Print one line of progress: a topic in the left column, then the text."""
    print(f"{topic:<13} {text}", flush=True)


def data_dir() -> Path:
    """DATA_DIR, or var/ in the project; the same rule as in vlmportal/env.py."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()


def require_writable(folder: Path, variable: str) -> None:
    """Create `folder` and test writing to it. Raises ScriptError with the folder and the variable that sets it."""
    probe = folder / f".write-test-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # it holds accounts and the secret key
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ScriptError(f"cannot write to {folder} ({error.strerror}); set {variable} to a folder you own.") from None


def start(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, sink: int | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` in the project folder; `env` is added to the environment, its output goes to `sink`.

    It gets its own process group, so that Ctrl-C reaches only this process. On Linux it stops when this process does,
    even on SIGKILL.
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
    """Have Linux terminate this process when its parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def call(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run `command` and return its exit status; an interruption stops it without a traceback of its own."""
    child = start(command, env=env, sink=subprocess.DEVNULL if quiet else None)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise


def run_or_fail(command: Sequence[str | Path], failure: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run `command`. Raises ScriptError(`failure`) if it fails; its own output comes before."""
    if call(command, env=env):
        raise ScriptError(failure)


def print_error(text: str) -> None:
    """Print one line to standard error."""
    print(f"error: {text}", file=sys.stderr, flush=True)
