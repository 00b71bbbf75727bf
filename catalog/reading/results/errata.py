"""On which side of a correction of its benchmark a result stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.reading.results.claims import RANKABLE, Claim

Row = Mapping[str, Any]
BEFORE, AFTER = "before", "after"


def side_of(errata: Sequence[Row], row: Row, track: str) -> str:
    """The sides of the corrections that concern a result, which has the names that the benchmark lists, oldest first:
    "before 2026-07-10". It is "" if no correction concerns it, or if the side of one is unknown."""
    sides = []
    for erratum in sorted(errata, key=lambda erratum: str(erratum["date"])):
        if concerns(erratum, row, track):
            side = _side(erratum, row)
            if not side:
                return ""
            sides.append(f"{side} {erratum['date']}")
    return ", ".join(sides)


def concerns(erratum: Row, row: Row, track: str) -> bool:
    """Whether a correction concerns a result, both with the names that the benchmark lists: an empty list of an erratum
    means all."""
    version = f"{row['harness'] or track} {row['harness_version']}".strip()
    editions = [name for name in (erratum["before"], erratum["after"]) if name]
    return (
        _is_among(row["part"], [*erratum["parts"], *editions])
        and _is_among(row["split"], erratum["splits"])
        and _is_among(row["metric"], erratum["metrics"])
        and _is_among(version, erratum["harness_versions"])
    )


def _is_among(value: str, names: Sequence[str]) -> bool:
    return not names or value in names


def _side(erratum: Row, row: Row) -> str:
    """By the edition, else by the date: what was measured or printed before the correction has its fault."""
    if row["part"] and row["part"] in (erratum["before"], erratum["after"]):
        return BEFORE if row["part"] == erratum["before"] else AFTER
    date, corrected = str(row["evaluated_on"] or row["reported_on"]), str(erratum["date"])
    known = min(len(date), len(corrected))
    if not known or date[:known] == corrected[:known]:
        return ""
    return BEFORE if date < corrected else AFTER


def with_outdated(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, with what those precede that stand before a correction which others on the same board follow."""
    claims = list(claims)
    followed = defaultdict[tuple[object, ...], set[str]](set)
    for claim in claims:
        for side, date in _sides(claim):
            if side == AFTER and claim.state in RANKABLE:
                followed[_board(claim)].add(date)
    return [
        claim._replace(outdated=f"before the correction of {dates[0]}")
        if (dates := [date for side, date in _sides(claim) if side == BEFORE and date in followed[_board(claim)]])
        else claim
        for claim in claims
    ]


def _board(claim: Claim) -> tuple[object, ...]:
    return claim.part, claim.split, claim.track, claim.metric


def _sides(claim: Claim) -> list[tuple[str, str]]:
    known = claim.conditions.get("erratum")
    pairs = [side.partition(" ") for side in str(known.value).split(", ")] if known else []
    return [(side, date) for side, _, date in pairs]
