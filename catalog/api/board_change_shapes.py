"""How the API and webhooks represent what changed a board."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from catalog.api.board_shapes import NUMBER_TEXT, ROW, key_values, represent_place
from catalog.api.envelopes import API, api_url, page_url
from catalog.api.schema import Component, record
from catalog.api.shapes import BOOLEAN, NULLABLE_TEXT, NUMBER, TEXT, TIME, URL
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.models import Revision, RevisionAction
from catalog.reading.boards.change_sentences import change_sentence
from catalog.reading.results.board_changes import Standing
from catalog.reading.results.board_news import BoardEffect, BoardHistory, Step, board_effects
from catalog.reading.results.boards import Row
from catalog.reading.results.replaying import Replay

MAX_BOARDS = 50
"""Of a message, how many boards are named."""
_FIRST: dict[str, Any] = {
    "anyOf": [record(model=TEXT, variant=TEXT, number=NUMBER_TEXT, result=TEXT), {"type": "null"}],
    "description": "The first row; null while no row has a place.",
}
_STANDING: dict[str, Any] = {
    "anyOf": [
        record(
            model=TEXT,
            variant=TEXT,
            number=NUMBER_TEXT,
            place=ROW["properties"]["place"],
            shown={**BOOLEAN, "description": "Whether its row shows this claim, or another one of the same cell."},
            differs=ROW["properties"]["differs"],
        ),
        {"type": "null"},
    ],
    "description": "Where the result stands; null while it is not on this board, and for changes of other entries.",
}
CHANGE_OF_BOARD = Component(
    "BoardChange",
    record(
        kind={"type": "string", "enum": ["result", "benchmark", "protocol"]},
        action={"type": "string", "enum": RevisionAction.values},
        slug=TEXT,
        url=URL,
        html_url=URL,
        revision=NUMBER,
        at=TIME,
        contributor=TEXT,
        approver=NULLABLE_TEXT,
        source=NULLABLE_TEXT,
        comment=TEXT,
        sentence={**TEXT, "description": "What it did to the board."},
        was=_STANDING,
        now=_STANDING,
        first_before=_FIRST,
        first_after=_FIRST,
    ),
)


def represent_step(step: Step, history: BoardHistory) -> dict[str, Any]:
    """Represent a change of a board."""
    revision, change = step.revision, step.change
    kind = KINDS[revision.kind]
    return {
        "kind": revision.kind,
        "action": revision.action,
        "slug": revision.slug,
        "url": api_url(kind, revision.slug),
        "html_url": f"{page_url(kind, revision.slug)}history/{revision.number}/",
        "revision": revision.number,
        "at": revision.at,
        "contributor": revision.contributor,
        "approver": revision.approver or None,
        "source": revision.source or None,
        "comment": revision.comment,
        "sentence": change_sentence(change, history.name),
        "was": represent_standing(change.was, history.names),
        "now": represent_standing(change.now, history.names),
        "first_before": represent_first(change.first_before, history.names),
        "first_after": represent_first(change.first_after, history.names),
    }


def represent_standing(one: Standing | None, names: Mapping[int, str]) -> dict[str, Any] | None:
    """Represent where a claim stands on a board."""
    if one is None:
        return None
    return {
        "model": names.get(one.claim.model, ""),
        "variant": one.claim.variant,
        "number": f"{one.claim.number:f}",
        "place": represent_place(one.place),
        "shown": one.shown,
        "differs": list(one.row.differs),
    }


def represent_first(row: Row | None, names: Mapping[int, str]) -> dict[str, Any] | None:
    """Represent the first row of a board."""
    if row is None:
        return None
    return {
        "model": names.get(row.claim.model, ""),
        "variant": row.claim.variant,
        "number": f"{row.claim.number:f}",
        "result": row.claim.slug,
    }


def boards_changed(benchmark_id: int, since: int, until: int) -> dict[str, Any]:
    """Represent what the revisions after `since` up to `until`, by id, did to the boards of a benchmark: the first row
    of each, before and after. `boards` is None if too many changes followed, or if the benchmark is gone; `more` is the
    number of boards beyond MAX_BOARDS."""
    benchmark = Benchmark.objects.select_related("reference_protocol").filter(pk=benchmark_id).first()
    if benchmark is None:
        last = Revision.objects.of(Benchmark.kind, benchmark_id).last()
        slug = last.slug if last else ""
        name = last.name if last else ""
        return {"benchmark": slug, "name": name, "url": leaderboards_url(slug), "boards": None, "more": 0}
    replay = Replay(benchmark)
    effects = board_effects(replay, since, until)
    named = (effects or [])[:MAX_BOARDS]
    return {
        "benchmark": benchmark.slug,
        "name": benchmark.name,
        "url": leaderboards_url(benchmark.slug),
        "boards": None if effects is None else [represent_effect(one, benchmark.slug, replay.names) for one in named],
        "more": len(effects or ()) - len(named),
    }


def represent_effect(effect: BoardEffect, slug: str, names: Mapping[int, str]) -> dict[str, Any]:
    """Represent what some changes did to a board."""
    key = key_values(effect.key)
    metric = effect.change.after.metric.name
    return {
        **key,
        "metric": metric,
        "url": f"{leaderboards_url(slug)}?{urlencode(key)}",
        "changes_url": f"{leaderboards_url(slug)}changes/?{urlencode({**key, 'metric': metric})}",
        "first_before": represent_first(effect.change.first_before, names),
        "first_after": represent_first(effect.change.first_after, names),
    }


def leaderboards_url(slug: str) -> str:
    """The address of the boards of a benchmark."""
    return f"{settings.SITE_URL}{API}/leaderboards/{slug}/"
