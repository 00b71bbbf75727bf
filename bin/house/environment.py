"""The virtual environment: made, filled by hash from the locks, and rebuilt when a run was cut short.

The stamp is written last and taken away before anything is touched: an environment without one is of unknown
state and is made anew, an environment whose stamp names the locks' digests is left alone.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from house.base import ROOT, HouseError, call, must, require_writable, say

LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("run", "mcp", "dev")}
PROBE = "import sys, django, granian; print('%d.%d' % sys.version_info[:2], end='')"


def venv_dir() -> Path:
    """VENV, or .venv in the project."""
    return Path(os.environ.get("VENV") or ROOT / ".venv").absolute()


def python() -> Path:
    """The interpreter of the environment."""
    return venv_dir() / "bin" / "python"


def require() -> Path:
    """The interpreter of an environment that must be there already. Raises HouseError when it is not."""
    if not python().exists():
        raise HouseError(f"there is no environment at {venv_dir()} yet: make env")
    return python()


def stamp_path() -> Path:
    """The file that says what the environment holds."""
    return venv_dir() / "vlm-portal.json"


def digest(name: str) -> str:
    """SHA-256 of the lock `name` ("run" or "dev"), in hex."""
    return hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """The stamp: "python" (its version, "3.11") and a digest for each lock installed; empty when there is none."""
    try:
        stamp = json.loads(stamp_path().read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def working_version() -> str:
    """The environment's Python version when it starts and has its main packages, else ""."""
    try:
        done = subprocess.run([python(), "-c", PROBE], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def ensure(name: str = "run") -> Path:
    """Bring the environment to the lock `name` and give its interpreter; does nothing when it is there already.

    Raises HouseError when the environment cannot be made or filled.
    """
    stamp = read_stamp()
    version = working_version() if stamp else ""
    sound = bool(version) and version == stamp.get("python")
    if sound and stamp.get(name) == digest(name):
        return python()
    require_writable(venv_dir() if sound else venv_dir().parent, "VENV")
    started = time.monotonic()
    stamp_path().unlink(missing_ok=True)
    if not sound:
        make()
    say("Environment", f"installing {LOCKS[name].relative_to(ROOT)} into {venv_dir()} ...")
    install(LOCKS[name])
    write_stamp(name)
    say("Environment", f"ready after {time.monotonic() - started:.0f} s")
    return python()


def make() -> None:
    """A new, empty environment in the place of whatever was there."""
    if venv_dir().exists() and any(venv_dir().iterdir()):
        if not (venv_dir() / "pyvenv.cfg").exists() and not (venv_dir() / "bin").exists():
            raise HouseError(f"{venv_dir()} is not a virtual environment; set VENV to another folder.")
        say("Environment", f"{venv_dir()} is incomplete or of another Python: making it anew")
        shutil.rmtree(venv_dir())
    if uv := shutil.which("uv"):
        must([uv, "venv", "--quiet", "--python", sys.executable, venv_dir()], "uv could not make the environment.")
    elif call([sys.executable, "-c", "import venv, ensurepip"], quiet=True):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise HouseError(
            f"Python {version} lacks its venv module; on Debian or Ubuntu: apt-get install python{version}-venv"
        )
    else:
        must([sys.executable, "-m", "venv", venv_dir()], f"the environment {venv_dir()} could not be made.")


def install(lock: Path) -> None:
    """Fill the environment from `lock`, every file checked by its hash."""
    if uv := shutil.which("uv"):
        command: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python()]
    else:
        command = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    must(
        [*command, "--require-hashes", "-r", lock],
        "the packages could not be installed (the reason is above); this step needs the network.",
    )


def write_stamp(name: str) -> None:
    """Record the state reached; the development lock contains the run lock."""
    stamp = {"python": working_version(), "run": digest("run")}
    if not stamp["python"]:
        raise HouseError(f"the environment {venv_dir()} does not start; remove it and try again.")
    if name == "dev":
        stamp["dev"] = digest("dev")
    draft = stamp_path().with_suffix(".draft")
    draft.write_text(json.dumps(stamp, indent=2) + "\n")
    draft.replace(stamp_path())
