"""Differences of texts: by words, and by lines where words would take too long."""

import pytest

from submissions.text_diff import TextSpan, text_diff


def spans(before: str, after: str) -> list[tuple[str, str]]:
    return [(span.state, span.text) for span in text_diff(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("same", "same", [("kept", "same")]),
        ("", "all new", [("new", "all new")]),
        ("a small model", "a large model", [("kept", "a "), ("gone", "small "), ("new", "large "), ("kept", "model")]),
        (
            "One of two, and three.",
            "One and of three!",
            [
                ("kept", "One "),
                ("new", "and "),
                ("kept", "of "),
                ("gone", "two, and "),
                ("kept", "three"),
                ("gone", "."),
                ("new", "!"),
            ],
        ),
        ("aa", "a a", [("gone", "aa"), ("new", "a a")]),
    ],
)
def test_words_are_compared(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert spans(before, after) == expected


def test_a_long_text_with_an_edit_at_each_end_is_compared_by_words() -> None:
    words = ["and" if n % 10 == 0 else "the" if n % 10 == 5 else f"word{n % 700}" for n in range(1_500)]
    before, after = " ".join(["old", *words, "old"]), " ".join(["new", *words, "new"])

    assert spans(before, after) == [
        ("gone", "old "),
        ("new", "new "),
        ("kept", f"{' '.join(words)} "),
        ("gone", "old"),
        ("new", "new"),
    ]


def test_a_long_table_is_compared_by_lines() -> None:
    rows = [f"| {n} | a | b | c | d |\n" for n in range(900)]
    before = "".join(rows)
    after = "".join([*rows[:1], "| x | a | b | c | d |\n", *rows[2:800], *rows[801:], "| end |\n"])

    assert spans(before, after)[1:4] == [
        ("gone", "1 | a | b | c | d |\n"),
        ("new", "x | a | b | c | d |\n"),
        ("kept", "".join(rows[2:800])),
    ]


def test_a_text_that_repeats_itself_in_words_and_lines_is_shown_whole() -> None:
    before, after = "a\n" * 3_000 + "end", "b\na\n" * 1_500 + "stop"

    assert spans(before, after) == [("gone", before), ("new", after)]


@pytest.mark.parametrize(
    ("before", "after"), [("a b c " * 40, "b a c " * 40), ("x\n" * 2_000, "y\nx\n" * 900), ("  a_b ", "\n a b")]
)
def test_the_spans_are_the_two_texts(before: str, after: str) -> None:
    found = spans(before, after)

    assert "".join(text for state, text in found if state != "new") == before
    assert "".join(text for state, text in found if state != "gone") == after


def test_a_difference_is_computed_once() -> None:
    assert text_diff("one word", "another word") is text_diff("one word", "another word")


def test_a_span_is_a_state_and_a_text() -> None:
    assert text_diff("a", "b") == (TextSpan("gone", "a"), TextSpan("new", "b"))
