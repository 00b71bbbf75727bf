"""The lock files in requirements/: hashes for all platforms and Python 3.11 or newer, without registry URLs."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from tooling.base import ROOT, print_progress
from tooling.environment import LOCKS
from tooling.processes import run_or_fail

OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--quiet",
]


def lock() -> int:
    """`make lock [UPGRADE=1]`: resolve pyproject.toml again; the other lock files keep the versions of run.txt."""
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv") or fetch_uv(Path(folder))
        for name in LOCKS:
            extra = [] if name == "run" else ["--group", name, "-c", "requirements/run.txt"]
            path = LOCKS[name].relative_to(ROOT)
            command: list[str | Path] = [uv, "pip", "compile", *OPTIONS, *upgrade, "pyproject.toml", *extra, "-o", path]
            run_or_fail(command, f"{path} could not be resolved (see above).")
            print_progress("Lock", f"{path}: {len(pins(LOCKS[name]))} packages")
    return 0


def fetch_uv(folder: Path) -> str:
    """Install uv in a throw-away environment, for machines without it, and return its path."""
    run_or_fail([sys.executable, "-m", "venv", folder], "could not create an environment for uv; put uv on PATH.")
    run_or_fail([folder / "bin" / "pip", "install", "--quiet", "uv"], "uv could not be installed.")
    return str(folder / "bin" / "uv")


def pins(path: Path) -> list[str]:
    """The lines of a lock file that pin a package: "name==version", with its environment marker if there is one."""
    return [line.rstrip(" \\") for line in re.findall(r"^[a-z0-9].*==.*$", path.read_text(), re.MULTILINE)]
