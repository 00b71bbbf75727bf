"""The page of an entry."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.ledger.history import differences
from catalog.models import Benchmark, Component, Dataset, Paper, Result, Revision, Topic
from catalog.reading.leaderboards import MOST_RESULTS, Standing, boards, protocol, standings
from catalog.reading.lineage import heirs
from catalog.web.fetch import fetch_entry
from catalog.web.log import QUIET
from catalog.web.past import SHOWN_ELSEWHERE, entry_as_of, listed_fields
from catalog.web.sources import marks_of
from catalog.web.values import facts_of, names_in, short

RANKED_SHOWN = 200
SCORECARD_ORDER = ("benchmark__name", "subset", "metric", "variant", "slug")
REFERRING_SHOWN = 100


def entry_detail(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """An entry: every field it has, with its sources, and what refers to it; with ?as_of= as it stood on a day."""
    kind = BY_PLURAL[plural]
    if day := request.GET.get("as_of"):
        return entry_as_of(request, kind, slug, day)
    entry = fetch_entry(request, kind, slug)
    if isinstance(entry, HttpResponse):
        return entry
    revisions = list(Revision.objects.of(kind.name, entry.pk).defer("snapshot"))
    newest = list(Revision.objects.of(kind.name, entry.pk).filter(number__gte=len(revisions) - 1))
    payload = newest[-1].snapshot
    names = names_in(kind, payload)
    if entry.section:
        names["section", entry.section.slug] = str(entry.section)
    only_listed = listed_fields(revisions)
    context: dict[str, Any] = {
        "kind": kind,
        "entry": entry,
        "payload": payload,
        "facts": facts_of(kind, payload, names, only_listed, skip=SKIPPED[kind.name]),
        "marks": {key: marks_of(key, payload["sources"], key in only_listed) for key in payload},
        "revision": newest[-1],
        "changes": last_changes(kind, newest, names),
        "revision_count": len(revisions),
        "contributors": list(dict.fromkeys(revision.contributor for revision in reversed(revisions))),
        **SURROUNDINGS[kind.name](entry),
    }
    if isinstance(entry, Paper):
        context["chain"] = [(role, parts, context["marks"][role.value]) for role, parts in context["chain"]]
    return render(request, [f"kinds/{kind.name}/page.html", "catalog/detail.html"], context)


def last_changes(kind: Kind, newest: list[Revision], names: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """What the newest revision changed, in short lines; nothing for a first revision."""
    if len(newest) < 2:
        return []
    return [
        {
            "label": change.label,
            "before": short(kind, change.field, change.before, names),
            "after": short(kind, change.field, change.after, names),
        }
        for change in sorted(
            differences(kind, newest[0].snapshot, newest[1].snapshot), key=lambda change: change.field in QUIET
        )
        if change.field != "sources"
    ]


def around_paper(entry: Paper) -> dict[str, Any]:
    results = entry.results.select_related("benchmark").order_by(*SCORECARD_ORDER)
    shown = list(results[:MOST_RESULTS])
    headline = [result for result in shown if result.headline]
    places = standings((headline or shown)[:RANKED_SHOWN])
    return {
        "chain": Paper.for_rows(Paper.objects.filter(pk=entry.pk)).get().chain,
        "scores": scorecard(headline or shown, places),
        "more_scores": scorecard([result for result in shown if not result.headline], {}) if headline else [],
        "more_count": len(shown) - len(headline),
        "heirs": heirs(entry),
    }


@dataclass(frozen=True)
class Scored:
    """The results of a model that stand on one board, each with its place there if that board ranks it."""

    benchmark: Benchmark
    label: str
    told: str
    rows: list[tuple[Result, Standing | None]]


def scorecard(results: list[Result], places: dict[int, Standing]) -> list[Scored]:
    """The results by board, in the order they come in; the best of a board stands first."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        groups.setdefault((result.benchmark_id, *protocol(result)), []).append(result)
    return [
        Scored(
            rows[0].benchmark,
            rows[0].subset or rows[0].benchmark.name,
            " · ".join(filter(None, [rows[0].split or "split unstated", rows[0].metric, rows[0].setting])),
            [(row, places.get(row.pk)) for row in sorted(rows, key=lambda row: _by_place(row, places))],
        )
        for rows in groups.values()
    ]


def _by_place(result: Result, places: dict[int, Standing]) -> tuple[int, Decimal, str]:
    place = places.get(result.pk)
    return (place.rank if place else MOST_RESULTS, -result.number, result.slug)


def around_dataset(entry: Dataset) -> dict[str, Any]:
    return {
        "trained": list(Paper.objects.filter(training_rows__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
        "benchmarks": list(Benchmark.objects.filter(foundations__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
    }


def around_benchmark(entry: Benchmark) -> dict[str, Any]:
    results = entry.results.select_related("paper").order_by("-number", "slug")[:MOST_RESULTS]
    return {
        "boards": boards(entry, results),
        "trained": list(Paper.objects.filter(training_rows__benchmark=entry).distinct().newest()[:REFERRING_SHOWN]),
    }


def around_topic(entry: Topic) -> dict[str, Any]:
    related = [
        (kind, list(kind.model.objects.filter(topics=entry).newest()[:REFERRING_SHOWN])) for kind in KINDS.values()
    ]
    return {"related": [(kind, rows) for kind, rows in related if rows]}


def around_component(entry: Component) -> dict[str, Any]:
    used = Paper.for_rows(Paper.objects.filter(parts__component=entry).distinct()).newest()
    return {"built": list(used[:REFERRING_SHOWN]), "heirs": heirs(entry)}


def around_result(entry: Result) -> dict[str, Any]:
    """The other claims for the same model on the same benchmark and metric."""
    same = {"paper_id": entry.paper_id, "benchmark_id": entry.benchmark_id, "metric": entry.metric}
    return {
        "others": list(
            Result.objects.filter(**same).exclude(pk=entry.pk).order_by("variant", "-number", "slug")[:REFERRING_SHOWN]
        )
    }


SURROUNDINGS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "paper": around_paper,
    "dataset": around_dataset,
    "benchmark": around_benchmark,
    "topic": around_topic,
    "component": around_component,
    "result": around_result,
}

SKIPPED: dict[str, set[str]] = {
    "paper": {*SHOWN_ELSEWHERE, "vision_encoders", "language_backbones", "other_encoders", "connectors"},
    "dataset": SHOWN_ELSEWHERE,
    "benchmark": SHOWN_ELSEWHERE,
    "topic": {*SHOWN_ELSEWHERE, "points", "emoji", "key_references"},
    "component": SHOWN_ELSEWHERE,
    "result": SHOWN_ELSEWHERE,
}
