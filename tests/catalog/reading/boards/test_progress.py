"""What the benchmarks of a topic show."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.topic.model import Topic
from catalog.reading.boards import progress as module
from catalog.reading.boards.progress import Best, progress_on, sentence
from tests.factories import make_benchmark, make_paper, make_result, make_topic

METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
WEIGHTS = "https://huggingface.co/openai/clip"
MOST_QUERIES = 7


class TestSentence:
    @pytest.mark.parametrize(
        ("dates", "open_dates", "said"),
        [
            ([], [], "No result at all yet."),
            (["2025-03-01"], [], "No result with open weights yet. The newest result is of March 2025."),
            (
                ["2025-03", "2024"],
                ["2024"],
                "No result with open weights since 2024. The newest result is of March 2025.",
            ),
            (["2025-03-12", "2025-03-10"], ["2025-03-10"], "The newest result is of March 2025, with open weights."),
            (["2025-03-12", "2025"], ["2025"], "The newest result is of March 2025, with open weights."),
            (["", "2025-03"], ["2025-03"], "The newest dated result is of March 2025, with open weights."),
            (["", "2025"], [""], "The newest dated result is of 2025. Those with open weights are not dated."),
            (
                ["2026-01", "2025-03", ""],
                ["2025-03", ""],
                (
                    "No result with open weights since March 2025, as far as results are dated. "
                    "The newest dated result is of January 2026."
                ),
            ),
            ([""], [], "No result with open weights yet. No result is dated."),
            ([""], [""], "No result is dated."),
        ],
    )
    def test_it_says_how_new_the_results_are(self, dates: list[str], open_dates: list[str], said: str) -> None:
        assert sentence(dates, open_dates) == said

    def test_unless_all_were_read_it_does_not_say_that_none_has_open_weights(self) -> None:
        assert sentence(["2025-03"], [], all_read=False) == "The newest result is of March 2025."
        assert sentence([""], [], all_read=False) == "No result is dated."


@pytest.fixture
def video(db: None) -> Topic:
    make_paper(name="CLIP", variants=[{"name": "CLIP-B", "weights_url": WEIGHTS}])
    make_paper(name="GPT-5")
    topic: Topic = make_topic(name="Video")
    return topic


def make_board(name: str, **about: Any) -> None:
    make_benchmark(name=name, metrics=[METRIC], splits=[{"name": "val"}], topics=["video"], **about)


def result(benchmark: str, model: str, value: str, day: str, **about: Any) -> None:
    variant = "CLIP-B" if model == "clip" else ""
    about = {"split": "val", "adaptation": "zero-shot", "variant": variant, "reported_on": day, **about}
    make_result(benchmark=benchmark, paper=model, metric="Accuracy", value=value, **about)


class TestProgress:
    def test_a_topic_without_benchmarks_or_without_results_says_so(self, video: Topic) -> None:
        assert progress_on(video).sentence == "No benchmark in the catalogue measures it yet."
        make_board("MVBench")
        assert progress_on(video) == module.Progress("No result at all yet.")
        result("mvbench", "clip", "50", "2025-03", state="retracted")
        assert progress_on(video) == module.Progress("No result at all yet.")

    def test_the_first_and_the_best_with_open_weights_of_each_benchmark(self, video: Topic) -> None:
        make_board("MVBench")
        result("mvbench", "clip", "50.0", "2025-03-01")
        result("mvbench", "gpt-5", "64.9", "2026-01-09", state="disputed")

        progress = progress_on(video)

        assert progress.sentence == (
            "No result with open weights since March 2025. The newest result is of January 2026."
        )
        (shown,) = progress.shown
        assert (shown.benchmark.slug, shown.board, shown.newest) == ("mvbench", "val · Accuracy", "9 January 2026")
        assert shown.first == Best("GPT-5", "/papers/gpt-5/", "64.9", ("disputed", "reported 9 January 2026"))
        assert shown.open == Best("CLIP-B", "/papers/clip/", "50.0", ("place 2 of 2",))
        assert not shown.open_is_first

    def test_open_weights_may_be_first_and_a_board_may_have_no_places(self, video: Topic) -> None:
        make_board("MVBench")
        make_board("Video-MME")
        result("mvbench", "clip", "70", "2026-02")
        result("mvbench", "gpt-5", "60", "2026-01")
        result("video-mme", "clip", "50", "")

        progress = progress_on(video)

        assert progress.sentence == "The newest dated result is of February 2026, with open weights."
        first, second = progress.shown
        assert (first.open_is_first, first.reason, first.newest) == (True, "", "February 2026")
        assert (second.first, second.open, second.newest) == (None, None, "")
        assert second.reason == "there is only one to rank"

    def test_what_is_read_is_bounded_and_the_rest_is_counted(
        self, video: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("Large", "Middle", "Small"):
            make_board(name)
        for benchmark, values in {"large": "123", "middle": "12", "small": "1"}.items():
            for value in values:
                result(
                    benchmark,
                    "clip" if value == "1" else "gpt-5",
                    value,
                    "2026-01",
                    source_url=f"https://e.org/{value}",
                )

        monkeypatch.setattr(module, "MAX_RESULTS", 2)
        assert [one.benchmark.slug for one in progress_on(video).shown] == ["middle"]
        assert progress_on(video).left_out == 2
        monkeypatch.setattr(module, "MAX_RESULTS", 4)
        monkeypatch.setattr(module, "MAX_BENCHMARKS", 1)
        assert [one.benchmark.slug for one in progress_on(video).shown] == ["large"]
        assert progress_on(video).left_out == 2

    def test_open_weights_that_were_not_looked_for_are_not_said_to_be_missing(
        self, video: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_board("MVBench")
        result("mvbench", "gpt-5", "60", "2026-01")
        result("mvbench", "clip", "50", "2025-03")
        monkeypatch.setattr(module, "MAX_CHECKPOINTS", 1)

        progress = progress_on(video)

        assert progress.sentence == "The newest result is of January 2026."
        assert progress.shown[0].open is not None

    def test_the_number_of_queries_does_not_depend_on_that_of_benchmarks(self, video: Topic) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                progress_on(video)
            return len(captured)

        make_board("One")
        result("one", "clip", "50", "2025-03")
        result("one", "gpt-5", "60", "2026-01", harness="VLMEvalKit")
        few = queries()
        for name in ("Two", "Three", "Four"):
            make_board(name)
            result(name.lower(), "clip", "50", "2025-03")
            result(name.lower(), "gpt-5", "60", "2026-01", harness="VLMEvalKit")
        assert queries() == few <= MOST_QUERIES


class TestPage:
    def test_it_shows_the_sentence_the_boards_and_the_entries(self, client: Client, video: Topic) -> None:
        make_board("MVBench")
        result("mvbench", "clip", "50.0", "2025-03-01")
        result("mvbench", "gpt-5", "64.9", "2026-01-09")

        page = client.get("/topics/video/").content.decode()

        assert "No result with open weights since March 2025. The newest result is of January 2026." in page
        text = " ".join(page.split())
        assert '<b class="num">64.9</b> <a class="name" href="/papers/gpt-5/">GPT-5</a>' in text
        assert '<a href="/benchmarks/mvbench/leaderboard/?split=val">MVBench</a>' in text
        assert 'id="benchmarks">Benchmarks</h2>' in text

    def test_a_long_list_leads_to_all_entries(
        self, client: Client, video: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("catalog.kinds.topic.page.REFERRING_SHOWN", 1)
        make_paper(name="Old", year=2020, topics=["video"])
        assert "/papers/?topic=video" not in client.get("/topics/video/").content.decode()
        make_paper(name="New", year=2025, topics=["video"])

        page = client.get("/topics/video/").content.decode()

        assert "/papers/?topic=video" in page
        assert ("/papers/new/" in page, "/papers/old/" in page) == (True, False)
