"""What the benchmarks of a topic show."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.topic.model import Topic
from catalog.ledger.publishing import retire
from catalog.reading.boards import progress as module
from catalog.reading.boards.progress import Best, progress_on
from catalog.reading.results.fetching import stamp_rows
from tests.factories import make_benchmark, make_paper, make_result, make_topic, trace

METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
WEIGHTS = "https://huggingface.co/openai/clip"
MOST_QUERIES = 7


@pytest.fixture
def video(db: None) -> Topic:
    make_paper(name="CLIP", variants=[{"name": "CLIP-B", "weights_url": WEIGHTS}])
    make_paper(name="GPT-5", licence_weights="proprietary")
    make_paper(name="Mystery")
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

    def test_what_was_retracted_was_a_result(self, video: Topic) -> None:
        make_board("MVBench")
        result("mvbench", "clip", "50", "2025-03", state="retracted")
        assert progress_on(video) == module.Progress("No result that still holds.")

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

    @pytest.mark.parametrize(
        ("model", "sentence", "cell"),
        [
            ("gpt-5", "No result with open weights yet. The newest result is of January 2026.", "none"),
            (
                "mystery",
                "No result known to have open weights yet. The newest result is of January 2026.",
                "none known",
            ),
        ],
    )
    def test_unknown_weights_are_not_said_to_be_closed(
        self, client: Client, video: Topic, model: str, sentence: str, cell: str
    ) -> None:
        make_paper(name="Claude", licence_weights="Proprietary")
        make_board("MVBench")
        result("mvbench", "claude", "50.0", "2025-03-01")
        result("mvbench", model, "64.9", "2026-01-09")

        progress = progress_on(video)

        assert progress.sentence == sentence
        assert [(one.open, one.no_open) for one in progress.shown] == [(None, cell)]
        assert f'<span class="quiet">{cell}</span>' in client.get("/topics/video/").content.decode()

    def test_what_may_be_better_and_have_open_weights_is_counted(self, video: Topic) -> None:
        make_board("MVBench")
        result("mvbench", "mystery", "60.0", "2026-01-10")
        result("mvbench", "clip", "50.0", "2025-03-01")
        (shown,) = progress_on(video).shown
        assert shown.open is not None
        assert shown.open.notes == ("place 2 of 2", "of 1 before it the weights are unknown")

    def test_a_result_may_be_retired_while_the_page_is_made(
        self, video: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The benchmarks are counted before their results are read."""
        make_board("MVBench")
        make_board("Video-MME")
        result("mvbench", "clip", "50", "2025-03")
        gone = [
            make_result(benchmark="video-mme", paper="clip", metric="Accuracy", value="50", split="val"),
            make_result(benchmark="mvbench", paper="gpt-5", metric="Accuracy", value="50", split="val"),
        ]

        def count_then_retire(*args: Any, **more: Any) -> list[dict[str, Any]]:
            rows = stamp_rows(*args, **more)
            for one in gone:
                retire(entry=one, trace=trace("Wrong."))
            retire(entry=Benchmark.objects.with_references().get(slug="video-mme"), trace=trace("Wrong."))
            return rows

        monkeypatch.setattr(module, "stamp_rows", count_then_retire)

        progress = progress_on(video)

        assert [one.benchmark.slug for one in progress.shown] == ["mvbench"]
        assert progress.sentence == "The newest result is of March 2025, with open weights."

    def test_only_a_retracted_result_may_be_left_when_it_is_read(
        self, video: Topic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_board("MVBench")
        result("mvbench", "clip", "50", "2025-03", state="retracted")
        rows = [{**row, "countable": 1} for row in stamp_rows(Benchmark.objects.all(), models=Count("pk"))]
        monkeypatch.setattr(module, "stamp_rows", lambda *args, **more: rows)

        progress = progress_on(video)

        assert progress.sentence == "No result that still holds."
        assert [(one.first, one.newest) for one in progress.shown] == [(None, "")]

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

        assert progress.sentence == "The newest dated result is of January 2026."
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
