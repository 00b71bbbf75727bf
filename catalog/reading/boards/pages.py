"""Boards on pages: their titles and URLs, the boards of a benchmark to choose from, what is said of their claims."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.vocabulary import find_row
from catalog.models.database import present
from catalog.reading.boards import anchors
from catalog.reading.boards.rows import Described, leaderboard, row_link
from catalog.reading.boards.shown import Links, Pages
from catalog.reading.boards.since import Since, since
from catalog.reading.boards.words import board_title
from catalog.reading.charts.scores import Point
from catalog.reading.exposure.judging import Exposures
from catalog.reading.exposure.words import shown_of
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.claims import Claim
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.models import Models, models_of
from catalog.reading.results.reading import Measured, checkpoint_of
from catalog.reading.results.views import BoardKey, View, key_of, view
from catalog.text.rows import readable_rows
from catalog.text.variants import full_name

KEY = ("part", "split", "track")
"""The parameters that name a board."""
ANY_SLUG = "any-slug"
NO_FILTERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Choice:
    """A board, or a metric, to choose."""

    label: str
    url: str
    count: int
    current: bool


class Descriptions(dict[str, Described]):
    """What a page says of claims besides what they claim, by slug; made when it is asked for, since a page shows a
    hundred rows of ten thousand."""

    def __init__(self, measured: Measured, claims: Iterable[Claim], models: Models, exposures: Exposures) -> None:
        super().__init__()
        self._measured, self._models, self._exposures = measured, models, exposures
        self._claims = {claim.slug: claim for claim in claims}
        self._model_url, self._result_url = _page_url("papers"), _page_url("results")

    def __missing__(self, slug: str) -> Described:
        claim = self._claims[slug]
        row, model = self._measured.rows[slug], self._models[claim.model]
        described = self[slug] = Described(
            model=model.name,
            slug=model.slug,
            url=self._model_url(model.slug),
            result_url=self._result_url(slug),
            printed=row["value"] if row["value"] != f"{claim.number:f}" else "",
            weights=model.weights_of(claim.variant),
            parameters=model.parameters(claim.variant),
            source_url=claim.source_url,
            source_note="; ".join(filter(None, (row["reported_by"], claim.locator))),
            exposure=shown_of(self._exposures, claim, model.name),
        )
        return described


def chart_points(board: Board, models: Models) -> list[Point]:
    """The ranked rows as points of the charts."""
    url, points = _page_url("papers"), []
    for row in board.ranked:
        claim, model = row.claim, models[row.claim.model]
        point = Point(
            full_name(claim.variant, model.name),
            claim.number,
            f"{claim.number:f}",
            model.weights_of(claim.variant),
            claim.reported_on,
            model.parameters(claim.variant),
            url(model.slug),
        )
        points.append(point)
    return points


def _page_url(plural: str) -> Callable[[str], str]:
    """The pages of entries by slug, looked up once: for each row of a large board that takes longer than the board."""
    start, end = reverse("catalog:detail", args=[plural, ANY_SLUG]).split(ANY_SLUG)
    return lambda slug: f"{start}{slug}{end}"


def key_in(query: Mapping[str, Any]) -> BoardKey | None:
    """The board that a query names; None if it names none. An empty value is a name too: `?split=` is the board of the
    results whose split is not stated."""
    if all(query.get(name) is None for name in KEY):
        return None
    return BoardKey(**{name: query.get(name) or "" for name in KEY})


def query_of(shown: View) -> dict[str, str]:
    """The query of exactly this board, whichever is the largest by then."""
    return {**{name: getattr(shown.key, name) for name in KEY}, "metric": shown.board.metric.name}


def feed_url(entry: Benchmark, shown: View) -> str:
    """The feed of a board."""
    return f"{reverse('catalog:leaderboard-feed', args=[entry.slug])}?{urlencode(query_of(shown))}"


def board_url(entry: Benchmark, key: BoardKey, **more: str) -> str:
    """The page of a board."""
    query = {name: value for name in KEY if (value := getattr(key, name))} or {"split": ""}
    return f"{reverse('catalog:leaderboard', args=[entry.slug])}?{urlencode({**query, **more})}"


def tabs(entry: Benchmark, shown: View, filters: Mapping[str, str] = NO_FILTERS) -> list[Choice]:
    """All boards of a benchmark, under the same filters."""
    return [
        Choice(
            _label(tab.key),
            board_url(entry, tab.key, **filters),
            tab.checkpoints,
            tab.key == shown.key,
        )
        for tab in shown.tabs
    ]


def _label(key: BoardKey) -> str:
    """The title of a board with a capital, but for the name of a part."""
    text = board_title(key)
    return text if key.part else text[:1].upper() + text[1:]


def metric_choices(
    entry: Benchmark, measured: Measured, shown: View, filters: Mapping[str, str] = NO_FILTERS
) -> list[Choice]:
    """The metrics of a board, by each of which it can be ranked under the same filters, in the benchmark's order."""
    return [
        Choice(name, board_url(entry, shown.key, metric=name, **filters), 0, name == shown.board.metric.name)
        for name in measured.metrics
        if name in shown.board.metrics
    ]


def links(entry: Benchmark, measured: Measured, shown: View, filters: Mapping[str, str] = NO_FILTERS) -> Links:
    """Where a board leads. The links to its rows are without filters, since those may leave the row out."""
    others = metric_choices(entry, measured, shown, filters)
    here = board_url(entry, shown.key, metric=shown.board.metric.name)
    return Links(here, {choice.label: choice.url for choice in others if not choice.current})


def result_url(entry: Benchmark, result: str) -> str:
    """The row that shows a result, by way of the page that looks for it."""
    return f"{reverse('catalog:leaderboard', args=[entry.slug])}?{urlencode({'result': result})}"


def result_on_board(entry: Benchmark, measured: Measured, result: str) -> str:
    """The URL of the row that shows a result or has it among its claims; "" if the benchmark has no such result."""
    claim = next((claim for claim in measured.claims if claim.slug == result), None)
    if claim is None:
        return ""
    shown = view(measured, key_of(claim), claim.metric)
    here = board_url(entry, shown.key, metric=claim.metric)
    board = shown.board
    for row in board.ranked:
        if _has(row, claim):
            name = anchors.name_of(row, board.ranked, measured.rows[claim.slug]["paper__slug"])
            return row_link(here, name, anchors.ranked_id(name))
    others = (*board.unlike, *board.set_aside)
    of = next((row.claim for row in others if _has(row, claim)), claim)
    return row_link(here, "", anchors.unranked_id(of.slug))


def since_then(entry: Benchmark, then: Measured, board: View) -> tuple[Since, str]:
    """What changed on a board since a past day, on which it was this one, and its URL today, "" if it is gone. Asks for
    what is measured today, in four queries."""
    with present():
        today = Benchmark.objects.select_related("reference_protocol").filter(pk=entry.pk).first()
        measured = measured_on([today])[today.pk] if today else None
    if today is None or measured is None:
        return Since("The benchmark is not in the catalogue any more."), ""
    key = BoardKey(_listed(today.parts, board.key.part), _listed(today.splits, board.key.split), board.key.track)
    metric = _listed(today.metrics, board.board.metric.name)
    now = view(measured, key, metric)
    if now.board.metric.name != metric:
        return Since("Today there is no such board."), reverse("catalog:leaderboard", args=[today.slug])
    url, rows = board_url(today, key, metric=metric), {**then.rows, **measured.rows}

    def link(row: Row) -> str:
        name = anchors.name_of(row, now.board.ranked, rows[row.claim.slug]["paper__slug"])
        return row_link(url, name, anchors.ranked_id(name))

    def name(row: Row) -> str:
        return full_name(row.claim.variant, rows[row.claim.slug]["paper__name"])

    return since(board.board, now.board, name, link), url


def _listed(rows: Any, name: str) -> str:
    """The name that a benchmark lists today for what was called so."""
    row = find_row(readable_rows(rows, "name"), name) if name else None
    return str(row["name"]) if row else name


def _has(row: Row, claim: Claim) -> bool:
    return row.claim.checkpoint == claim.checkpoint and claim in row.cells[claim.metric].claims


def short_leaderboard(entry: Benchmark, measured: Measured, exposures: Exposures, rows: int) -> dict[str, Any]:
    """The largest board of a benchmark with its first rows, for the page of the benchmark."""
    shown = view(measured)
    models = models_of(checkpoint_of(measured.rows[claim.slug]) for claim in shown.claims)
    described = Descriptions(measured, shown.claims, models, exposures)
    return {
        "board": leaderboard(
            shown.board, described, measured.metrics.values(), 0, rows, links=links(entry, measured, shown)
        ),
        "board_title": board_title(shown.key),
        "board_url": board_url(entry, shown.key),
        "pages": Pages(all=board_url(entry, shown.key)),
        "tabs": tabs(entry, shown),
    }
