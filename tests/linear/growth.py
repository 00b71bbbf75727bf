"""How the processor time of a call grows with the size of its input: a ratio, which a slow or busy machine shares."""

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
SMALL, LARGE = 1_000, 4_000  # units of input; four times the input
MAX_RATIO = 9.0  # linear is 4, n log n below 5, quadratic 16
NOISE = 0.004  # seconds: a quadratic call is slower than this at LARGE, a faster one is not worth measuring
TRIES = 3
MAX_SECONDS = 3.0  # of processor time for all sizes of one case


class TooSlow(Exception):
    """A call took more than the processor time that it was given."""


@contextmanager
def processor_limit(seconds: float = MAX_SECONDS) -> Iterator[None]:
    """Raise TooSlow in the block after so many seconds of processor time; `re` looks for signals while it matches."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seconds_of(call: Callable[[], object], runs: int = 1) -> float:
    """The least processor time of several runs, in seconds, without the collection of garbage: how long that takes
    depends on all objects of the process, those of earlier tests among them.

    The thread's, since Linux counts the process's only by ticks of its clock while the timer of `processor_limit` runs.
    """
    times = []
    gc.disable()
    try:
        for _ in range(runs):
            started = time.thread_time()
            call()
            times.append(time.thread_time() - started)
    finally:
        gc.enable()
    return min(times)


def ratio(
    call: Callable[[T], object],
    input_of: Callable[[int], T],
    small: int = SMALL,
    large: int = LARGE,
    noise: float = NOISE,
) -> float:
    """The growth of a call from the small to the large input; 0 if it is too fast at the large one to measure.

    A tiny input first, so that exponential growth ends the measurement with TooSlow rather than never. A ratio above
    MAX_RATIO is measured again, since a busy machine exaggerates some.
    """
    call(input_of(16))
    before, after = input_of(small), input_of(large)
    seconds_of(lambda: call(before))
    if seconds_of(lambda: call(after)) < noise:
        return 0.0
    grown = 0.0
    for _ in range(TRIES):
        grown = seconds_of(lambda: call(after), 2) / seconds_of(lambda: call(before), 3)
        if grown <= MAX_RATIO:
            break
    return grown
