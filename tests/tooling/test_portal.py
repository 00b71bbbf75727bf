"""bin/portal as an operator meets it: one line and an honest exit status."""

import ast
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tooling.base import ROOT
from tooling.processes import LINUX

PORTAL = ROOT / "bin" / "portal"


def portal(*arguments: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, str(PORTAL), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def result_of(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_portal_parses_on_an_old_python():
    ast.parse(PORTAL.read_text(), feature_version=(3, 6))


def test_unknown_command_lists_the_commands():
    done = portal("fly")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: choose a command: env, env-dev, run, dev, ")


def test_a_reader_that_goes_away_is_one_line():
    """As in `make run | head -1`: a pipe whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    talk = "import sys; from tooling import cli; cli.COMMANDS['talk'] = lambda: print('words', flush=True) or 0; "
    done = subprocess.run(
        [sys.executable, "-c", talk + "sys.exit(cli.main(['talk']))"],
        cwd=ROOT / "bin",
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "error: the output was closed, so the command has stopped.\n")


@pytest.mark.skipif(not LINUX, reason="only Linux ends a process with its parent")
def test_what_it_started_ends_with_it_even_when_it_is_killed():
    child = "import time; print('up', flush=True); time.sleep(60)"
    work = f"import sys; from tooling.processes import call; call([sys.executable, '-c', {child!r}])"
    parent = subprocess.Popen([sys.executable, "-c", work], cwd=ROOT / "bin", stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    assert parent.stdout.readline() == "up\n"
    parent.kill()
    parent.wait(10)
    # the pipe ends with the last process that holds it
    assert select.select([parent.stdout], [], [], 10)[0] == [parent.stdout]
    assert parent.stdout.read() == ""
    parent.stdout.close()


def test_taken_port_is_one_line(taken_port: int):
    assert result_of(portal("run", PORT=str(taken_port))) == (
        1,
        "",
        f"error: port {taken_port} on 127.0.0.1 is in use; choose another one: make run PORT={taken_port + 1}\n",
    )


def test_unwritable_data_folder_is_one_line(tmp_path: Path, free_port: int):
    (tmp_path / "file").touch()
    assert result_of(portal("prepare", DATA_DIR=f"{tmp_path}/file/var", PORT=str(free_port))) == (
        1,
        "",
        f"error: cannot write to {tmp_path}/file/var (Not a directory); set DATA_DIR to a folder you own.\n",
    )


def test_serving_without_an_environment_is_one_line(tmp_path: Path, free_port: int):
    assert result_of(portal("serve", VENV=str(tmp_path / "none"), PORT=str(free_port))) == (
        1,
        "",
        f"error: there is no environment at {tmp_path}/none yet; run make env.\n",
    )


def old_python() -> str | None:
    """A Python 3 before 3.11 on this machine, if there is one."""
    candidates = [shutil.which(f"python3.{minor}") for minor in range(6, 11)]
    candidates += [str(path) for path in sorted(Path("~/.pyenv/versions").expanduser().glob("3.[6-9].*/bin/python3"))]
    candidates += [str(path) for path in sorted(Path("~/.pyenv/versions").expanduser().glob("3.10.*/bin/python3"))]
    for name in filter(None, candidates):
        if subprocess.run([name, "-c", ""], capture_output=True, check=False).returncode == 0:
            return name
    return None


@pytest.fixture
def old() -> str:
    interpreter = old_python()
    if interpreter is None:
        pytest.skip("no Python older than 3.11 on this machine")
    return interpreter


def test_old_python_alone_is_one_line(old: str, tmp_path: Path):
    done = portal("run", python=old, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: VLM Portal needs Python 3.11 or newer, but this is 3.")
    assert done.stderr.count("\n") == 1


def test_old_python_hands_over_to_a_newer_one(old: str, tmp_path: Path):
    (tmp_path / "python3.11").symlink_to(sys.executable)
    done = portal("fly", python=old, PATH=str(tmp_path))
    assert (done.returncode, done.stderr[:24]) == (2, "error: choose a command:")


def test_python_without_venv_is_one_line(tmp_path: Path):
    """Debian splits ensurepip off: a module that cannot be imported stands in for it."""
    (tmp_path / "ensurepip.py").write_text("raise ImportError('not installed')\n")
    done = portal("env", PATH=str(tmp_path), PYTHONPATH=str(tmp_path), VENV=str(tmp_path / "venv"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert result_of(done) == (
        1,
        "",
        f"error: Python {version} has no venv module; on Debian or Ubuntu: apt-get install python{version}-venv\n",
    )
