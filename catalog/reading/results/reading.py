"""Results of the catalogue as claims."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import itemgetter
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.vocabulary import find_row
from catalog.kinds.shared.conditions import CONDITIONS as STATED
from catalog.kinds.shared.conditions import Adaptation
from catalog.reading.results.claims import Claim, Known, Metric, Origin, Value
from catalog.reading.results.errata import side_of, with_outdated
from catalog.reading.sources import address_of_value, class_of_address, source_rows
from catalog.text.rows import Row, readable_rows, texts_of
from catalog.text.scales import POWERS, Scale, scale_of_unit, shifted
from catalog.text.source_classes import source_class

COLUMNS = (
    *(
        "slug",
        "benchmark_id",
        "paper_id",
        "paper__slug",
        "paper__name",
        "variant",
        "part",
        "split",
        "metric",
        "value",
        "scale",
        "standard_error",
        "sample_size",
    ),
    *("protocol_id", "setting", *STATED, "model_revision", "data_revision", "inferred"),
    *(
        "reported_on",
        "evaluated_on",
        "source_url",
        "locator",
        "reported_by",
        "measured_by",
        "verification",
        "state",
        "sources",
    ),
)
"""What is read of a result."""
UNSTATED_METRIC = "metric not stated"
WHOLES: dict[str, Decimal] = {scale: Decimal(10) ** power for scale, power in POWERS.items()}
"""What all items are, by the scale of a unit."""
ELEMENTS = {
    "adaptation": "setting",
    "chain_of_thought": "chain of thought",
    **{name: name for name in ("shots", "tools", "prompt", "resolution", "frames", "judge", "decoding")},
}
"""The elements of a comparison by the column that states them."""
SHOWN = (
    *("paper_id", "paper__slug", "paper__name", "variant", "value", "scale", "reported_by", "protocol_id"),
    *ELEMENTS,
)
"""Those of COLUMNS that are shown besides what a claim has of them, or as they are printed."""
shown_columns = itemgetter(*SHOWN)
SETTING = ("adaptation", "shots")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a benchmark: its metrics by name, the conditions that it names as its own, the claims, and
    what is shown of the results that make them, by slug. `boards` keeps what was computed of them."""

    metrics: Mapping[str, Metric]
    reference: Mapping[str, Value]
    claims: tuple[Claim, ...]
    rows: Mapping[str, Row]
    boards: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


def measured_in(benchmark: Benchmark, rows: list[dict[str, Any]], protocols: Mapping[int, Row]) -> Measured:
    """These results of a benchmark; `rows` have COLUMNS. Without queries."""
    reader = _Reader(benchmark, protocols)
    claims = [reader.claim(row) for row in rows]
    own = benchmark.reference_protocol
    return Measured(
        metrics=reader.in_listed_order(),
        reference={name: known.value for name, known in conditions_of({}, vars(own) if own else {}).items()},
        claims=tuple(with_outdated(claims) if reader.errata else claims),
        rows={row["slug"]: dict(zip(SHOWN, shown_columns(row), strict=True)) for row in rows},
    )


def row_of(result: Any) -> dict[str, Any]:
    """A result of a past day as a row of COLUMNS; its model may not resolve any more."""
    model = getattr(result, "paper", None)
    row = {name: getattr(result, name) for name in COLUMNS if "__" not in name}
    return row | {"paper__slug": model.slug if model else None, "paper__name": model.name if model else ""}


def protocol_row(protocol: Protocol) -> Row:
    """A protocol as a result is read by."""
    return {name: getattr(protocol, name) for name in ("pk", "slug", "name", *STATED)}


class _Reader:
    """Reads the results of one benchmark. A list of rows that many of them share is read once, and known by its id,
    since the results are there for as long as the reader is."""

    def __init__(self, benchmark: Benchmark, protocols: Mapping[int, Row]) -> None:
        self.benchmark, self.protocols = benchmark, protocols
        self.metrics: dict[str, Metric] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.lists = {key: readable_rows(getattr(benchmark, key), "name") for key in ("metrics", "splits", "parts")}
        self.sizes = {row["name"]: count_of(row.get("size_count")) for row in self.lists["splits"]}
        self.errata = [self.with_listed_names(row) for row in readable_rows(benchmark.errata, "date", "text")]
        self.conditions: dict[tuple[Any, ...], dict[str, Known]] = {}
        self.inferred: dict[int, frozenset[str]] = {}
        self.sources: dict[tuple[str, int], tuple[str, str]] = {}

    def claim(self, row: Row) -> Claim:
        protocol = self.protocols.get(row["protocol_id"] or 0, {})
        inferred = self.inferred_fields(row)
        metric = self.metric(row["metric"])
        track = track_of(row, protocol)
        source_url, source_class = self.source_of(row)
        split, part = self.listed("splits", row["split"]), self.listed("parts", row["part"])
        return Claim(
            slug=row["slug"],
            model=row["paper_id"],
            variant=row["variant"],
            benchmark=self.benchmark.slug,
            part=part,
            split=Known(split, Origin.INFERRED if "split" in inferred else Origin.STATED) if split else None,
            metric=metric.name,
            track=track,
            number=number_in(metric, row["value"], row["scale"]) or Decimal(0),
            error=number_in(metric, row["standard_error"], row["scale"]),
            items=count_of(row["sample_size"]) or (None if part else self.sizes.get(split)),
            conditions=self.conditions_of(row, protocol, inferred, track),
            state=row["state"],
            verification=row["verification"],
            source_class=source_class,
            source_url=source_url,
            locator=row["locator"],
            measured_by=row["measured_by"],
            reported_on=row["reported_on"],
            inferred=inferred,
            words=row["setting"] or "",
        )

    def conditions_of(self, row: Row, protocol: Row, inferred: frozenset[str], track: str) -> dict[str, Known]:
        """The conditions of a result, the same object for those with the same."""
        erratum = self.erratum(row, track) if self.errata else ""
        stated = tuple(map(row.__getitem__, ELEMENTS))
        key = (stated, row["data_revision"], row["protocol_id"], inferred, erratum, *map(type, stated))
        if key not in self.conditions:
            conditions = conditions_of(row, protocol, inferred)
            if row["data_revision"]:
                conditions["data revision"] = Known(row["data_revision"])
            if erratum:
                conditions["erratum"] = Known(erratum)
            self.conditions[key] = conditions
        return self.conditions[key]

    def inferred_fields(self, row: Row) -> frozenset[str]:
        """The fields of a result that its source does not state."""
        key = id(row["inferred"])
        if key not in self.inferred:
            self.inferred[key] = inferred_fields(row)
        return self.inferred[key]

    def source_of(self, row: Row) -> tuple[str, str]:
        """The address that a value was read at, and its class."""
        key = (row["source_url"], id(row["sources"]))
        if key not in self.sources:
            self.sources[key] = source_of(row)
        return self.sources[key]

    def erratum(self, row: Row, track: str) -> str:
        """On which side of the corrections of the benchmark a result is."""
        names = {key: self.listed(f"{key}s", row[key]) for key in ("part", "split")}
        return side_of(self.errata, {**row, **names, "metric": self.metric(row["metric"]).name}, track)

    def with_listed_names(self, erratum: Row) -> Row:
        """A correction with the names that the benchmark lists, where it names parts, splits or metrics by others."""
        names = {key: [self.listed(key, name) for name in texts_of(erratum.get(key))] for key in self.lists}
        texts = {key: str(erratum.get(key) or "") for key in ("before", "after")}
        return {**erratum, **names, **texts, "harness_versions": texts_of(erratum.get("harness_versions"))}

    def metric(self, name: str) -> Metric:
        """The metric that a result names by one of its names."""
        if name not in self.metrics:
            listed = find_row(self.lists["metrics"], name) or {}
            scale = scale_of_unit(listed.get("unit") or "")
            self.metrics[name] = Metric(
                name=listed.get("name") or name or UNSTATED_METRIC,
                unit=listed.get("unit") or "",
                direction=listed.get("direction") or "" if listed else self.common_direction if name else "",
                primary=bool(listed.get("primary")),
                proportion=bool(listed.get("proportion")),
                whole=WHOLES.get(scale, WHOLES[Scale.PERCENT]),
            )
        return self.metrics[name]

    def listed(self, key: str, name: str) -> str:
        """A split or part by the name that the benchmark lists; results of earlier releases may have another one."""
        if (key, name) not in self.names:
            row = find_row(self.lists[key], name) if name else None
            self.names[key, name] = str(row["name"]) if row else name
        return self.names[key, name]

    def in_listed_order(self) -> dict[str, Metric]:
        """The metrics that were met, those that the benchmark lists in its order."""
        metrics = {metric.name: metric for metric in self.metrics.values()}
        listed = [row["name"] for row in self.lists["metrics"] if row["name"] in metrics]
        return {name: metrics[name] for name in (*listed, *sorted(metrics.keys() - set(listed)))}

    @property
    def common_direction(self) -> str:
        """The direction of all metrics that the benchmark lists, if they have the same; else ""."""
        stated = {row["direction"] for row in self.lists["metrics"] if row.get("direction")}
        return str(stated.pop()) if len(stated) == 1 else ""


def number_in(metric: Metric, printed: str | None, scale: str) -> Decimal | None:
    """A printed number in the unit of the metric; None without one."""
    if not printed:
        return None
    try:
        number = Decimal(printed)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return shifted(number, scale, scale_of_unit(metric.unit)) if scale else number


def inferred_fields(row: Row) -> frozenset[str]:
    """The fields of a result that its source does not state."""
    return frozenset(one["field"] for one in readable_rows(row["inferred"], "field"))


def count_of(value: Any) -> int | None:
    """A number of items; None if it is none."""
    return value if type(value) is int and value > 0 else None


def track_of(row: Row, protocol: Row) -> str:
    """The series of measurement: the protocol or the harness by name, "" for what is reported without either."""
    return str(protocol.get("name") or row["harness"])


def conditions_of(row: Row, protocol: Row, inferred: Iterable[str] = ()) -> dict[str, Known]:
    """The known conditions: what the result states or what was inferred of it, else what its protocol sets. Setting and
    shots go together: a result that states one of them has neither from its protocol."""
    conditions: dict[str, Known] = {}
    if any(_value(row.get(key)) is not None for key in SETTING):
        protocol = {key: value for key, value in protocol.items() if key not in SETTING}
    for key, name in ELEMENTS.items():
        own = _value(row.get(key))
        if own is not None:
            conditions[name] = Known(own, Origin.INFERRED if key in inferred else Origin.STATED)
        elif (prescribed := _value(protocol.get(key))) is not None:
            conditions[name] = Known(prescribed, Origin.PROTOCOL)
    return _completed(conditions)


def _completed(conditions: dict[str, Known]) -> dict[str, Known]:
    """With what the setting says of the number of shots, and the other way round."""
    setting, shots = conditions.get("setting"), conditions.get("shots")
    if shots and not setting:
        of = Adaptation.FEW_SHOT if shots.value else Adaptation.ZERO_SHOT
        conditions["setting"] = Known(of.value, shots.origin)
    if setting and setting.value == Adaptation.ZERO_SHOT and not shots:
        conditions["shots"] = Known(0, setting.origin)
    return conditions


def _value(value: Any) -> Value | None:
    """A stated value, texts in one spelling; None if it is empty."""
    if isinstance(value, str):
        return _folded(value) or None
    return value if isinstance(value, bool | int) else None


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def source_of(row: Row) -> tuple[str, str]:
    """The address that a value was read at, and its class."""
    rows = source_rows(row["sources"]) if row["sources"] else ()
    if not rows:
        return row["source_url"], source_class(row["source_url"])
    address = address_of_value("value", row["source_url"], rows) or ""
    return address, class_of_address(address, rows)
