"""What the benchmarks of a topic show: the best results on each, and how new its results are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.topic.model import Topic
from catalog.reading.boards.firsts import notes_of_first
from catalog.reading.boards.newest import NONE_HOLDS, newest_sentence, newest_words
from catalog.reading.boards.pages import board_url
from catalog.reading.boards.words import board_line, caveats, short_number
from catalog.reading.results.boards import Row as BoardRow
from catalog.reading.results.claims import RANKABLE
from catalog.reading.results.fetching import measured_on, stamp_rows, stamped
from catalog.reading.results.models import CLOSED, OPEN, Models, models_of
from catalog.reading.results.reading import Measured, checkpoint_of
from catalog.reading.results.views import view
from catalog.text.rows import Row
from catalog.text.variants import full_name

MAX_BENCHMARKS = 12
MAX_RESULTS = 2_000
"""How many benchmarks of a topic, and how many results on them, are read for its page."""
MAX_CHECKPOINTS = 2_000
"""Among how many checkpoints with the newest results, each as often as it has dates, those with open weights are looked
for."""
NO_BENCHMARK = "No benchmark in the catalogue measures it yet."
NO_RESULT = "No result at all yet."


@dataclass(frozen=True, slots=True)
class Best:
    """A row of a board as a topic's page shows it; `notes` say what must be known of its number."""

    name: str
    url: str
    value: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The largest board of a benchmark: its first row, the best one with open weights, and when the newest result on
    the benchmark was reported. `reason` says why no row is first; `open_is_first` that both rows are the same;
    `no_open` says where none is shown whether there is none or may be one."""

    benchmark: Benchmark
    board: str
    url: str
    first: Best | None
    open: Best | None
    open_is_first: bool
    no_open: str
    reason: str
    newest: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What the benchmarks of a topic show. `sentence` says how new its results are; `left_out` is the number of its
    benchmarks that have results and are not among the `shown`."""

    sentence: str
    shown: tuple[Shown, ...] = ()
    left_out: int = 0
    has_results: bool = False


def progress_on(topic: Topic) -> Progress:
    """What the benchmarks of a topic show, in seven queries; if they are too many, those on which the most models were
    measured."""
    rows = stamp_rows(
        Benchmark.objects.filter(topics=topic),
        models=Count("results__paper", distinct=True),
        countable=Count("results", filter=Q(results__state__in=RANKABLE)),
    )
    with_results = sorted((row for row in rows if row["countable"]), key=lambda row: (-row["models"], row["slug"]))
    if not with_results:
        return Progress(_without_results(rows))
    read = list(_within(MAX_RESULTS, with_results))
    by_size = [row["pk"] for row in read]  # some may be gone by now
    benchmarks = {one.pk: one for one in stamped(_benchmarks(by_size), read)}
    measured = measured_on(benchmarks.values())
    newest = newest_results(topic)
    own = (one.rows.checkpoints() for one in measured.values())
    models = models_of(chain(map(checkpoint_of, newest), *own))
    dates = defaultdict[str, set[str]](set)
    for row in newest:
        dates[models[row["paper_id"]].weights_of(row["variant"])].add(row["reported_on"])
    return Progress(
        newest_sentence(dates, all_read=len(newest) < MAX_CHECKPOINTS),
        tuple(_shown(benchmarks[pk], measured[pk], models) for pk in by_size if pk in measured and measured[pk].claims),
        len(with_results) - len(read),
        has_results=True,
    )


def _without_results(rows: Sequence[Row]) -> str:
    if not rows:
        return NO_BENCHMARK
    return NONE_HOLDS if any(row["stamp_results"] for row in rows) else NO_RESULT


def _benchmarks(pks: Collection[int]) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(pk__in=pks).select_related("reference_protocol")


def newest_results(topic: Topic) -> list[Row]:
    """The checkpoints that were measured on the benchmarks of a topic with each date of their results, the newest date
    first and "" last."""
    results = Result.objects.filter(benchmark__topics=topic, state__in=RANKABLE)
    dated = results.values("paper_id", "paper__slug", "paper__name", "variant", "reported_on").distinct()
    return list(dated.order_by("-reported_on", "paper_id", "variant")[:MAX_CHECKPOINTS])


def _within(limit: int, rows: Iterable[Row]) -> Iterator[Row]:
    """The first benchmarks whose results are within the limit together; one that has too many is passed over."""
    taken = 0
    for row in rows:
        if taken < MAX_BENCHMARKS and row["stamp_results"] <= limit:
            taken, limit = taken + 1, limit - row["stamp_results"]
            yield row


def _shown(benchmark: Benchmark, measured: Measured, models: Models) -> Shown:
    largest = view(measured)
    board = largest.board
    ranked = board.ranked if board.has_places else ()
    weights = [models[row.claim.model].weights_of(row.claim.variant) for row in ranked]
    at = weights.index(OPEN) if OPEN in weights else None
    return Shown(
        benchmark=benchmark,
        board=board_line(largest.key, board.metric.name),
        url=board_url(benchmark, largest.key),
        first=_best(ranked[0], measured, notes_of_first(largest, measured)) if ranked else None,
        open=None if at is None else _best(ranked[at], measured, _notes(ranked[at], len(ranked), weights[:at])),
        open_is_first=at == 0,
        no_open="none" if set(weights) == {CLOSED} else "none known",
        reason=board.reason,
        newest=newest_words({claim.reported_on for claim in measured.claims if claim.state in RANKABLE}),
    )


def _best(row: BoardRow, measured: Measured, notes: Iterable[str]) -> Best:
    claim = row.claim
    model = measured.rows[claim.slug]
    return Best(
        full_name(claim.variant, str(model["paper__name"])),
        reverse("catalog:detail", args=[Paper.plural, model["paper__slug"]]),
        short_number(claim.number),
        tuple(filter(None, notes)),
    )


def _notes(row: BoardRow, of: int, weights_before: Sequence[str]) -> Iterator[str]:
    yield f"place {row.place.text} of {of:,}" if row.place else ""
    unknown = weights_before.count("")
    yield f"of {unknown:,} before it the weights are unknown" if unknown else ""
    yield from caveats(row.claim, row.unknown)
