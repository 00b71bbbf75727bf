"""Boards on pages: their titles and URLs, the boards of a benchmark to choose from, what is said of their claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.boards.rows import Described, leaderboard
from catalog.reading.boards.shown import Pages
from catalog.reading.exposure.judging import Exposures
from catalog.reading.exposure.words import shown_of
from catalog.reading.results.claims import Claim
from catalog.reading.results.models import Models, models_of
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, View, view

KEY = ("part", "split", "track")
"""The parameters that name a board."""
AS_REPORTED = "as reported"


@dataclass(frozen=True)
class Choice:
    """A board, or a metric, to choose."""

    label: str
    url: str
    count: int
    current: bool


def title(key: BoardKey) -> str:
    """What the rows of a board share, in words."""
    return ", ".join(filter(None, (key.part, key.split or "split not stated", key.track or AS_REPORTED)))


def descriptions(
    measured: Measured, claims: Iterable[Claim], models: Models, exposures: Exposures
) -> dict[str, Described]:
    """What a page says of claims besides what they claim, by slug."""
    described = {}
    for claim in claims:
        row, model = measured.rows[claim.slug], models[claim.model]
        described[claim.slug] = Described(
            model=model.name,
            url=reverse("catalog:detail", args=["papers", model.slug]),
            result_url=reverse("catalog:detail", args=["results", claim.slug]),
            printed=row["value"] if row["value"] != f"{claim.number:f}" else "",
            weights=model.weights_of(claim.variant),
            parameters=model.parameters(claim.variant),
            source_url=claim.source_url,
            source_note="; ".join(filter(None, (row["reported_by"], claim.locator))),
            exposure=shown_of(exposures, claim.model, claim.variant, model.name),
        )
    return described


def board_url(entry: Benchmark, key: BoardKey, **more: str) -> str:
    """The page of a board."""
    query = {name: value for name in KEY if (value := getattr(key, name))} or {"split": ""}
    return f"{reverse('catalog:leaderboard', args=[entry.slug])}?{urlencode({**query, **more})}"


def tabs(entry: Benchmark, shown: View) -> list[Choice]:
    """All boards of a benchmark."""
    return [
        Choice(
            title(tab.key).capitalize() if not tab.key.part else title(tab.key),
            board_url(entry, tab.key),
            tab.checkpoints,
            tab.key == shown.key,
        )
        for tab in shown.tabs
    ]


def metric_choices(entry: Benchmark, measured: Measured, shown: View) -> list[Choice]:
    """The metrics of a board, by each of which it can be ranked, in the order of the benchmark."""
    return [
        Choice(name, board_url(entry, shown.key, metric=name), 0, name == shown.board.metric.name)
        for name in measured.metrics
        if name in shown.board.metrics
    ]


def short_leaderboard(entry: Benchmark, measured: Measured, exposures: Exposures, rows: int) -> dict[str, Any]:
    """The largest board of a benchmark with its first rows, for the page of the benchmark."""
    shown = view(measured)
    models = models_of([measured.rows[claim.slug] for claim in shown.claims])
    described = descriptions(measured, shown.claims, models, exposures)
    return {
        "board": leaderboard(shown.board, described, measured.metrics.values(), 0, rows),
        "board_title": title(shown.key),
        "board_url": board_url(entry, shown.key),
        "pages": Pages(all=board_url(entry, shown.key)),
        "tabs": tabs(entry, shown),
    }
