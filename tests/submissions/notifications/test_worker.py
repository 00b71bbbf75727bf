"""Background work: one thread, started when there is something to do and ended when there is not."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError

from submissions.notifications.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 30.0


class Work:
    """Counts its worker; `pauses` are given one after the other, then None."""

    def __init__(self, *pauses: float | None, fails: bool = False) -> None:
        self.pauses, self.fails, self.done = list(pauses), fails, 0
        self.worker = Worker("a test", self.pause, self.work)
        self.worked = threading.Semaphore(0)

    def pause(self) -> float | None:
        return self.pauses.pop(0) if self.pauses else None

    def work(self) -> None:
        self.done += 1
        self.worked.release()
        if self.fails:
            raise DatabaseError("gone")

    def wait_until_over(self) -> None:
        for thread in threading.enumerate():
            if thread.name == "a test":
                thread.join(LONG)


@pytest.fixture(autouse=True)
def switched_on(settings: Any) -> None:
    settings.POSTMAN = True


def test_it_works_once_for_a_call_and_is_gone() -> None:
    work = Work()
    work.worker.wake()
    work.wait_until_over()
    assert work.done == 1

    work.worker.wake()
    work.wait_until_over()
    assert work.done == 2


def test_it_goes_on_while_something_waits() -> None:
    work = Work(0, 0, 0)
    work.worker.wake()
    work.wait_until_over()
    assert work.done == 3


def test_a_call_shortens_the_pause() -> None:
    work = Work(0, LONG)
    work.worker.wake()
    assert work.worked.acquire(timeout=LONG)
    work.worker.wake()
    assert work.worked.acquire(timeout=LONG)
    work.wait_until_over()
    assert work.done == 2


def test_a_lost_database_ends_it_and_the_next_call_starts_it_again() -> None:
    work = Work(0, 0, fails=True)
    work.worker.wake()
    work.wait_until_over()
    assert work.done == 1

    work.fails = False
    work.worker.wake()
    work.wait_until_over()
    assert work.done == 2


def test_it_stays_asleep_where_it_is_switched_off(settings: Any) -> None:
    settings.POSTMAN = False
    work = Work(0)
    work.worker.wake()
    work.wait_until_over()
    assert work.done == 0
