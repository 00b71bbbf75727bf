"""Answers are kept, also that there is none, and two who ask at once share one look-up."""

import threading
import time
from typing import Any, cast

import pytest
from django.core.cache import cache

from submissions.intake.lookups import answers
from submissions.intake.lookups.answers import Answer, answer
from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched, Site, Unknown

PLACE = Site("place", "The Place", ("place.example",))
FOUND = Answer("https://place.example/1", {"title": "One", "authors": ["A"]})


class Reader:
    """Gives what it is made with, after a pause, and counts how often it was asked."""

    __name__ = "reader"

    def __init__(self, result: Any, pause: float = 0.0) -> None:
        self.result, self.pause = result, pause
        self.asked: list[str] = []

    def __call__(self, argument: str, until: float) -> Answer:
        self.asked.append(argument)
        time.sleep(self.pause)
        if isinstance(self.result, NotFetched):
            raise self.result
        return cast(Answer, self.result)


def asked(reader: Reader, argument: str = "1", seconds: float = 3.0) -> Answer | str:
    """The answer, or the sentence without one."""
    try:
        return answer(PLACE, reader, argument, time.monotonic() + seconds)
    except NotFetched as error:
        return f"{type(error).__name__}: {error}"


def at_once(reader: Reader, count: int = 4, seconds: float = 3.0) -> list[Answer | str]:
    """What so many get who ask at the same time."""
    got: list[Answer | str] = []
    threads = [threading.Thread(target=lambda: got.append(asked(reader, seconds=seconds))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_an_answer_is_kept() -> None:
    reader = Reader(FOUND)

    assert [asked(reader), asked(reader), asked(reader, "2")] == [FOUND] * 3
    assert reader.asked == ["1", "2"]


def test_that_there_is_none_is_kept() -> None:
    reader = Reader(Unknown("Nothing."))

    assert [asked(reader), asked(reader)] == ["Unknown: Nothing."] * 2
    assert reader.asked == ["1"]


def test_a_failure_is_kept_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "KEPT_FAILED", 1)
    reader = Reader(NotFetched("Not now."))

    assert [asked(reader), asked(reader)] == ["NotFetched: Not now."] * 2
    time.sleep(1.05)
    reader.result = FOUND
    assert asked(reader) == FOUND
    assert reader.asked == ["1", "1"]


def test_only_plain_values_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that has moved or changed the class must be able to read them."""
    kept = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: kept.append(value))

    asked(Reader(FOUND))

    assert kept == [{"url": "https://place.example/1", "fields": {"title": "One", "authors": ["A"]}}]


@pytest.mark.parametrize("result", [FOUND, Unknown("Nothing."), NotFetched("Not now.")], ids=["yes", "no", "failed"])
def test_those_who_ask_at_once_share_one_look_up(result: Answer | NotFetched) -> None:
    reader = Reader(result, pause=0.3)

    got = at_once(reader)

    assert got == [result if isinstance(result, Answer) else f"{type(result).__name__}: {result}"] * 4
    assert reader.asked == ["1"]


def test_nobody_waits_longer_for_another_than_there_is_time() -> None:
    reader = Reader(FOUND, pause=1.0)
    first = threading.Thread(target=lambda: asked(reader))
    first.start()
    time.sleep(0.1)
    began = time.monotonic()

    assert asked(reader, seconds=0.2) == f"NotFetched: The Place is too slow at the moment; {CHECK_THE_FORM}"
    assert time.monotonic() - began < 0.4
    first.join()


def test_a_look_up_whose_process_was_killed_is_made_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCKED", 1)
    monkeypatch.setattr(cache, "delete", lambda key: None)  # as if nobody was left to unlock
    reader = Reader(NotFetched("Not now."))
    monkeypatch.setattr(answers, "KEPT_FAILED", 0)
    asked(reader)
    reader.result = FOUND

    assert asked(reader) == FOUND


def test_a_mistake_of_ours_leaves_nothing_locked() -> None:
    reader = Reader(FOUND)
    reader.result = None
    with pytest.raises(TypeError):
        asked(reader)
    reader.result = FOUND

    assert asked(reader) == FOUND
