"""What an import would do with each stated result: new, the same as one on record, a rival, or not to be imported."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from catalog.exchange.results.matching import Match, Unmatched, match
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.payloads import cell_of, payload_of
from catalog.exchange.results.stated import StatedResult
from catalog.kinds.result.vocabulary import out_of_bounds
from catalog.text.folding import compact
from catalog.text.scales import scale_of_unit, shifted

Cell = tuple[str, ...]
CONDITIONS = (
    *("setting", "adaptation", "shots", "chain_of_thought", "judge", "decoding"),
    *("harness_version", "model_revision", "data_revision"),
)
"""What keeps two results from being the same if both state it and differ."""


class Outcome(StrEnum):
    NEW = "new"
    SAME = "same"
    RIVAL = "rival"
    OUT_OF_BOUNDS = "out of bounds"
    UNMATCHED = "unmatched"
    BESIDE = "beside the main score"

    @property
    def imported(self) -> bool:
        return self in (Outcome.NEW, Outcome.RIVAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A result of the catalogue, or one that is about to be. `harness` is that of its protocol if it names none;
    `waits` marks one that is proposed and not reviewed yet: it is no rival."""

    slug: str
    cell: Cell
    value: str
    scale: str
    harness: str
    source_url: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False


Records = dict[Cell, list[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A stated result and what would become of it: `payload` is that of the entry, None if nothing was matched;
    `rivals` are the slugs of results for the same cell, of SAME the one that says the same, which is `same`. `number`
    is the value in the unit of the metric, `known` are those of the rivals, earlier ones of the batch among them."""

    stated: StatedResult
    outcome: Outcome
    payload: dict[str, Any] | None = None
    unmatched: Unmatched | None = None
    reason: str = ""
    rivals: tuple[str, ...] = ()
    same: Record | None = None
    number: Decimal | None = None
    known: tuple[Decimal, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether it is a rival by its source alone: the number is on record."""
        return self.outcome is Outcome.RIVAL and self.number in self.known


@dataclass(frozen=True, slots=True)
class Pair:
    """A stated result and what it is about."""

    stated: StatedResult
    match: Match | Unmatched | None


def matched(batch: Iterable[StatedResult], names: KnownNames) -> list[Pair]:
    """Stated results, each with what it is about."""
    return [Pair(stated, match(stated, names)) for stated in batch]


def preview(pairs: Iterable[Pair], names: KnownNames, records: Iterable[Record]) -> list[Previewed]:
    """What would become of matched results, given the results on record for their models and benchmarks. A result that
    an earlier one of the same batch says already is the same as that one."""
    by_cell: Records = defaultdict(list)
    for record in records:
        by_cell[record.cell].append(record)
    return [_previewed(pair, names, by_cell) for pair in pairs]


def _previewed(pair: Pair, names: KnownNames, by_cell: Records) -> Previewed:
    stated = pair.stated
    if pair.match is None:
        return Previewed(stated=stated, outcome=Outcome.BESIDE)
    if isinstance(pair.match, Unmatched):
        return Previewed(stated=stated, outcome=Outcome.UNMATCHED, unmatched=pair.match)
    row = names.row(pair.match.benchmark, "metrics", pair.match.metric) or {}
    unit = str(row.get("unit", ""))
    payload = payload_of(stated, pair.match, unit)
    if isinstance(payload, Unmatched):
        return Previewed(stated=stated, outcome=Outcome.UNMATCHED, unmatched=payload)
    if error := out_of_bounds({**payload, "benchmark": SimpleNamespace(metrics=[row])}):
        return Previewed(stated=stated, outcome=Outcome.OUT_OF_BOUNDS, payload=payload, reason=error)
    new = record_of(payload)
    others = by_cell[new.cell]
    rivals = [one for one in others if not one.waits]
    known = tuple(dict.fromkeys(_number(one, unit) for one in rivals))
    about: dict[str, Any] = {"stated": stated, "payload": payload, "number": _number(new, unit), "known": known}
    if same := next((one for one in others if is_same(new, one, unit)), None):
        return Previewed(outcome=Outcome.SAME, rivals=(same.slug,), same=same, **about)
    outcome = Outcome.RIVAL if rivals else Outcome.NEW
    slugs = tuple(one.slug for one in rivals if one.slug)
    others.append(new)
    return Previewed(outcome=outcome, rivals=slugs, **about)


def record_of(payload: Mapping[str, Any]) -> Record:
    """A payload as a record without a slug."""
    return Record(
        slug="",
        cell=cell_of(payload),
        value=payload["value"],
        scale=payload["scale"],
        harness=payload["harness"],
        source_url=payload["source_url"],
        conditions={key: payload[key] for key in CONDITIONS},
    )


def is_same(new: Record, known: Record, unit: str) -> bool:
    """Whether two results for a cell say the same: the same number from the same source, measured by the same harness,
    and nothing that both state of the conditions differs."""
    return (
        new.source_url == known.source_url
        and compact(new.harness) == compact(known.harness)
        and _number(new, unit) == _number(known, unit)
        and all(_agree(new.conditions.get(key), known.conditions.get(key)) for key in CONDITIONS)
    )


def _number(record: Record, unit: str) -> Decimal:
    return shifted(Decimal(record.value), record.scale, scale_of_unit(unit))


def _agree(one: Any, other: Any) -> bool:
    return one in ("", None) or other in ("", None) or str(one).casefold() == str(other).casefold()
