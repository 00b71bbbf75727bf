"""The virtual environment: create it, install the lock files by hash, recreate it after an interrupted run.

The stamp file is written last and removed before anything is changed. An environment without one is in an unknown
state and is recreated; one whose stamp has the digests of the lock files is left alone.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

from tooling.base import ROOT, ScriptError, print_progress, require_writable
from tooling.processes import call, output_of, run_or_fail

LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("run", "mcp", "dev")}
VERSION_PROBE = "import sys, django, granian; print('%d.%d' % sys.version_info[:2], end='')"


def venv_dir() -> Path:
    """VENV, or .venv in the project."""
    return Path(os.environ.get("VENV") or ROOT / ".venv").absolute()


def python() -> Path:
    """The interpreter of the environment."""
    return venv_dir() / "bin" / "python"


def require() -> Path:
    """The interpreter of an existing environment. Raises ScriptError if there is none."""
    if not python().exists():
        raise ScriptError(f"there is no environment at {venv_dir()} yet; run make env.")
    return python()


def stamp_path() -> Path:
    """The file that records what is installed in the environment."""
    return venv_dir() / "vlm-portal.json"


def digest(name: str) -> str:
    """SHA-256 of the lock file `name` ("run" or "dev"), in hex."""
    return hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """The stamp: "python" (a version such as "3.11") and the digest of each lock file installed; empty if missing."""
    try:
        stamp = json.loads(stamp_path().read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def usable_version() -> str:
    """The Python version of the environment if it starts and has the main packages, else ""."""
    return output_of([python(), "-c", VERSION_PROBE], seconds=60) or ""


def ensure(name: str = "run") -> Path:
    """Install the lock file `name` into the environment unless it is there already, and return its interpreter.

    Raises ScriptError if the environment cannot be created or filled.
    """
    stamp = read_stamp()
    version = usable_version() if stamp else ""
    is_usable = bool(version) and version == stamp.get("python")
    if is_usable and stamp.get(name) == digest(name):
        return python()
    require_writable(venv_dir() if is_usable else venv_dir().parent, "VENV")
    started = time.monotonic()
    stamp_path().unlink(missing_ok=True)
    if not is_usable:
        recreate()
    print_progress("Environment", f"installing {LOCKS[name].relative_to(ROOT)} into {venv_dir()} ...")
    install(LOCKS[name])
    write_stamp(name)
    print_progress("Environment", f"ready after {time.monotonic() - started:.0f} s")
    return python()


def recreate() -> None:
    """Create an empty environment, replacing any existing one."""
    if venv_dir().exists() and any(venv_dir().iterdir()):
        if not (venv_dir() / "pyvenv.cfg").exists() and not (venv_dir() / "bin").exists():
            raise ScriptError(f"{venv_dir()} is not a virtual environment; set VENV to another folder.")
        print_progress("Environment", f"{venv_dir()} is incomplete or has another Python version; recreating it")
        shutil.rmtree(venv_dir())
    if uv := shutil.which("uv"):
        run_or_fail(
            [uv, "venv", "--quiet", "--python", sys.executable, venv_dir()], "uv could not create the environment."
        )
    elif call([sys.executable, "-c", "import venv, ensurepip"], quiet=True):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise ScriptError(
            f"Python {version} has no venv module; on Debian or Ubuntu: apt-get install python{version}-venv"
        )
    else:
        run_or_fail([sys.executable, "-m", "venv", venv_dir()], f"could not create the environment {venv_dir()}.")


def install(lock: Path) -> None:
    """Install what `lock` pins, and check every file by its hash."""
    if uv := shutil.which("uv"):
        command: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python()]
    else:
        command = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run_or_fail(
        [*command, "--require-hashes", "-r", lock],
        "the packages could not be installed (see above); this step needs network access.",
    )


def write_stamp(name: str) -> None:
    """Record what is installed; the development lock file includes the run lock file."""
    stamp = {"python": usable_version(), "run": digest("run")}
    if not stamp["python"]:
        raise ScriptError(f"the environment {venv_dir()} does not start; remove it and try again.")
    if name == "dev":
        stamp["dev"] = digest("dev")
    partial = stamp_path().with_suffix(".draft")
    partial.write_text(json.dumps(stamp, indent=2) + "\n")
    partial.replace(stamp_path())
