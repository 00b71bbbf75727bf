"""What all scripts share: paths, messages and errors."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def print_error(text: str) -> None:
    """Print one line to standard error."""
    print(f"error: {text}", file=sys.stderr, flush=True)
