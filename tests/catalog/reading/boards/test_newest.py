"""How new the results are, and those with open weights: nothing is said that the dates and weights leave open."""

import pytest

from catalog.reading.boards.newest import newest_sentence, newest_words


@pytest.mark.parametrize(
    ("dates", "in_words"),
    [
        ([], ""),
        ([""], ""),
        (["2025-03-12", "2024"], "12 March 2025"),
        (["2025-03-12", "2025-03"], "12 March 2025 or later that month"),
        (["2025-03-12", "2025"], "12 March 2025 or later that year"),
        (["2025-03-12", "2025-03", "2025"], "12 March 2025 or later that year"),
        (["2025", "2024-12-31"], "2025"),
        (["2025-03-12", ""], "12 March 2025, as far as results are dated"),
    ],
)
def test_the_newest_of_partial_dates(dates: list[str], in_words: str) -> None:
    assert newest_words(dates) == in_words


class TestSentence:
    @pytest.mark.parametrize(
        ("dates", "said"),
        [
            ({}, "No result that still holds."),
            # open weights are the newest
            (
                {"open": ["2025-03-12"], "closed": ["2025-03-10"]},
                "The newest result is of March 2025, with open weights.",
            ),
            (
                {"open": ["2025-03-12"], "closed": ["2025-03-12"]},
                "The newest result is of March 2025, with open weights.",
            ),
            ({"open": ["2025-04"], "": ["2025-03-12"]}, "The newest result is of April 2025, with open weights."),
            (
                {"open": ["2025-03"], "closed": [""]},
                "The newest dated result is of March 2025, with open weights.",
            ),
            (
                {"open": ["2025-03", "2025"], "closed": ["2024"]},
                "The newest result is of March 2025 or later that year, with open weights.",
            ),
            # closed ones are
            (
                {"open": ["2024"], "closed": ["2025-03", "2024"]},
                "No result with open weights since 2024. The newest result is of March 2025.",
            ),
            (
                {"open": ["2025-03-01"], "closed": ["2025-03-31"]},
                "No result with open weights since 1 March 2025. The newest result is of 31 March 2025.",
            ),
            (
                {"open": ["2024-03", "2024"], "closed": ["2025-03"]},
                "No result with open weights since 2024. The newest result is of March 2025.",
            ),
            (
                {"open": ["2025-03", ""], "closed": ["2026-01", ""]},
                (
                    "No result with open weights since March 2025, as far as results are dated. "
                    "The newest dated result is of January 2026."
                ),
            ),
            # some of the newer ones may have open weights
            (
                {"open": ["2025-03-01"], "closed": ["2025-05"], "": ["2025-04"]},
                "No result known to have open weights since March 2025. The newest result is of May 2025.",
            ),
            (
                {"open": ["2025-03-01"], "closed": ["2025-05"], "": ["2025-02"]},
                "No result with open weights since March 2025. The newest result is of May 2025.",
            ),
            (
                {"open": ["2025-03-01"], "closed": ["2025-05"], "": [""]},
                (
                    "No result known to have open weights since March 2025, as far as results are dated. "
                    "The newest dated result is of May 2025."
                ),
            ),
            # the dates do not say which is newer
            (
                {"open": ["2025"], "closed": ["2025-03-12"]},
                (
                    "The newest result is of March 2025 or later that year; "
                    "the newest with open weights is of 2025 (month not stated)."
                ),
            ),
            (
                {"open": ["2025-03"], "closed": ["2025-03"]},
                "The newest result is of March 2025; the newest with open weights is of March 2025 (day not stated).",
            ),
            (
                {"open": ["2025-03-12"], "": ["2025-03"]},
                "The newest result is of March 2025; the newest known to have open weights is of 12 March 2025.",
            ),
            # none has open weights
            (
                {"closed": ["2025-03-01"]},
                "No result with open weights yet. The newest result is of March 2025.",
            ),
            (
                {"": ["2025-03-01"]},
                "No result known to have open weights yet. The newest result is of March 2025.",
            ),
            (
                {"closed": ["2025-03-01"], "": ["2024"]},
                "No result known to have open weights yet. The newest result is of March 2025.",
            ),
            # nothing is dated
            ({"closed": [""]}, "No result with open weights yet. No result is dated."),
            ({"open": [""]}, "No result is dated."),
            (
                {"open": [""], "closed": ["2025"]},
                "The newest dated result is of 2025. Those with open weights are not dated.",
            ),
        ],
    )
    def test_it_says_how_new_results_are(self, dates: dict[str, list[str]], said: str) -> None:
        assert newest_sentence(dates) == said

    def test_unless_all_were_read_it_does_not_say_that_none_has_open_weights(self) -> None:
        assert newest_sentence({"closed": ["2025-03"]}, all_read=False) == "The newest dated result is of March 2025."
        assert newest_sentence({"closed": [""]}, all_read=False) == "No result is dated."

    def test_unless_all_were_read_others_may_not_be_dated(self) -> None:
        assert newest_sentence({"open": ["2025-03"], "closed": ["2025-05"]}, all_read=False) == (
            "No result with open weights since March 2025, as far as results are dated. "
            "The newest dated result is of May 2025."
        )
