"""Tasks of tests: they write what they did to the log of this process, or to a file."""

import os
import signal
import threading
import time
from pathlib import Path

from background.engine import task

done: list[str] = []
gate = threading.Event()


@task()
def note(text: str) -> str:
    done.append(text)
    return text


@task(queue_name="webhooks")
def note_elsewhere(text: str) -> None:
    done.append(text)


@task()
def wait_for_gate(text: str) -> None:
    done.append(f"{text} began")
    assert gate.wait(20)
    done.append(f"{text} ended")


@task()
def fail() -> None:
    raise ValueError("for ada@example.org")


@task()
def die_once(path: str) -> None:
    """End the whole process when it is called first, as a crash does."""
    with Path(path).open("a") as file:
        file.write("x")
    if Path(path).read_text() == "x":
        os.kill(os.getpid(), signal.SIGKILL)


@task()
def sleep(path: str, seconds: float) -> None:
    Path(path).write_text("began")
    time.sleep(seconds)
    Path(path).write_text("ended")


@task()
def append(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("x")
    time.sleep(0.02)


def enqueue_found() -> None:
    """A look that always finds something."""
    note.enqueue("found")


def fail_to_look() -> None:
    raise ValueError("a mistake in a look")
