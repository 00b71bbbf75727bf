"""The commands of bin/portal, one function each."""

import os
import sqlite3
import sys
from collections.abc import Callable

from tooling import backup, bench, environment, locks, server, suite
from tooling.base import ScriptError, print_error
from tooling.processes import stop_signals
from tooling.structure import structure


def env() -> int:
    """Create the environment of `make run`, and nothing else."""
    environment.ensure("run")
    return 0


def env_dev() -> int:
    """Create the environment with the development tools."""
    environment.ensure("dev")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "env": env,
    "env-dev": env_dev,
    "run": server.run,
    "dev": server.dev,
    "prepare": server.prepare,
    "prepare-data": server.prepare_data,
    "static": server.static,
    "serve": server.serve,
    "worker": server.worker,
    "healthy": server.healthy,
    "check": suite.check,
    "test": suite.test,
    "coverage": suite.coverage,
    "structure": structure,
    "bench": bench.bench,
    "backup": backup.backup,
    "restore": backup.restore,
    "lock": locks.lock,
}


def main(arguments: list[str]) -> int:
    """Run a command; return its exit status: 0, 1 for a failure, 2 for wrong usage, 130 for Ctrl-C."""
    if not arguments or arguments[0] not in COMMANDS:
        print_error(f"choose a command: {', '.join(COMMANDS)}")
        return 2
    stop_signals.install()
    try:
        return COMMANDS[arguments[0]](*arguments[1:])
    except ScriptError as error:
        print_error(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python flushes again at exit, and fails
        print_error("the output was closed, so the command has stopped.")
    except OSError as error:
        print_error(f"{error.filename or arguments[0]}: {(error.strerror or str(error)).lower()}")
    except sqlite3.Error as error:
        print_error(f"{arguments[0]}: SQLite error: {error}.")
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 1
