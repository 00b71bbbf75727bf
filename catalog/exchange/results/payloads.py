"""A matched result as the payload of an entry."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.exchange.results.documents import plain
from catalog.exchange.results.matching import Match, Unmatched
from catalog.exchange.results.stated import StatedResult
from catalog.text.scales import Scale, scale_of_unit

KEPT = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,20})?")
"""The numbers that the form of a result takes."""
ABOVE_ONE = "The file does not say how the value is printed: above 1 it is no fraction."


def payload_of(stated: StatedResult, match: Match, unit: str) -> dict[str, Any] | Unmatched:
    """The payload of a result of a metric in this unit; Unmatched if it does not say where it was read, or how the
    value is printed, or has too many digits."""
    if not stated.source_url:
        return Unmatched("source", "", "is not stated in the file: give one")
    value = plain(stated.value)
    if not KEPT.fullmatch(value):
        return Unmatched("value", stated.value, "has more digits than a result keeps")
    scale = scale_of(stated, unit)
    if scale is None:
        return Unmatched("scale", stated.value, "may be a fraction or percent: the file does not say, so say it")
    inferred = match.inferred if scale == stated.scale else (*match.inferred, ("scale", ABOVE_ONE))
    return {
        "paper": match.model,
        "variant": match.variant,
        "model_revision": stated.model_revision,
        "benchmark": match.benchmark,
        "data_revision": stated.data_revision,
        "part": match.part,
        "split": match.split,
        "metric": match.metric,
        "value": value,
        "scale": scale,
        "standard_error": plain(stated.standard_error) if stated.standard_error else None,
        "sample_size": stated.sample_size,
        "protocol": stated.protocol or None,
        "setting": stated.setting,
        "harness": stated.harness,
        "harness_version": stated.harness_version,
        "adaptation": stated.adaptation,
        "shots": stated.shots,
        "chain_of_thought": stated.chain_of_thought,
        "judge": stated.judge or match.judge,
        "decoding": stated.decoding,
        "inferred": [{"field": key, "reason": reason} for key, reason in inferred],
        "reported_on": stated.reported_on,
        "evaluated_on": stated.evaluated_on,
        "source_url": stated.source_url,
        "locator": stated.locator,
        "original_source": stated.original_source,
        "read_in": stated.read_in,
        "measured_by": stated.measured_by,
        "notes": stated.notes or (f"Printed as {stated.value}." if value != stated.value else ""),
    }


def scale_of(stated: StatedResult, unit: str) -> str | None:
    """How the value is printed; None for a share of which the file does not say whether it is a fraction."""
    if stated.scale or not scale_of_unit(unit):
        return stated.scale
    return Scale.PERCENT.value if abs(Decimal(stated.value)) > 1 else None


def cell_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What results that contradict one another have in common."""
    return tuple(str(payload[key]) for key in CELL)


CELL = ("paper", "variant", "benchmark", "part", "split", "metric")
