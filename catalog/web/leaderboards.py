"""The page of a leaderboard: one board of a benchmark, filtered, with its charts."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import MeasuredBy, Verification
from catalog.models import SourceClass
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.claims import Claim
from catalog.reading.results.models import Model, models_by_id
from catalog.reading.results.reading import Measured, measured_on
from catalog.reading.results.scopes import Scope, View, view
from catalog.web.as_of import takes_as_of
from catalog.web.boards.rows import Described, chart_points, leaderboard
from catalog.web.boards.shown import Leaderboard
from catalog.web.charts.scores import against_size, over_time
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.parameters import Notice, unknown_parameter_notice, without_ignored

ROWS_ON_PAGE = 100
SCOPE = ("part", "split", "track")
AS_REPORTED = "As reported"

Models = dict[int, Model]


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
    stated = forms.BooleanField(required=False, label="Fully stated only")

    def __init__(self, data: Any, models: Models) -> None:
        super().__init__(data)
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
            and (not wanted["stated"] or not row.unknown)
        )


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "Any"), *sorted(labels.items(), key=lambda item: item[1].casefold())]


@dataclass(frozen=True)
class Choice:
    """A board, or a metric, to choose."""

    label: str
    url: str
    count: int
    current: bool


@takes_as_of
@entry_view
def entry_leaderboard(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One board of a benchmark."""
    entry: Any = entry_of(KINDS["benchmark"], slug)
    measured = measured_on([entry])[entry.pk]
    query = without_ignored(request.GET)
    shown, notices = chosen_view(measured, query)
    models = models_by_id({claim.model for claim in (*shown.claims, *shown.unstated)})
    form = BoardForm(query, models)
    notices += [unknown_parameter_notice(name, form.base_fields) for name in query if name not in known(form)]
    board = filtered(shown.board, form, models)
    described = descriptions(measured, (*shown.claims, *shown.unstated), models)
    page = Paginator(board.ranked, ROWS_ON_PAGE).get_page(query.get("page"))
    points = chart_points(board, described)
    metric = board.metric
    context = {
        "kind": KINDS["benchmark"],
        "entry": entry,
        "form": form,
        "notices": notices,
        "view": shown,
        "title": title(shown.scope),
        "board": leaderboard(board, described, measured.metrics.values(), page.start_index() - 1, ROWS_ON_PAGE),
        "tabs": tabs(entry, shown),
        "columns": metric_choices(entry, shown, query),
        "unstated": [(claim, described[claim.slug]) for claim in shown.unstated],
        "charts": [
            chart
            for chart in (
                over_time(points, metric.name, metric.direction),
                against_size(points, metric.name, metric.direction),
            )
            if chart
        ],
        "page": page,
        "previous_url": page_url(query, page.previous_page_number()) if page.has_previous() else "",
        "next_url": page_url(query, page.next_page_number()) if page.has_next() else "",
        "api_url": f"{reverse('api-board', args=[entry.slug])}?{urlencode(query_of(shown))}",
    }
    return render(request, "catalog/leaderboard.html", context)


def known(form: BoardForm) -> set[str]:
    """The parameters of the page."""
    return {*form.base_fields, *SCOPE, "metric", "page"}


def chosen_view(measured: Measured, query: Any) -> tuple[View, list[Notice]]:
    """The board that a query names, or the largest one and a notice."""
    largest = view(measured)
    if not any(name in query for name in (*SCOPE, "metric")):
        return largest, []
    scope = Scope(**{name: query.get(name, "") for name in SCOPE}) if any(name in query for name in SCOPE) else None
    metric = query.get("metric", "")
    if scope and scope not in {tab.scope for tab in largest.tabs}:
        return largest, [Notice(f"There is no board “{title(scope)}” here; this is the largest one.")]
    shown = view(measured, scope, metric)
    if metric and shown.board.metric.name != metric:
        return shown, [Notice(f"There is no metric “{metric}” here; this is ordered by {shown.board.metric.name}.")]
    return shown, []


def title(scope: Scope) -> str:
    """What the rows of a board share, in words."""
    return ", ".join(filter(None, (scope.part, scope.split or "split not stated", scope.track or AS_REPORTED.lower())))


def filtered(board: Board, form: BoardForm, models: Models) -> Board:
    """The rows that the filters leave; all of them if a filter is in error."""
    if not form.is_valid() or not any(form.cleaned_data.values()):
        return board
    return replace(
        board,
        **{
            name: tuple(row for row in getattr(board, name) if form.keeps(row, models[row.claim.model]))  # type: ignore[index]
            for name in ("ranked", "unlike", "set_aside", "without")
        },
    )


def descriptions(measured: Measured, claims: tuple[Claim, ...], models: Models) -> dict[str, Described]:
    """What a page says of claims besides what they claim, by slug."""
    described = {}
    for claim in claims:
        row, model = measured.rows[claim.slug], models[claim.model]  # type: ignore[index]
        described[claim.slug] = Described(
            model=model.name,
            url=reverse("catalog:detail", args=["papers", model.slug]),
            result_url=reverse("catalog:detail", args=["results", claim.slug]),
            printed=row["value"] if row["value"] != f"{claim.number:f}" else "",
            weights=model.weights_of(claim.variant),
            parameters=model.parameters(claim.variant),
            source_url=claim.source_url,
            source_note=claim.locator,
        )
    return described


def query_of(shown: View) -> dict[str, str]:
    """The query that leads to a board."""
    scope = shown.scope
    return {"part": scope.part, "split": scope.split, "track": scope.track, "metric": shown.board.metric.name}


def board_url(entry: Benchmark, scope: Scope, **more: str) -> str:
    """The page of a board."""
    query = {name: value for name in SCOPE if (value := getattr(scope, name))} or {"split": ""}
    return f"{reverse('catalog:leaderboard', args=[entry.slug])}?{urlencode({**query, **more})}"


def tabs(entry: Benchmark, shown: View) -> list[Choice]:
    """All boards of a benchmark."""
    return [
        Choice(
            title(tab.scope).capitalize() if not tab.scope.part else title(tab.scope),
            board_url(entry, tab.scope),
            tab.checkpoints,
            tab.scope == shown.scope,
        )
        for tab in shown.tabs
    ]


def metric_choices(entry: Benchmark, shown: View, query: Any) -> list[Choice]:
    """The metrics of a board, by each of which it can be ranked."""
    return [
        Choice(name, board_url(entry, shown.scope, metric=name), 0, name == shown.board.metric.name)
        for name in shown.metrics
    ]


def page_url(query: Any, number: int) -> str:
    """Another page of the same view."""
    other = query.copy()
    other["page"] = str(number)
    return f"?{other.urlencode()}"


def short_leaderboard(entry: Benchmark, measured: Measured, rows: int) -> dict[str, Any]:
    """The largest board of a benchmark with its first rows, for the page of the benchmark."""
    shown = view(measured)
    models = models_by_id({claim.model for claim in shown.claims})
    described = descriptions(measured, shown.claims, models)
    return {
        "board": leaderboard(shown.board, described, measured.metrics.values(), 0, rows),
        "board_title": title(shown.scope),
        "board_url": board_url(entry, shown.scope),
        "tabs": tabs(entry, shown),
    }
