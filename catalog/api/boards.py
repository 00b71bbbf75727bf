"""The leaderboards of a benchmark: results ranked only like with like, now or at a past date."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, params, version
from catalog.api.base import ReadView
from catalog.api.conditional import Validators
from catalog.api.envelopes import API, Item, envelope, live, of_ledger
from catalog.api.finding import find
from catalog.api.lists import AS_OF
from catalog.api.operations import BASE
from catalog.api.schema import Component, Operation, listed, record
from catalog.api.shapes import ADDRESS, ENTRIES, MAYBE, NUMBER, TEXT, YES_NO, example
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger import as_of as asof
from catalog.ledger.payloads import with_value
from catalog.models import FacetValue, Revision
from catalog.reading.leaderboards import Board, BoardRow, boards

TOP, MOST = 100, 1000

_BOARD_ROW = record(
    rank={"type": ["integer", "null"]},
    rival={**YES_NO, "description": "The board holds another value for the same model and variant."},
    paper=MAYBE,
    name=TEXT,
    variant=MAYBE,
    value=TEXT,
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
        ranked=YES_NO,
        size=NUMBER,
        rows=listed(_BOARD_ROW),
    ),
)

BOARD_INDEX = Operation(
    "list_leaderboards",
    "leaderboards",
    "The benchmarks that have results",
    answer=record(results=listed(record(benchmark=TEXT, name=TEXT, results=NUMBER, url=ADDRESS))),
    example={"results": [{"benchmark": "mmmu", "name": "MMMU", "results": 12, "url": f"{BASE}/leaderboards/mmmu/"}]},
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

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request)

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        rows = FacetValue.objects.filter(kind="result", facet="benchmark").values_list("value", "label")
        counted = rows.annotate(results=Count("pk")).order_by("-results", "value")
        base = f"{settings.SITE_URL}{API}/leaderboards"
        told = [
            {"benchmark": slug, "name": name, "results": number, "url": f"{base}/{slug}/"}
            for slug, name, number in counted
        ]
        return Response({"results": told})


class Boards(ReadView):
    """The boards of one benchmark, the fullest ranked ones first."""

    operations = {"get": BOARDS}
    params = (AS_OF, params.integer("top", f"Rows of a board, up to {MOST}.", 1, MOST, default=TOP))

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        at = values["as_of"]
        item = find(request, KINDS["benchmark"], kwargs["slug"], at)
        found, envelopes = standing(item, at) if at else present(item)
        benchmark = Benchmark(pk=item.entry_id, slug=item.slug, metrics=item.payload.get("metrics", []))
        told = [board(one, envelopes, values["top"]) for one in boards(benchmark, found)]
        return Response({"benchmark": envelope(item), "boards": told})


def present(item: Item) -> tuple[list[Result], dict[int, Item]]:
    """The live results of a benchmark, and their items by key."""
    rows = Result.objects.filter(benchmark_id=item.entry_id).select_related("paper")
    whole = live(KINDS["result"], "benchmark_id", [item.entry_id])
    return list(rows), {one.entry_id: one for one in whole}


def standing(item: Item, at: datetime) -> tuple[list[Result], dict[int, Item]]:
    """The results of a benchmark as they stood, and their items by key; they may name it by a former address."""
    history = Revision.objects.filter(kind="benchmark", entry_id=item.entry_id)
    slugs = set(history.values_list("slug", flat=True))
    named = Q()
    for slug in sorted(slugs):
        named |= with_value(KINDS["result"], "benchmark", slug)
    rows = asof.current_revisions(at, kind=KINDS["result"]).filter(named)
    whole = of_ledger(rows)
    found: list[Any] = asof.entries(KINDS["result"], list(rows), at)
    return found, {one.entry_id: one for one in whole}


def board(one: Board, envelopes: dict[int, Item], top: int) -> dict[str, Any]:
    """A board with its first rows."""
    return {
        "subset": one.subset,
        "split": one.split,
        "metric": one.metric,
        "setting": one.setting,
        "direction": one.direction or None,
        "ranked": one.ranked,
        "size": len(one.rows),
        "rows": [row(each, envelopes) for each in one.rows[:top] if each.result.pk in envelopes],
    }


def row(each: BoardRow, envelopes: dict[int, Item]) -> dict[str, Any]:
    """A result in its place."""
    paper: Paper | None = each.result.paper  # a result of a past date may name a model that cannot be found
    return {
        "rank": each.rank,
        "rival": each.rival,
        "paper": paper.slug if paper else None,
        "name": paper.name if paper else "",
        "variant": each.result.variant or each.result.variant_inferred or None,
        "value": each.result.value,
        "result": envelope(envelopes[each.result.pk]),
    }
