"""Whether two results can be compared, and the conditions that most results of a board share."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from catalog.reading.results.claims import Claim, Known, Origin, Value

IDENTITY = ("benchmark", "part", "split", "metric")
"""What must be the same, or there is nothing to compare."""
CONDITIONS = (
    *("data revision", "setting", "shots", "chain of thought", "tools", "prompt", "resolution", "frames", "judge"),
    *("decoding", "erratum"),
)
"""The elements of how something was measured, besides its track."""


Names = tuple[str, ...]
Difference = tuple[tuple[str, Value], ...]
"""Conditions with their values."""
Conditions = Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The elements in which two claims are the same, differ, or that are unknown for one of them."""

    same: tuple[str, ...]
    differs: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def comparable(self) -> bool:
        return not self.differs

    @property
    def strictly(self) -> bool:
        return not self.differs and not self.unknown


def elements(claim: Claim) -> dict[str, Known | None]:
    """The value of each element, in order; None if it is unknown. What both sides leave out is unknown, too, except for
    part and track, of which "" has a meaning."""
    return {
        "benchmark": Known(str(claim.benchmark)),
        "part": Known(claim.part),
        "split": claim.split,
        "metric": Known(claim.metric),
        "track": Known(claim.track),
        **{name: claim.conditions.get(name) for name in CONDITIONS},
    }


def compare(one: Claim, other: Claim) -> Comparison:
    """Compare two claims element by element."""
    ours, theirs = elements(one), elements(other)
    unknown = [name for name, known in ours.items() if known is None or theirs[name] is None]
    differs = [name for name, known in ours.items() if name not in unknown and known != theirs[name]]
    same = [name for name in ours if name not in unknown and name not in differs]
    return Comparison(tuple(same), tuple(differs), tuple(unknown))


class Against:
    """A reference that many claims are compared with; claims with the same conditions are looked at once."""

    def __init__(self, reference: Mapping[str, Value]) -> None:
        self.reference = reference
        self._known: dict[int, tuple[Conditions, Difference, Names]] = {}

    def difference(self, claim: Claim) -> Difference:
        """The known conditions of a claim that are not those of the reference, with their values."""
        return self._look(claim)[1]

    def unknown(self, claim: Claim) -> Names:
        """The conditions of the reference that a claim says nothing about."""
        return self._look(claim)[2]

    def _look(self, claim: Claim) -> tuple[Conditions, Difference, Names]:
        found = self._known.get(id(claim.conditions))
        if found is None:
            conditions = claim.conditions
            known = {name: conditions[name].value for name in self.reference if name in conditions}
            differs = tuple((name, value) for name, value in known.items() if not _same(value, self.reference[name]))
            unknown = tuple(name for name in self.reference if name not in known)
            # the conditions are kept, so that no others get their id
            found = self._known[id(conditions)] = (conditions, differs, unknown)
        return found


def reference_of(claims: Iterable[Claim], stated: Mapping[str, Value]) -> dict[str, Value]:
    """The conditions that claims are ranked under: those that the benchmark states, and for each other one the value
    that the most models have, among the claims that differ in none of those before it.

    Claims that were retracted or superseded count, so that retracting one does not change what the others are compared
    with. What was inferred for a single model is no condition of all. Of values that equally many models have, it is
    the one that the fewest of them have by inference alone, then the last by type and value: "zero-shot" rather than
    "few-shot".
    """
    remaining = _by_conditions(claims)
    reference: dict[str, Value] = {}
    for name in CONDITIONS:
        if name in stated:
            reference[name] = stated[name]
        elif (most := _of_most_models(name, remaining)) is not None:
            reference[name] = most
        else:
            continue
        remaining = [
            (conditions, models)
            for conditions, models in remaining
            if name not in conditions or _same(conditions[name].value, reference[name])
        ]
    return reference


Measured = tuple[Conditions, set[Hashable]]
"""Conditions, and the models that were measured under them."""


def _by_conditions(claims: Iterable[Claim]) -> list[Measured]:
    """The models of claims by their conditions, those that are one object together."""
    found: dict[int, Measured] = {}
    for claim in claims:
        if (one := found.get(id(claim.conditions))) is None:
            one = found[id(claim.conditions)] = (claim.conditions, set())
        one[1].add(claim.model)
    return list(found.values())


def _of_most_models(name: str, measured: Iterable[Measured]) -> Value | None:
    """The value of a condition that the most models have; None if none states it, and one at most has it inferred."""
    models = defaultdict[tuple[str, Value], set[Hashable]](set)
    stated = defaultdict[tuple[str, Value], set[Hashable]](set)
    for conditions, own in measured:
        if known := conditions.get(name):
            key = (type(known.value).__name__, known.value)
            models[key] |= own
            if known.origin != Origin.INFERRED:
                stated[key] |= own
    candidates = [key for key in models if stated[key] or len(models[key]) > 1]
    if not candidates:
        return None
    return max(candidates, key=lambda key: (len(models[key]), len(stated[key]), key))[1]


def _same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and one == other
