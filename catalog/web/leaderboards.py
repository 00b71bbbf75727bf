"""The page of a leaderboard: one board of a benchmark, filtered, with its charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.exchange import csv_rows
from catalog.kinds import KINDS
from catalog.listing.fields import printable
from catalog.reading.boards import anchors
from catalog.reading.boards.filters import BoardForm, filtered
from catalog.reading.boards.pages import (
    KEY,
    Descriptions,
    chart_points,
    feed_url,
    key_in,
    links,
    metric_choices,
    query_of,
    result_on_board,
    since_then,
    tabs,
)
from catalog.reading.boards.rows import Described, leaderboard, unstated_results
from catalog.reading.boards.shown import Pages
from catalog.reading.boards.table import HEADER, SOURCE_HEADER, cells
from catalog.reading.boards.words import board_title
from catalog.reading.charts.scores import Chart, against_size, over_time
from catalog.reading.exposure.reading import exposures_on
from catalog.reading.results.boards import Board
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.models import Models, models_of
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import View, view
from catalog.web.as_of import takes_as_of, value_of_day
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.look_back import look_back
from catalog.web.parameters import BadQuery, Notice, bad_query, unknown_parameter_notice, without_ignored

ROWS_ON_PAGE = 100
"""As many as the API gives unless more are requested."""
MOST_FROM_API = 1000
PARAMETERS = frozenset({*BoardForm.base_fields, *KEY, "metric", "page", "row", "result"})
"""The parameters of the page."""


@dataclass(frozen=True)
class Requested:
    """A board as a query asks for it: filtered, with what is said of its claims, and what is wrong with the query.
    `whole` is the board without the filters."""

    entry: Any
    measured: Measured
    query: QueryDict
    view: View
    form: BoardForm
    whole: View
    models: Models
    described: Mapping[str, Described]
    notices: list[Notice]

    @property
    def board(self) -> Board:
        return self.view.board

    @property
    def filters(self) -> dict[str, str]:
        """The filters in use, as the query has them; none if one is in error, since then none is applied."""
        return (
            {} if self.form.errors else {name: str(self.query[name]) for name in self.form.fields if name in self.query}
        )

    @property
    def exact_query(self) -> dict[str, str]:
        """The query of exactly this view, whichever board is the largest by then."""
        return query_of(self.view) | self.filters


def requested(slug: str, given: QueryDict) -> Requested:
    """The board of a benchmark that a query names. Raises as `entry_of`."""
    entry: Any = entry_of(KINDS["benchmark"], slug)
    measured = measured_on([entry])[entry.pk]
    query = board_query(given)
    shown, notices = chosen_view(measured, query)
    models = models_of(measured.rows.checkpoints())
    exposures = exposures_on(entry)
    form = BoardForm(query, models, exposures)
    notices += [unknown_parameter_notice(name, form.base_fields) for name in query if name not in PARAMETERS]
    described = Descriptions(measured, (*shown.claims, *shown.unstated), models, exposures)
    kept = filtered(shown, form, models)
    return Requested(entry, measured, query, kept, form, shown, models, described, notices)


def board_query(given: QueryDict) -> QueryDict:
    """A query without what is ignored. Of the parameters that name a board, an empty value is one: `?split=` is the
    board of the results whose split is not stated."""
    query = without_ignored(given)
    for name in KEY:
        if name in given and name not in query:
            query[name] = ""
    return query


@takes_as_of
@entry_view
def entry_leaderboard(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One board of a benchmark."""
    this = requested(slug, request.GET)
    if url := url_of_result(this, value_of_day(request)):
        return redirect(url)
    index = index_of_row(this)
    number = this.query.get("page") if index is None else index // ROWS_ON_PAGE + 1
    page = Paginator(this.board.ranked, ROWS_ON_PAGE).get_page(number)
    metrics = this.measured.metrics.values()
    there = links(this.entry, this.measured, this.view, this.filters)
    context = {
        "kind": KINDS["benchmark"],
        "entry": this.entry,
        "form": this.form,
        "notices": [*this.notices, *not_found(this, index)],
        "view": this.view,
        "title": board_title(this.view.key),
        "board": leaderboard(this.board, this.described, metrics, page.start_index() - 1, ROWS_ON_PAGE, links=there),
        "tabs": tabs(this.entry, this.view, this.filters),
        "columns": metric_choices(this.entry, this.measured, this.view, this.filters),
        "unstated": unstated_results(this.view, this.described),
        "unstated_count": len(this.view.unstated),
        "charts": charts(this),
        **(changed_since(this) if value_of_day(request) else {"look_back": look_back(this.entry, this.exact_query)}),
        "pages": Pages(
            previous=page_url(this.query, page.previous_page_number()) if page.has_previous() else "",
            next=page_url(this.query, page.next_page_number()) if page.has_next() else "",
        ),
        "filters": this.filters,
        "unfiltered": len(this.whole.board.ranked),
        "unfiltered_url": f"?{urlencode(query_of(this.view))}",
        "csv_url": f"{reverse('catalog:leaderboard-csv', args=[this.entry.slug])}?{urlencode(this.exact_query)}",
        "api_url": f"{reverse('api-board', args=[this.entry.slug])}?{urlencode(api_query(this))}",
        "feed_url": feed_url(this.entry, this.view),
        "board_query": urlencode(query_of(this.view)),
    }
    return render(request, "catalog/leaderboard.html", context)


@takes_as_of
@entry_view
def leaderboard_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The rows of the same board as a CSV file, those without a place too; 400 for a wrong query."""
    this = requested(slug, request.GET)
    if this.notices or this.form.errors:
        wrong = [notice.text for notice in this.notices]
        wrong += [f"{name}: {' '.join(map(str, messages))}" for name, messages in this.form.errors.items()]
        return bad_query(request, BadQuery(" ".join(wrong)))
    text = csv_rows.BYTE_ORDER_MARK + csv_rows.table((*HEADER, *SOURCE_HEADER), cells(this.board, this.described))
    response = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{this.entry.slug}-leaderboard.csv"'
    return response


def changed_since(this: Requested) -> dict[str, Any]:
    """What has changed since the past day of the page, filters aside."""
    since, url = since_then(this.entry, this.measured, this.whole)
    return {"since": since, "now_url": url}


def charts(this: Requested) -> list[Chart]:
    """The scores over time and against size, as far as there are enough."""
    points, metric = chart_points(this.board, this.models), this.board.metric
    both = (
        over_time(points, metric.name, metric.direction),
        against_size(points, metric.name, metric.direction),
    )
    return [chart for chart in both if chart]


def chosen_view(measured: Measured, query: Any) -> tuple[View, list[Notice]]:
    """The board that a query names, or the largest one and a notice."""
    largest = view(measured)
    if not any(name in query for name in (*KEY, "metric")):
        return largest, []
    key = key_in(query)
    metric = query.get("metric", "")
    if key and key not in {largest.key, *(tab.key for tab in largest.tabs)}:
        return largest, [Notice(f"There is no board “{board_title(key)}” here; this is the largest one.")]
    shown = view(measured, key, metric)
    if metric and shown.board.metric.name != metric:
        return shown, [Notice(f"There is no metric “{metric}” here; this is ordered by {shown.board.metric.name}.")]
    return shown, []


def api_query(this: Requested) -> dict[str, str]:
    """The query by which the API answers with the same rows: as many as there are, if it gives so many."""
    rows = min(max(len(this.board.ranked), ROWS_ON_PAGE), MOST_FROM_API)
    return this.exact_query | ({"top": str(rows)} if rows > ROWS_ON_PAGE else {})


def url_of_result(this: Requested, day: str) -> str:
    """The row that shows the result which the query names by `result`, "" without one."""
    result = this.query.get("result")
    found = result_on_board(this.entry, this.measured, result) if result else ""
    if not found or not day:
        return found
    url, _, anchor = found.partition("#")
    return f"{url}&{urlencode({'as_of': day})}#{anchor}"


def index_of_row(this: Requested) -> int | None:
    """Where the row that the query names is among the ranked rows; None without one."""
    name = this.query.get("row")
    if name is None:
        return None
    slugs = {row.claim.slug: str(this.measured.rows[row.claim.slug]["paper__slug"]) for row in this.board.ranked}
    return anchors.index_of(name, this.board.ranked, slugs)


def not_found(this: Requested, index: int | None) -> list[Notice]:
    """Notices of a row or a result that the query names and that is not here."""
    notices = []
    if index is None and (row := this.query.get("row")):
        notices.append(
            Notice(f"There is no row “{printable(row)}” on this board{' with these filters' if this.filters else ''}.")
        )
    if result := this.query.get("result"):
        notices.append(Notice(f"There is no result “{printable(result)}” on {this.entry.name}."))
    return notices


def page_url(query: Any, number: int) -> str:
    """Another page of the same view."""
    other = query.copy()
    other.pop("row", None)
    other["page"] = str(number)
    return f"?{other.urlencode()}"
