"""What a result claims, as plain values."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

Value = str | int | bool


class Origin(StrEnum):
    """Where the value of an element comes from."""

    STATED = "stated"
    PROTOCOL = "protocol"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Known:
    """A known value of an element. Two are the same if their values are, wherever they come from."""

    value: Value
    origin: Origin = field(default=Origin.STATED, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of a benchmark.

    `direction` is "higher", "lower" or "" for unknown; `proportion` says that a value is the share of items that were
    right, which has a binomial error; `whole` is what all of them are in the unit: 100 percent.
    """

    name: str
    unit: str = ""
    direction: str = ""
    primary: bool = False
    proportion: bool = False
    whole: Decimal = Decimal(100)


NOTHING_KNOWN: Mapping[str, Known] = MappingProxyType({})


class Claim(NamedTuple):
    """One claim: this variant of this model scored `number`, in the unit of the metric.

    `part` is "" for the whole benchmark, `track` is "" for what is reported without a harness. `conditions` has the
    known elements of CONDITIONS by name; an element that is not among them is unknown. `error` is one standard error
    and `items` the number of items measured on, both None if unknown. `outdated` says which correction of the benchmark
    the claim precedes, or is "". `inferred` are the fields of the result that its source does not state, and `words`
    what it says of the setting. Like rows and cells it is a tuple, which is made three times as quickly as a frozen
    dataclass.
    """

    slug: str
    model: Any
    metric: str
    number: Decimal
    variant: str = ""
    benchmark: Hashable = None
    part: str = ""
    split: Known | None = None
    track: str = ""
    error: Decimal | None = None
    items: int | None = None
    conditions: Mapping[str, Known] = NOTHING_KNOWN
    state: str = "live"
    verification: str = "reported"
    source_class: str = ""
    source_url: str = ""
    locator: str = ""
    measured_by: str = ""
    reported_on: str = ""
    outdated: str = ""
    inferred: frozenset[str] = frozenset()
    words: str = ""

    @property
    def checkpoint(self) -> tuple[Hashable, str]:
        """What was measured: the rows of a board are these."""
        return self.model, self.variant

    @property
    def rankable(self) -> bool:
        """Whether the claim can have a place."""
        return self.state in RANKABLE and not self.outdated


RANKABLE = {"live": 0, "disputed": 1}
"""The states of a result that can have a place, the first to be preferred."""
VERIFICATIONS = {"reproduced": 0, "checked": 1, "checked-in-copy": 2, "reported": 3}
SOURCE_CLASSES = {"primary": 0, "official-copy": 1, "index": 2, "list": 3, "": 4}
MEASURED_BY = {"authors": 0, "benchmark-authors": 0, "third-party": 1, "": 2}


def preferred(claims: list[Claim]) -> list[Claim]:
    """Claims of one cell, the one that it shows first: by state, verification, class of the source, who measured (as
    reported only, since a harness measures all alike), then the newest."""
    if len(claims) == 1:
        return claims
    newest = sorted(sorted(claims, key=lambda claim: claim.slug), key=lambda claim: claim.reported_on, reverse=True)
    return sorted(
        newest,
        key=lambda claim: (
            bool(claim.outdated),
            RANKABLE.get(claim.state, len(RANKABLE)),
            VERIFICATIONS.get(claim.verification, len(VERIFICATIONS)),
            SOURCE_CLASSES.get(claim.source_class, len(SOURCE_CLASSES)),
            0 if claim.track else MEASURED_BY.get(claim.measured_by, len(MEASURED_BY)),
        ),
    )
