"""Whether a model was trained on a benchmark, or on data that it is built on, by what is stated. Nothing here asks the
database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from catalog.kinds.shared.conditions import Adaptation
from catalog.reading.results.claims import Claim
from catalog.text.folding import compact
from catalog.text.variants import without_model


class Verdict(StrEnum):
    """`UNKNOWN` is what is said where nothing is stated: silence is never clean."""

    EXPOSED = "exposed"
    STATED_CLEAN = "stated-clean"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PathStep:
    """`relation` is a step of inheritance (catalog.kinds.shared.inheritance), which leads to the entry named."""

    relation: str
    kind: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a model can be trained on."""

    kind: str
    pk: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A model was trained on `target` or, if `excluded`, is stated not to be, in a variant ("" for all); the path leads
    to what states it, and is empty if the model does so itself."""

    variant: str
    target: Target
    excluded: bool
    path: tuple[PathStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of a model and a benchmark. `edge` is why it is exposed; `denied` says that it is stated not to be
    trained on the benchmark itself, beside an edge that says otherwise; `fine_tuned` that it was fine-tuned for it, as
    the result says."""

    verdict: Verdict
    edge: Edge | None = None
    denied: bool = False
    fine_tuned: bool = False


UNKNOWN = Judgement(Verdict.UNKNOWN)
TUNED = Judgement(Verdict.EXPOSED, fine_tuned=True)


def judge(edges: Iterable[Edge], benchmark: Target, built_on: Collection[Target]) -> Judgement:
    """Judge a model by its edges to a benchmark and to the datasets that it is built on; others are not looked at.

    It is exposed if it was trained on one of them, itself or through what it inherits from, whatever it states of
    itself. It is stated to be clean by a statement about the benchmark itself: one about a dataset says nothing of the
    benchmark's own annotations.
    """
    concerned = [edge for edge in edges if edge.target == benchmark or edge.target in built_on]
    denied = any(edge.excluded and edge.target == benchmark for edge in concerned)
    trained = [edge for edge in concerned if not edge.excluded]
    if trained:
        nearest = min(trained, key=lambda edge: (len(edge.path), edge.target != benchmark, edge.target.slug))
        return Judgement(Verdict.EXPOSED, nearest, denied)
    return Judgement(Verdict.STATED_CLEAN) if denied else UNKNOWN


def of_variant(edges: Iterable[Edge], variant: str, model: str) -> list[Edge]:
    """The edges that hold for a variant; for a result that names none, those of all variants. Names of variants may
    begin with that of the model."""
    wanted = _spelt(variant, model)
    return [edge for edge in edges if not edge.variant or (wanted and _spelt(edge.variant, model) == wanted)]


def _spelt(variant: str, model: str) -> str:
    return compact(without_model(variant, model)) or compact(variant)


@dataclass(frozen=True)
class Exposures:
    """The exposure of models to one benchmark, by their primary keys. `edges` are those to the benchmark and to the
    datasets that it is built on."""

    benchmark: Target
    built_on: Collection[Target]
    edges: Mapping[int, Sequence[Edge]]
    _judged: dict[tuple[int, str], Judgement] = field(default_factory=dict, repr=False, compare=False)

    def of_claim(self, claim: Claim, name: str) -> Judgement:
        """Judge what was measured of a model that is called `name`: what was fine-tuned for the benchmark was trained
        on it, whatever is known of the model."""
        setting = claim.conditions.get("setting")
        if setting and setting.value == Adaptation.FINE_TUNED:
            return TUNED
        return self.of(claim.model, claim.variant, name)

    def of(self, model: int, variant: str, name: str) -> Judgement:
        """Judge a variant of a model that is called `name`."""
        edges = self.edges.get(model)
        if not edges:
            return UNKNOWN
        key = (model, variant)
        if key not in self._judged:
            self._judged[key] = judge(of_variant(edges, variant, name), self.benchmark, self.built_on)
        return self._judged[key]
