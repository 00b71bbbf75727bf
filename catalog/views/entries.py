"""The page of an entry."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.history import LIST_ACCOUNT, differences
from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.leaderboards import boards
from catalog.lineage import heirs
from catalog.models import Benchmark, Component, Dataset, Paper, Result, Revision, Topic
from catalog.views.fetch import fetch_entry
from catalog.views.values import facts_of, marks_of, names_in, short

RESULTS_SHOWN = 1000
SCORECARD_ORDER = ("benchmark__name", "subset", "metric", "variant", "slug")
REFERRING_SHOWN = 100


def entry_detail(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """An entry: every field it has, with its sources, and what refers to it."""
    kind = BY_PLURAL[plural]
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
    return render(request, [f"catalog/{kind.name}.html", "catalog/detail.html"], context)


def listed_fields(revisions: list[Revision]) -> set[str]:
    """The fields that nobody but the list has ever set: `revisions` is the whole history, oldest first."""
    last = {field: revision.contributor for revision in revisions for field in revision.changed}
    return {field for field, contributor in last.items() if contributor == LIST_ACCOUNT}


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
        for change in differences(kind, newest[0].snapshot, newest[1].snapshot)
        if change.field != "sources"
    ]


def around_paper(entry: Paper) -> dict[str, Any]:
    results = entry.results.select_related("benchmark").order_by(
        "benchmark__name", "subset", "metric", "variant", "slug"
    )
    shown = list(results[:RESULTS_SHOWN])
    headline = [result for result in shown if result.headline]
    return {
        "chain": Paper.objects.prefetch_related("parts__component").get(pk=entry.pk).chain,
        "results": headline or shown,
        "more_results": [result for result in shown if not result.headline] if headline else [],
        "heirs": heirs(entry),
    }


def around_dataset(entry: Dataset) -> dict[str, Any]:
    return {
        "trained": list(Paper.objects.filter(training_rows__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
        "benchmarks": list(Benchmark.objects.filter(foundations__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
    }


def around_benchmark(entry: Benchmark) -> dict[str, Any]:
    results = entry.results.select_related("paper").order_by("-number", "slug")[:RESULTS_SHOWN]
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
    used = Paper.objects.filter(parts__component=entry).distinct().prefetch_related("parts__component").newest()
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

SHOWN_ELSEWHERE = {"name", "summary", "notes", "sources", "links"}
SKIPPED: dict[str, set[str]] = {
    "paper": {*SHOWN_ELSEWHERE, "vision_encoders", "language_backbones", "other_encoders", "connectors"},
    "dataset": SHOWN_ELSEWHERE,
    "benchmark": SHOWN_ELSEWHERE,
    "topic": {*SHOWN_ELSEWHERE, "points", "emoji", "key_references"},
    "component": SHOWN_ELSEWHERE,
    "result": SHOWN_ELSEWHERE,
}
