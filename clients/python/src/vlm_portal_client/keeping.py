"""Answers that are kept for conditional requests."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

MAX_ANSWERS = 100
MAX_BYTES = 1_000_000
"""The size of an answer that is still kept, so that all together take 100 MB at most."""


class KeptAnswer(NamedTuple):
    """An answer and its entity tag."""

    tag: str
    body: bytes


class Kept:
    """The answers that were used last, by address."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, address: str) -> KeptAnswer | None:
        """Return the answer of an address, or None."""
        with self._lock:
            answer = self._answers.get(address)
            if answer:
                self._answers.move_to_end(address)
            return answer

    def put(self, address: str, tag: str, body: bytes) -> None:
        """Keep an answer, in place of the one that was not used for longest."""
        if len(body) > MAX_BYTES:
            return
        with self._lock:
            self._answers[address] = KeptAnswer(tag, body)
            self._answers.move_to_end(address)
            if len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)
