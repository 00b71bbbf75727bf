"""Context of a paper's page: components, results by board, descendants."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.reading.leaderboards import MAX_RESULTS, Rank, protocol, ranks_of
from catalog.reading.lineage import descendants
from catalog.reading.pages import Sources

RANKED_SHOWN = 200
SCORECARD_ORDER = ("benchmark__name", "subset", "metric", "variant", "slug")


def surroundings(entry: Paper, sources: Sources) -> dict[str, Any]:
    paper: Paper = Paper.for_rows(Paper.objects.filter(pk=entry.pk)).get()
    results = entry.results.select_related("benchmark").order_by(*SCORECARD_ORDER)
    shown = list(results[:MAX_RESULTS])
    headline = [result for result in shown if result.headline]
    ranks = ranks_of((headline or shown)[:RANKED_SHOWN])
    return {
        "chain": [(role, parts, sources[role.value]) for role, parts in paper.chain],
        "scores": scorecard(headline or shown, ranks),
        "more_scores": scorecard([result for result in shown if not result.headline], {}) if headline else [],
        "more_count": len(shown) - len(headline),
        "same_paper": paper.naming_same_paper,
        "descendants": descendants(entry),
    }


@dataclass(frozen=True)
class BoardScores:
    """The results of a model on one board, each with its rank if the board ranks it."""

    benchmark: Benchmark
    label: str
    protocol: str
    rows: list[tuple[Result, Rank | None]]


def scorecard(results: list[Result], ranks: dict[int, Rank]) -> list[BoardScores]:
    """The results by board, boards in the order of their first result; the best of a board comes first."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        groups.setdefault((result.benchmark_id, *protocol(result)), []).append(result)
    return [
        BoardScores(
            rows[0].benchmark,
            rows[0].subset or rows[0].benchmark.name,
            " · ".join(filter(None, [rows[0].split or "split unstated", rows[0].metric, rows[0].setting])),
            [(row, ranks.get(row.pk)) for row in sorted(rows, key=lambda row: _by_rank(row, ranks))],
        )
        for rows in groups.values()
    ]


def _by_rank(result: Result, ranks: dict[int, Rank]) -> tuple[int, Decimal, str]:
    place = ranks.get(result.pk)
    return (place.rank if place else MAX_RESULTS, -result.number, result.slug)
