"""What every part of the house-keeping shares: where things are, how it speaks, how it fails."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def call(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Run `command` in the project folder and give its exit status; `env` is added to the environment.

    It gets a process group of its own, so that Ctrl-C reaches only us: we end it without a traceback of its.
    """
    sink = subprocess.DEVNULL if quiet else None
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=sink,
        stderr=sink,
        process_group=0,
    )
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
