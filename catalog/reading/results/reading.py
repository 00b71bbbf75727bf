"""Results of the catalogue as claims."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
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
CHECKPOINT = ("paper_id", "paper__slug", "paper__name", "variant")
"""Those of COLUMNS that say what was measured."""
Checkpoint = tuple[Any, ...]
"""The values of CHECKPOINT."""
checkpoint_of: Callable[[Row], Checkpoint] = itemgetter(*CHECKPOINT)
SHOWN = (
    *CHECKPOINT,
    *("value", "scale", "reported_by", "protocol_id"),
    *ELEMENTS,
)
"""Those of COLUMNS that are shown besides what a claim has of them, or as they are printed."""
shown_columns = itemgetter(*SHOWN)
CONDITIONED = ("data_revision", "protocol_id", *ELEMENTS)
"""Those of COLUMNS that the conditions of a result are read from, besides what was inferred and corrected."""
conditioned_columns = itemgetter(*CONDITIONED)
SETTING = ("adaptation", "shots")


class ShownRows(Mapping[str, Row]):
    """What is shown of results, rows with the columns of SHOWN by slug. Kept as tuples, since a page shows a hundred of
    ten thousand."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._values: dict[str, tuple[Any, ...]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Take in a row with COLUMNS."""
        self._values[row["slug"]] = shown_columns(row)

    def checkpoints(self) -> Iterable[Checkpoint]:
        """What was measured, once a result."""
        return (values[: len(CHECKPOINT)] for values in self._values.values())

    def __getitem__(self, slug: str) -> Row:
        return dict(zip(SHOWN, self._values[slug], strict=True))

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a benchmark: its metrics by name, the conditions that it names as its own, the claims, and
    what is shown of the results that make them, by slug. `boards` keeps what was computed of them."""

    metrics: Mapping[str, Metric]
    reference: Mapping[str, Value]
    claims: tuple[Claim, ...]
    rows: ShownRows
    boards: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


def measured_in(benchmark: Benchmark, rows: Iterable[Row], protocols: Mapping[int, Row]) -> Measured:
    """These results of a benchmark; `rows` have COLUMNS, and none is held. Without queries."""
    reader, shown = _Reader(benchmark, protocols), ShownRows()
    claims = []
    for row in rows:
        claims.append(reader.claim(row))
        shown.add(row)
    own = benchmark.reference_protocol
    return Measured(
        metrics=reader.in_listed_order(),
        reference={name: known.value for name, known in conditions_of({}, vars(own) if own else {}).items()},
        claims=tuple(with_outdated(claims) if reader.errata else claims),
        rows=shown,
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
    """Reads the results of one benchmark. A list of rows that many of them share is read once, and known by its id; it
    is held, so that no other list gets that."""

    def __init__(self, benchmark: Benchmark, protocols: Mapping[int, Row]) -> None:
        self.benchmark, self.protocols = benchmark, protocols
        self.metrics: dict[str, Metric] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.lists = {key: readable_rows(getattr(benchmark, key), "name") for key in ("metrics", "splits", "parts")}
        self.sizes = {row["name"]: count_of(row.get("size_count")) for row in self.lists["splits"]}
        self.errata = [self.with_listed_names(row) for row in readable_rows(benchmark.errata, "date", "text")]
        self.conditions: dict[tuple[Any, ...], dict[str, Known]] = {}
        self.inferred: dict[int, tuple[Any, frozenset[str]]] = {}
        self.sources: dict[tuple[str, int], tuple[Any, tuple[str, str]]] = {}
        self.splits: dict[tuple[str, bool], Known | None] = {}

    def claim(self, row: Row) -> Claim:
        protocol = self.protocols.get(row["protocol_id"] or 0, {})
        inferred = self.inferred_fields(row)
        metric = self.metric(row["metric"])
        track = track_of(row, protocol)
        source_url, source_class = self.source_of(row)
        split, part = self.split(row["split"], "split" in inferred), self.listed("parts", row["part"])
        return Claim(
            slug=row["slug"],
            model=row["paper_id"],
            variant=row["variant"],
            benchmark=self.benchmark.slug,
            part=part,
            split=split,
            metric=metric.name,
            track=track,
            number=number_in(metric, row["value"], row["scale"]) or Decimal(0),
            error=number_in(metric, row["standard_error"], row["scale"]),
            items=count_of(row["sample_size"]) or (None if part else self.sizes.get(split.value if split else "")),
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
        stated = conditioned_columns(row)
        key = (stated, tuple(map(type, stated)), inferred, erratum)  # True is not 1, though equal
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
            self.inferred[key] = row["inferred"], inferred_fields(row)
        return self.inferred[key][1]

    def source_of(self, row: Row) -> tuple[str, str]:
        """The address that a value was read at, and its class."""
        key = (row["source_url"], id(row["sources"]))
        if key not in self.sources:
            self.sources[key] = row["sources"], source_of(row)
        return self.sources[key][1]

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

    def split(self, name: str, inferred: bool) -> Known | None:
        """The split of a result; None if it is not stated."""
        if (name, inferred) not in self.splits:
            listed = self.listed("splits", name)
            origin = Origin.INFERRED if inferred else Origin.STATED
            self.splits[name, inferred] = Known(listed, origin) if listed else None
        return self.splits[name, inferred]

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
