"""What the benchmarks of a topic show: the best results on each, and how new its results are."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.topic.model import Topic
from catalog.reading.boards.firsts import notes_of_first
from catalog.reading.boards.pages import board_url
from catalog.reading.boards.words import caveats
from catalog.reading.results.boards import Row as BoardRow
from catalog.reading.results.claims import RANKABLE
from catalog.reading.results.fetching import measured_on, stamp_rows, stamped
from catalog.reading.results.models import OPEN, Models, models_of
from catalog.reading.results.reading import Measured, Row
from catalog.reading.results.views import view
from catalog.text.dates import in_order, partial_date
from catalog.text.variants import full_name

MAX_BENCHMARKS = 12
MAX_RESULTS = 2_000
"""How many benchmarks of a topic, and how many results on them, are read for its page."""
MAX_CHECKPOINTS = 2_000
"""Among how many checkpoints, those with the newest results, the ones with open weights are looked for."""
TO_THE_MONTH = len("2025-03")
NO_BENCHMARK = "No benchmark in the catalogue measures it yet."
NO_RESULT = "No result at all yet."
NO_DATE = "No result is dated."


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
    the benchmark was reported. `reason` says why no row is first; `open_is_first` that both rows are the same."""

    benchmark: Benchmark
    board: str
    url: str
    first: Best | None
    open: Best | None
    open_is_first: bool
    reason: str
    newest: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What the benchmarks of a topic show. `sentence` says how new its results are; `left_out` is the number of its
    benchmarks that have results and are not among the `shown`."""

    sentence: str
    shown: tuple[Shown, ...] = ()
    left_out: int = 0


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
        return Progress(NO_RESULT if rows else NO_BENCHMARK)
    read = list(_within(MAX_RESULTS, with_results))
    benchmarks = {one.pk: one for one in stamped(_benchmarks(read), read)}
    measured = measured_on(benchmarks.values())
    newest = newest_results(topic)
    models = models_of([*newest, *(row for one in measured.values() for row in one.rows.values())])
    with_open = [row for row in newest if models[row["paper_id"]].weights_of(row["variant"]) == OPEN]
    all_read = bool(with_open) or len(newest) < MAX_CHECKPOINTS
    return Progress(
        sentence(_dates(newest), _dates(with_open), all_read=all_read),
        tuple(_shown(benchmarks[row["pk"]], measured[row["pk"]], models) for row in read),
        len(with_results) - len(read),
    )


def _benchmarks(rows: Iterable[Row]) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(pk__in=[row["pk"] for row in rows]).select_related("reference_protocol")


def newest_results(topic: Topic) -> list[Row]:
    """The checkpoints that were measured on the benchmarks of a topic, each with the date of its newest result and the
    number of those without one, the newest first."""
    results = Result.objects.filter(benchmark__topics=topic, state__in=RANKABLE).order_by()
    dated = results.values("paper_id", "paper__slug", "paper__name", "variant").annotate(
        newest=Max("reported_on"), undated=Count("pk", filter=Q(reported_on=""))
    )
    return list(dated.order_by("-newest", "paper_id", "variant")[:MAX_CHECKPOINTS])


def _dates(rows: Iterable[Row]) -> set[str]:
    """The dates of results, "" if one has none."""
    rows = list(rows)
    return {row["newest"] for row in rows} | ({""} if any(row["undated"] for row in rows) else set())


def sentence(dates: Collection[str], open_dates: Collection[str], *, all_read: bool = True) -> str:
    """How new results are, to the month, from the partial dates of all of them and of those with open weights; "" is
    among them if one is not dated. Unless `all_read`, there may be others with open weights."""
    if not dates:
        return NO_RESULT
    newest, newest_open = max(dates)[:TO_THE_MONTH], max(open_dates, default="")[:TO_THE_MONTH]
    said = f"The newest {'dated ' if '' in dates else ''}result is of {partial_date(newest)}" if newest else NO_DATE
    if not open_dates:
        said = said.removesuffix(".") + "."
        return f"No result with open weights yet. {said}" if all_read else said
    if not newest:
        return said
    if not newest_open:
        return f"{said}. Those with open weights are not dated."
    if in_order(newest, newest_open):
        return f"{said}, with open weights."
    dated = ", as far as results are dated" if "" in open_dates else ""
    return f"No result with open weights since {partial_date(newest_open)}{dated}. {said}."


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
    with_open = next((row for row in ranked if models[row.claim.model].weights_of(row.claim.variant) == OPEN), None)
    return Shown(
        benchmark=benchmark,
        board=" · ".join(filter(None, (largest.key.part, largest.key.split, board.metric.name, largest.key.track))),
        url=board_url(benchmark, largest.key),
        first=_best(ranked[0], measured, notes_of_first(largest, measured)) if ranked else None,
        open=_best(with_open, measured, _notes(with_open, len(ranked))) if with_open else None,
        open_is_first=bool(ranked) and with_open is ranked[0],
        reason=board.reason,
        newest=partial_date(max(claim.reported_on for claim in measured.claims if claim.state in RANKABLE)),
    )


def _best(row: BoardRow, measured: Measured, notes: Iterable[str]) -> Best:
    claim = row.claim
    model = measured.rows[claim.slug]
    return Best(
        full_name(claim.variant, str(model["paper__name"])),
        reverse("catalog:detail", args=[Paper.plural, model["paper__slug"]]),
        f"{claim.number:f}",
        tuple(filter(None, notes)),
    )


def _notes(row: BoardRow, of: int) -> Iterator[str]:
    yield f"place {row.place.text} of {of:,}" if row.place else ""
    yield from caveats(row.claim, row.unknown)
