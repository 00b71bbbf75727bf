"""Leaderboards of a benchmark, now or at a past date."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, params, version
from catalog.api.base import ReadView
from catalog.api.conditional import Validators
from catalog.api.envelopes import API, EntryAtRevision, entries_of_revisions, envelope, live_entries
from catalog.api.finding import find
from catalog.api.lists import AS_OF
from catalog.api.operations import EXAMPLE_BASE_URL
from catalog.api.past import catalogue_of
from catalog.api.schema import Component, Operation, listed, record
from catalog.api.shapes import BOOLEAN, ENTRIES, NULLABLE_TEXT, NUMBER, SOURCE_CLASS, TEXT, URL, example
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger import as_of
from catalog.ledger.payloads import with_value
from catalog.models import FacetValue, Revision
from catalog.reading.leaderboards import Board, BoardRow, boards
from catalog.reading.sources import address_of_value, class_of_address

DEFAULT_TOP, MAX_TOP = 100, 1000

_BOARD_ROW = record(
    rank={"type": ["integer", "null"]},
    rival={**BOOLEAN, "description": "The board holds another value for the same model and variant."},
    paper=NULLABLE_TEXT,
    name=TEXT,
    variant=NULLABLE_TEXT,
    value=TEXT,
    source_class=SOURCE_CLASS,
    result=ENTRIES["result"],
)
_BOARD = Component(
    "Board",
    record(
        subset=TEXT,
        split=TEXT,
        metric=TEXT,
        setting=TEXT,
        direction={"type": ["string", "null"], "enum": ["higher", "lower", None]},
        ranked=BOOLEAN,
        size=NUMBER,
        rows=listed(_BOARD_ROW),
    ),
)

BOARD_INDEX = Operation(
    "list_leaderboards",
    "leaderboards",
    "The benchmarks that have results",
    answer=record(results=listed(record(benchmark=TEXT, name=TEXT, results=NUMBER, url=URL))),
    example={
        "results": [
            {"benchmark": "mmmu", "name": "MMMU", "results": 12, "url": f"{EXAMPLE_BASE_URL}/leaderboards/mmmu/"}
        ]
    },
    problems=(503,),
)

BOARDS = Operation(
    "read_leaderboards",
    "leaderboards",
    "The leaderboards of one benchmark",
    "Results are ranked only like with like: same part, split, metric and protocol. A board without a stated split or "
    "a known direction is shown and not ranked.",
    answer=record(benchmark=ENTRIES["benchmark"], boards=listed(_BOARD)),
    example={"benchmark": {**example(KINDS["benchmark"]), "slug": "mmmu", "fields": {"name": "MMMU"}}, "boards": []},
    problems=(308, 404, 410),
)


class BoardIndex(ReadView):
    """The benchmarks that have results."""

    operations = {"get": BOARD_INDEX}
    params = (AS_OF,)

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        rows = FacetValue.objects.filter(kind="result", facet="benchmark").values_list("value", "label")
        with catalogue_of(values["as_of"]):
            benchmark_counts = list(rows.annotate(results=Count("pk")).order_by("-results", "value"))
        base = f"{settings.SITE_URL}{API}/leaderboards"
        benchmarks = [
            {"benchmark": slug, "name": name, "results": number, "url": f"{base}/{slug}/"}
            for slug, name, number in benchmark_counts
        ]
        return Response({"results": benchmarks})


class Boards(ReadView):
    """The boards of one benchmark, ranked boards with the most rows first."""

    operations = {"get": BOARDS}
    params = (AS_OF, params.integer("top", f"Rows of a board, up to {MAX_TOP}.", 1, MAX_TOP, default=DEFAULT_TOP))

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        at = values["as_of"]
        entry = find(request, KINDS["benchmark"], kwargs["slug"], at)
        results, envelopes = past_results(entry, at) if at else live_results(entry)
        benchmark = Benchmark(pk=entry.entry_id, slug=entry.slug, metrics=entry.payload.get("metrics", []))
        represented_boards = [represent_board(board, envelopes, values["top"]) for board in boards(benchmark, results)]
        return Response({"benchmark": envelope(entry), "boards": represented_boards})


def live_results(entry: EntryAtRevision) -> tuple[list[Result], dict[int, EntryAtRevision]]:
    """Return the live results of a benchmark, and their entries at the current revision by primary key."""
    rows = Result.objects.filter(benchmark_id=entry.entry_id).select_related("paper")
    result_entries = live_entries(KINDS["result"], "benchmark_id", [entry.entry_id])
    return list(rows), {result.entry_id: result for result in result_entries}


def past_results(entry: EntryAtRevision, at: datetime) -> tuple[list[Result], dict[int, EntryAtRevision]]:
    """Return the results of a benchmark at a past time, and their entries at that revision by primary key.

    A result may refer to the benchmark by a former slug.
    """
    history = Revision.objects.filter(kind="benchmark", entry_id=entry.entry_id)
    slugs = set(history.values_list("slug", flat=True))
    names_benchmark = Q()
    for slug in sorted(slugs):
        names_benchmark |= with_value(KINDS["result"], "benchmark", slug)
    rows = as_of.current_revisions(at, kind=KINDS["result"]).filter(names_benchmark)
    result_entries = entries_of_revisions(rows)
    results: list[Any] = as_of.entries(KINDS["result"], list(rows), at)
    return results, {result.entry_id: result for result in result_entries}


def represent_board(board: Board, envelopes: dict[int, EntryAtRevision], top: int) -> dict[str, Any]:
    """Represent a board with its first `top` rows."""
    return {
        "subset": board.subset,
        "split": board.split,
        "metric": board.metric,
        "setting": board.setting,
        "direction": board.direction or None,
        "ranked": board.ranked,
        "size": len(board.rows),
        "rows": [
            represent_row(board_row, envelopes) for board_row in board.rows[:top] if board_row.result.pk in envelopes
        ],
    }


def _address(result: Result) -> Any:
    """The address that the value was read at."""
    return address_of_value("value", result.source_url, result.sources)


def represent_row(board_row: BoardRow, envelopes: dict[int, EntryAtRevision]) -> dict[str, Any]:
    """Represent one row of a board."""
    paper: Paper | None = board_row.result.paper  # a past result may name a model that no longer resolves
    return {
        "rank": board_row.rank,
        "rival": board_row.rival,
        "paper": paper.slug if paper else None,
        "name": paper.name if paper else "",
        "variant": board_row.result.variant or board_row.result.variant_inferred or None,
        "value": board_row.result.value,
        "source_class": class_of_address(_address(board_row.result), board_row.result.sources),
        "result": envelope(envelopes[board_row.result.pk]),
    }
