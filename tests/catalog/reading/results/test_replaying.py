"""Boards before their last changes, as they were read then."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.model import Result
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision, RevisionAction
from catalog.reading.results import benchmark_ledger, board_news
from catalog.reading.results.board_news import board_history
from catalog.reading.results.boards import Board
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.replaying import Replay
from catalog.reading.results.views import by_board, view
from tests.factories import make, make_benchmark, make_many, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
ACCURACY = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True, "proportion": True}
SPLITS = [{"name": "val", "aliases": ["validation"], "size_count": 900}, {"name": "test"}]
ERRATUM = {"date": "2024-06", "about": "labels", "text": "Wrong labels.", "splits": ["val"]}
PAPERS = ("CLIP", "Flamingo", "Kosmos")


def benchmark() -> Benchmark:
    return Benchmark.objects.select_related("reference_protocol").get(slug="mmmu")


def boards() -> dict[object, Board]:
    """The boards of today by key, as pages read them."""
    measured = measured_on([benchmark()])[benchmark().pk]
    return {key: view(measured, key, "Accuracy").board for key in by_board(measured.claims)}


def replayed(replay: Replay) -> dict[object, Board]:
    measured = replay.measured
    return {key: replay.board(key, "Accuracy") for key in by_board(measured.claims)}


def moves(rng: Random) -> list[Callable[[], object]]:
    """What can happen to a benchmark and its results."""
    result: Any = rng.choice(list(Result.objects.order_by("pk")) or [None])
    gone = Revision.objects.filter(kind="result", action=RevisionAction.RETIRE).last()
    protocol = Protocol.objects.get(slug="vlmevalkit")

    def new() -> object:
        paper = rng.choice(list(Paper.objects.order_by("pk"))).slug
        about = {"paper": paper, "benchmark": rng.choice(["mmmu", "mmmu", "mmmu", "vqav2"]), "metric": "accuracy"}
        conditions = {"shots": rng.choice([None, 0, 8]), "protocol": rng.choice([None, None, "vlmevalkit"])}
        dates = {"reported_on": rng.choice(["2023-01", "2024-12", ""])}
        split = rng.choice(["val", "val", "val", "test", ""])
        return make_result(**about, **conditions, **dates, split=split, value=str(rng.randint(1, 99)))

    def edit() -> object:
        fields = rng.choice(
            [
                {"value": str(rng.randint(1, 99))},
                {"split": rng.choice(["val", "test"])},
                {"benchmark": rng.choice(["mmmu", "vqav2"])},
                {"state": rng.choice(["disputed", "retracted", "live"])},
                {"variant": rng.choice(["B", "L", ""])},
            ]
        )
        changes = {key: value for key, value in fields.items() if KINDS["result"].dump(result)[key] != value}
        return make_revision("result", result, **changes) if changes else None

    def correct() -> object:
        entry = benchmark()
        return make_revision("benchmark", entry, errata=[] if entry.errata else [ERRATUM])

    def prescribe() -> object:
        return make_revision("protocol", protocol, judge=f"GPT-{rng.randint(1, 10**6)}")

    def refer() -> object:
        entry = KINDS["benchmark"].model.objects.with_references().get(slug="mmmu")
        return make_revision("benchmark", entry, reference_protocol=None if entry.reference_protocol else "vlmevalkit")

    def bring_back() -> object:
        still = gone and Revision.objects.of("result", gone.entry_id).last() == gone
        return restore(kind=KINDS["result"], entry_id=gone.entry_id, trace=trace()) if gone and still else None

    some = [new, new, new, correct, prescribe, refer, bring_back]
    return [*some, edit, edit, lambda: retire(entry=result, trace=trace("Wrong."))] if result else some


@pytest.mark.parametrize("seed", range(6))
def test_boards_are_brought_back_as_they_were(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 -- which moves are made
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=SPLITS)
    make_benchmark(name="VQAv2", metrics=[ACCURACY], splits=SPLITS)
    make("protocol", name="VLMEvalKit", harness="VLMEvalKit", judge="GPT-4", shots=0)
    for name in PAPERS:
        make_paper(name=name, variants=[{"name": f"{name}-B"}, {"name": f"{name}-L"}, {"name": "B"}, {"name": "L"}])
    then: list[tuple[int, dict[object, Board]]] = []
    for _ in range(25):
        rng.choice(moves(rng))()
        then.append((Revision.objects.latest_first()[0].pk, boards()))

    replay = Replay(benchmark())
    revisions = list(replay.revisions)
    for newest, were in reversed(then):
        while revisions and revisions[0].pk > newest:
            replay.undo(revisions.pop(0))
        assert replayed(replay) == were


def test_models_that_were_merged_had_rows_of_their_own() -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=SPLITS)
    for name in PAPERS:
        make_result(paper=make_paper(name=name).slug, benchmark="mmmu", metric="accuracy", split="val", value="50")
    were = boards()
    merge(entry=Paper.objects.get(slug="kosmos"), into=Paper.objects.get(slug="clip"), trace=trace())

    replay = Replay(benchmark())
    replay.undo(replay.revisions[0])

    assert replayed(replay) == were
    assert sorted(replay.names.values()) == ["CLIP", "Flamingo", "Kosmos"]


def filled(count: int) -> None:
    paper = make_paper().slug
    claim = {"paper": paper, "benchmark": "mmmu", "metric": "accuracy", "split": "val"}
    payloads: list[Any] = [{**claim, "name": "", "value": str(n % 90), "variant": f"V{n}"} for n in range(count)]
    make_many("result", payloads)


def queries() -> int:
    entry = benchmark()
    with CaptureQueriesContext(connection) as captured:
        assert board_history(entry).steps
    return len(captured)


def test_it_costs_the_same_for_any_number_of_results_and_changes() -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=SPLITS)
    filled(3)
    few = queries()
    filled(60)
    assert (few, queries()) == (7, 7)


def test_of_a_very_large_board_fewer_changes_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=SPLITS)
    filled(30)
    assert len(board_history(benchmark()).steps) == 20
    monkeypatch.setattr(board_news, "MAX_CLAIMS", 100)
    assert len(board_history(benchmark()).steps) == 3


def test_no_more_revisions_than_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=SPLITS)
    filled(10)
    monkeypatch.setattr(benchmark_ledger, "MAX_REVISIONS", 4)
    assert len(board_history(benchmark()).steps) == 4
