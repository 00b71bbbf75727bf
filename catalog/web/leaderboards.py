"""The page of a leaderboard: one board of a benchmark, filtered, with its charts."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from catalog.exchange import csv_rows
from catalog.kinds import KINDS
from catalog.kinds.result.model import MeasuredBy, Verification
from catalog.models import SourceClass
from catalog.reading.boards.pages import KEY, descriptions, metric_choices, tabs, title
from catalog.reading.boards.rows import Described, chart_points, leaderboard, unstated_results
from catalog.reading.boards.shown import Pages
from catalog.reading.boards.table import HEADER, SOURCE_HEADER, cells
from catalog.reading.charts.scores import Chart, against_size, over_time
from catalog.reading.exposure.judging import Exposures, Verdict
from catalog.reading.exposure.reading import exposures_on
from catalog.reading.exposure.words import LABELS
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.models import Model, Models, models_of
from catalog.reading.results.reading import Measured, measured_on
from catalog.reading.results.views import BoardKey, View, view
from catalog.web.as_of import takes_as_of
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.parameters import BadQuery, Notice, bad_query, unknown_parameter_notice, without_ignored

ROWS_ON_PAGE = 100
NOT_EXPOSED = "not-known"
EXPOSURE_FILTERS = {
    **{verdict.value: (verdict,) for verdict in Verdict},
    NOT_EXPOSED: (Verdict.STATED_CLEAN, Verdict.UNKNOWN),
}
EXPOSURE_CHOICES = [
    ("", "Any"),
    *((verdict.value, LABELS[verdict].capitalize()) for verdict in Verdict),
    (NOT_EXPOSED, "Not known to be exposed"),
]


class BoardForm(forms.Form):
    """The filters of a board. They leave rows out and change no place."""

    weights = forms.ChoiceField(choices=[("", "All"), ("open", "Open")], required=False)
    parameters = forms.DecimalField(required=False, min_value=0, max_value=10**5, label="Parameters, up to (billion)")
    year = forms.IntegerField(required=False, min_value=2000, max_value=2100, label="Released since")
    organisation = forms.ChoiceField(required=False)
    built_on = forms.ChoiceField(required=False, label="Built on")
    measured = forms.ChoiceField(choices=[("", "Anybody"), *MeasuredBy.choices], required=False, label="Measured by")
    source = forms.ChoiceField(choices=[("", "Any"), *SourceClass.choices], required=False)
    verification = forms.ChoiceField(choices=[("", "Any"), *Verification.choices], required=False)
    exposure = forms.ChoiceField(choices=EXPOSURE_CHOICES, required=False)
    stated = forms.BooleanField(required=False, label="Fully stated only")

    def __init__(self, data: Any, models: Models, exposures: Exposures) -> None:
        super().__init__(data)
        self.exposures = exposures
        organisations = {value: label for model in models.values() for value, label in model.organisations.items()}
        built_on = {value: label for model in models.values() for value, label in model.built_on.items()}
        self.fields["organisation"].choices = _choices(organisations)  # type: ignore[attr-defined]
        self.fields["built_on"].choices = _choices(built_on)  # type: ignore[attr-defined]

    def keeps(self, row: Row, model: Model) -> bool:
        """Whether the filters leave a row on the board. What is not known of it passes no filter."""
        wanted, claim = self.cleaned_data, row.claim
        size = model.parameters(claim.variant)
        return (
            (not wanted["weights"] or model.weights_of(claim.variant) == wanted["weights"])
            and (wanted["parameters"] is None or (size is not None and size <= wanted["parameters"] * 10**9))
            and (not wanted["year"] or model.released[:4] >= str(wanted["year"]))
            and (not wanted["organisation"] or wanted["organisation"] in model.organisations)
            and (not wanted["built_on"] or wanted["built_on"] in model.built_on)
            and (not wanted["measured"] or claim.measured_by == wanted["measured"])
            and (not wanted["source"] or claim.source_class == wanted["source"])
            and (not wanted["verification"] or claim.verification == wanted["verification"])
            and (not wanted["exposure"] or self.verdict(row, model) in EXPOSURE_FILTERS[wanted["exposure"]])
            and (not wanted["stated"] or not row.unknown)
        )

    def verdict(self, row: Row, model: Model) -> Verdict:
        """What is known of a row's exposure to the benchmark."""
        return self.exposures.of(row.claim.model, row.claim.variant, model.name).verdict


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "Any"), *sorted(labels.items(), key=lambda item: item[1].casefold())]


@dataclass(frozen=True)
class Requested:
    """A board as a query asks for it: filtered, with what is said of its claims, and what is wrong with the query."""

    entry: Any
    measured: Measured
    query: QueryDict
    view: View
    form: BoardForm
    board: Board
    described: dict[str, Described]
    notices: list[Notice]


def requested(slug: str, given: QueryDict) -> Requested:
    """The board of a benchmark that a query names. Raises as `entry_of`."""
    entry: Any = entry_of(KINDS["benchmark"], slug)
    measured = measured_on([entry])[entry.pk]
    query = board_query(given)
    shown, notices = chosen_view(measured, query)
    models = models_of([measured.rows[claim.slug] for claim in (*shown.claims, *shown.unstated)])
    exposures = exposures_on(entry)
    form = BoardForm(query, models, exposures)
    notices += [unknown_parameter_notice(name, form.base_fields) for name in query if name not in known(form)]
    board = filtered(shown.board, form, models)
    described = descriptions(measured, (*shown.claims, *shown.unstated), models, exposures)
    return Requested(entry, measured, query, shown, form, board, described, notices)


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
    page = Paginator(this.board.ranked, ROWS_ON_PAGE).get_page(this.query.get("page"))
    metrics = this.measured.metrics.values()
    context = {
        "kind": KINDS["benchmark"],
        "entry": this.entry,
        "form": this.form,
        "notices": this.notices,
        "view": this.view,
        "title": title(this.view.key),
        "board": leaderboard(this.board, this.described, metrics, page.start_index() - 1, ROWS_ON_PAGE),
        "tabs": tabs(this.entry, this.view),
        "columns": metric_choices(this.entry, this.measured, this.view),
        "unstated": unstated_results(this.view, this.described),
        "unstated_count": len(this.view.unstated),
        "charts": charts(this),
        "pages": Pages(
            previous=page_url(this.query, page.previous_page_number()) if page.has_previous() else "",
            next=page_url(this.query, page.next_page_number()) if page.has_next() else "",
        ),
        "csv_url": f"{reverse('catalog:leaderboard-csv', args=[this.entry.slug])}?{this.query.urlencode()}",
        "api_url": f"{reverse('api-board', args=[this.entry.slug])}?{urlencode(query_of(this.view))}",
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
    text = csv_rows.table((*HEADER, *SOURCE_HEADER), cells(this.board, this.described))
    response = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{this.entry.slug}-leaderboard.csv"'
    return response


def charts(this: Requested) -> list[Chart]:
    """The scores over time and against size, as far as there are enough."""
    points, metric = chart_points(this.board, this.described), this.board.metric
    both = (
        over_time(points, metric.name, metric.direction),
        against_size(points, metric.name, metric.direction),
    )
    return [chart for chart in both if chart]


def known(form: BoardForm) -> set[str]:
    """The parameters of the page."""
    return {*form.base_fields, *KEY, "metric", "page"}


def chosen_view(measured: Measured, query: Any) -> tuple[View, list[Notice]]:
    """The board that a query names, or the largest one and a notice."""
    largest = view(measured)
    if not any(name in query for name in (*KEY, "metric")):
        return largest, []
    key = BoardKey(**{name: query.get(name, "") for name in KEY}) if any(name in query for name in KEY) else None
    metric = query.get("metric", "")
    if key and key not in {largest.key, *(tab.key for tab in largest.tabs)}:
        return largest, [Notice(f"There is no board “{title(key)}” here; this is the largest one.")]
    shown = view(measured, key, metric)
    if metric and shown.board.metric.name != metric:
        return shown, [Notice(f"There is no metric “{metric}” here; this is ordered by {shown.board.metric.name}.")]
    return shown, []


def filtered(board: Board, form: BoardForm, models: Models) -> Board:
    """The rows that the filters leave; all of them if a filter is in error."""
    if not form.is_valid() or not any(form.cleaned_data.values()):
        return board

    def kept(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if form.keeps(row, models[row.claim.model]))

    return replace(
        board,
        ranked=kept(board.ranked),
        unlike=kept(board.unlike),
        set_aside=kept(board.set_aside),
        without=kept(board.without),
    )


def query_of(shown: View) -> dict[str, str]:
    """The query that leads to a board."""
    key = shown.key
    return {"part": key.part, "split": key.split, "track": key.track, "metric": shown.board.metric.name}


def page_url(query: Any, number: int) -> str:
    """Another page of the same view."""
    other = query.copy()
    other["page"] = str(number)
    return f"?{other.urlencode()}"
