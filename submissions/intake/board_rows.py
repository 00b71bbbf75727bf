"""A row of a board as payloads of results: what the board says of all its rows is filled in, and marked as inferred
where only the board says it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.vocabulary import find_row
from catalog.kinds.shared.conditions import CONDITIONS
from catalog.reading.boards.words import board_title
from catalog.reading.boards.words import conditions as in_words
from catalog.reading.results.claims import Metric
from catalog.reading.results.reading import ELEMENTS, Measured, conditions_of, protocol_row
from catalog.reading.results.views import BoardKey, View, view

ASKED = tuple(key for key in CONDITIONS if key in ELEMENTS)
"""The conditions that somebody may change, by their payload keys: all but those that name the track."""
MAX_METRICS = 12
REASON = "A condition of the board that the result was added to; the contributor did not say that the source states it."


@dataclass(frozen=True)
class BoardRows:
    """What the rows of a board share.

    `shared` are the values that name the board, `metrics` those of its columns, the one that it is ranked by first.
    `reference` are its conditions by payload key, as printed; `prescribed` are those among them that its protocol sets,
    which a result need not say.
    """

    title: str
    words: str
    shared: dict[str, Any]
    metrics: tuple[Metric, ...]
    reference: dict[str, Any]
    prescribed: dict[str, Any]

    def payload(self, conditions: Mapping[str, Any], inferred: Collection[str]) -> dict[str, Any]:
        """What a new row says, besides whose values they are, with these conditions. `inferred` are the keys of those
        that nobody said that the source states."""
        own = {
            key: value
            for key, value in conditions.items()
            if not (key in self.prescribed and value == self.prescribed[key])
        }
        reasons = [{"field": key, "reason": REASON} for key in own if key in inferred]
        return {**self.shared, **own, "inferred": reasons}


def board_rows(benchmark: Benchmark, measured: Measured, shown: View, metric: str = "") -> BoardRows:
    """What the rows of a board share; `metric` is to be asked for first. In one query."""
    rows = [measured.rows[claim.slug] for claim in shown.claims]
    protocol = _protocol(shown.key.track, rows)
    set_by_it = conditions_of({}, protocol_row(protocol)) if protocol else {}
    reference = shown.board.reference or measured.reference
    printed = [*rows, *(vars(one) for one in (protocol, benchmark.reference_protocol) if one)]
    by_key = {key: _as_printed(key, reference[name], printed) for key, name in ELEMENTS.items() if name in reference}
    return BoardRows(
        title=board_title(shown.key),
        words=in_words({ELEMENTS[key]: value for key, value in by_key.items()}),
        shared={
            "benchmark": benchmark.slug,
            "part": shown.key.part,
            "split": shown.key.split,
            "protocol": protocol.slug if protocol else None,
            "harness": "" if protocol else shown.key.track,
        },
        metrics=_metrics(benchmark, measured, shown, metric),
        reference=by_key,
        prescribed={
            key: by_key[key]
            for key, name in ELEMENTS.items()
            if name in set_by_it and set_by_it[name].value == reference.get(name)
        },
    )


def asked_board(benchmark: Benchmark, measured: Measured, key: BoardKey | None) -> View | None:
    """The board with a key, the largest one without; None for one that the benchmark can have no results on. One that
    has none yet is empty."""
    if key is None:
        return view(measured)
    shown = view(measured, key)
    if shown.claims:
        return shown
    part, split = _listed(benchmark.parts, key.part), _listed(benchmark.splits, key.split)
    tracks = {"", *(tab.key.track for tab in shown.tabs)}
    if part is None or split is None:
        return None
    if key.track not in tracks and not Protocol.objects.filter(name=key.track).exists():
        return None
    return view(measured, BoardKey(part, split, key.track))


def _listed(rows: list[dict[str, Any]], name: str) -> str | None:
    """A name as it is listed; "" for none, and None if it is not listed."""
    row = find_row(rows, name) if name else None
    return "" if not name else str(row["name"]) if row else None


def _metrics(benchmark: Benchmark, measured: Measured, shown: View, first: str) -> tuple[Metric, ...]:
    """The metrics of the columns that results may name; of an empty board, those that the benchmark lists."""
    listed = {row["name"]: Metric(name=row["name"], unit=row.get("unit") or "") for row in benchmark.metrics}
    on_board = [name for name in measured.metrics if name in shown.board.metrics]  # in the order of the benchmark
    columns = [name for name in on_board if name in listed or not listed] or list(listed)
    asked = find_row(benchmark.metrics, first) if first else None
    primary = [row["name"] for row in benchmark.metrics if row.get("primary")]
    names = dict.fromkeys((asked["name"] if asked else first, shown.board.metric.name, *primary, *columns))
    known = [name for name in names if name in columns or (asked and name == asked["name"])]
    return tuple(listed.get(name) or measured.metrics[name] for name in known[:MAX_METRICS])


def _protocol(track: str, rows: list[Mapping[str, Any]]) -> Protocol | None:
    """The protocol of a track; None if it names a harness, or nothing."""
    if not track:
        return None
    used = Counter(row["protocol_id"] for row in rows if row["protocol_id"])
    if used:
        return Protocol.objects.filter(pk=used.most_common(1)[0][0]).first()
    return None if rows else Protocol.objects.filter(name=track).order_by("pk").first()


def _as_printed(key: str, value: Any, rows: list[Mapping[str, Any]]) -> Any:
    """A condition as one of the rows spells it: what boards compare is folded."""
    if not isinstance(value, str):
        return value
    spelt = (str(row.get(key) or "") for row in rows)
    return next((text for text in spelt if " ".join(text.split()).casefold() == value), value)
