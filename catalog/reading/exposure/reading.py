"""What models were trained on, from the index of exposure: the only module here that asks the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value

from catalog.kinds.benchmark.model import Benchmark, Foundation
from catalog.kinds.component.model import Component
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.shared.inheritance import ids_by_kind
from catalog.models import Entry, Exposure
from catalog.reading.results.claims import Claim
from catalog.reading.results.reading import Row
from catalog.reading.exposure.judging import Edge, Exposures, PathStep, Target, Verdict

TARGETS: tuple[type[Entry], ...] = (Dataset, Benchmark)
MODELS: tuple[type[Entry], ...] = (Paper, Component)
EDGE = ("variant", "target_kind", "target_id", "excluded", "path")


def exposures_on(benchmark: Benchmark) -> Exposures:
    """The exposure of all models that have results on a benchmark, in two queries."""
    rows = Foundation.objects.filter(benchmark=benchmark, dataset__isnull=False)
    found = rows.values_list("dataset_id", "dataset__slug", "dataset__name").distinct()
    own = target_of(benchmark)
    built_on = [Target(Dataset.kind, pk, slug, name) for pk, slug, name in found]
    measured = Result.objects.filter(benchmark=benchmark).values("paper_id")
    about = Exposure.objects.filter(_about([own, *built_on]), kind=Paper.kind, entry_id__in=measured)
    targets = {(target.kind, target.pk): target for target in (own, *built_on)}
    edges = defaultdict[int, list[Edge]](list)
    for entry_id, *row in about.order_by("pk").values_list("entry_id", *EDGE):
        edges[entry_id].append(edge_of(row, targets))
    return Exposures(own, built_on, edges)


@dataclass(frozen=True)
class Known:
    """What is known of the training of a model or component.

    `edges` are all of it, what it states itself first; `built_on` are the datasets that benchmarks are built on, by
    benchmark, as far as they are among the targets. `benchmarks` are those and the targets themselves, by name.
    """

    edges: tuple[Edge, ...]
    built_on: dict[Target, list[Target]]

    @property
    def trained(self) -> list[Edge]:
        """What it was trained on, itself or by what it inherits."""
        return [edge for edge in self.edges if not edge.excluded]

    @property
    def benchmarks(self) -> list[Target]:
        """The benchmarks of which something is known, by name."""
        own = {edge.target for edge in self.edges if edge.target.kind == Benchmark.kind}
        return sorted({*own, *self.built_on}, key=lambda target: (target.name.casefold(), target.slug))

    def exposures_to(self, benchmark: Benchmark, model: int) -> Exposures:
        """The exposure of the model alone to a benchmark; without queries."""
        target = target_of(benchmark)
        return Exposures(target, self.built_on.get(target, ()), {model: self.edges})


def known_of(entry: Entry) -> Known:
    """What is known of the training of a model or component, in three queries; in one if it is nothing."""
    rows = list(Exposure.objects.filter(kind=entry.kind, entry_id=entry.pk).values_list(*EDGE))
    if not rows:
        return Known((), {})
    targets = targets_by_node((kind, pk) for _, kind, pk, *_ in rows)
    edges = [edge_of(row, targets) for row in rows if (row[1], row[2]) in targets]
    datasets = {target for target in targets.values() if target.kind == Dataset.kind}
    return Known(
        tuple(sorted(edges, key=lambda edge: (len(edge.path), edge.excluded, edge.target.name.casefold()))),
        built_on(datasets),
    )


def built_on(datasets: Collection[Target]) -> dict[Target, list[Target]]:
    """The benchmarks that are built on some of these datasets, with those; in one query."""
    by_pk = {target.pk: target for target in datasets}
    rows = Foundation.objects.filter(dataset__in=by_pk).order_by("benchmark__slug", "pk")
    benchmarks = dict[Target, list[Target]]()
    for pk, slug, name, dataset in rows.values_list(*(f"benchmark__{key}" for key in ("pk", "slug", "name")), "dataset_id"):
        benchmarks.setdefault(Target(Benchmark.kind, pk, slug, name), []).append(by_pk[dataset])
    return benchmarks


@dataclass(frozen=True)
class Trained:
    """A model or component that was trained on something."""

    entry: Target
    edge: Edge


@dataclass(frozen=True)
class TrainedOn:
    """What was trained on a dataset or benchmark: how many models and components themselves, how many by what they
    inherit, and how many are stated not to be, with the first of each."""

    direct: int
    inherited: int
    excluded: int
    first_direct: list[Trained]
    first_inherited: list[Trained]
    first_excluded: list[Trained]


def trained_on(entry: Entry, limit: int) -> TrainedOn:
    """What was trained on a dataset or benchmark, in at most five queries."""
    target = target_of(entry)
    rows = Exposure.objects.filter(_about([target]))
    direct, excluded = rows.filter(excluded=False, path=[]), rows.filter(excluded=True)
    inherited = rows.filter(excluded=False).exclude(path=[])
    groups = [list(_first(some, limit)) for some in (direct, inherited, excluded)]
    counts = [_count(some, group, limit) for some, group in zip((direct, inherited, excluded), groups, strict=True)]
    entries = targets_by_node({(row["kind"], row["entry_id"]) for group in groups for row in group}, MODELS)
    shown = [
        [
            Trained(entries[key], edge_of([row[name] for name in EDGE], {(target.kind, target.pk): target}))
            for row in group
            if (key := (row["kind"], row["entry_id"])) in entries
        ]
        for group in groups
    ]
    return TrainedOn(*counts, *shown)


def _first(rows: Any, limit: int) -> Iterable[dict[str, Any]]:
    return rows.order_by("-kind", "-entry_id", "variant").values("kind", "entry_id", *EDGE)[:limit]


def _count(rows: Any, first: list[dict[str, Any]], limit: int) -> int:
    """The number of entries, asked only if not all of them were read."""
    if len(first) < limit:
        return len({(row["kind"], row["entry_id"]) for row in first})
    return int(rows.order_by().values("kind", "entry_id").distinct().count())


def exposed_models(exposures: Exposures, measured: Iterable[tuple[Claim, Row]]) -> int:
    """How many of the models that were measured on a benchmark are exposed to it, in one of their variants."""
    names = {(claim.model, claim.variant): row["paper__name"] for claim, row in measured}
    judged = {key: exposures.of(*key, name).verdict for key, name in names.items()}
    return len({model for (model, _), verdict in judged.items() if verdict == Verdict.EXPOSED})


def target_of(entry: Entry) -> Target:
    """An entry as something that is trained on."""
    return Target(entry.kind, entry.pk, entry.slug, entry.name)


def targets_by_node(
    nodes: Iterable[tuple[str, int]], models: tuple[type[Entry], ...] = TARGETS
) -> dict[tuple[str, int], Target]:
    """Entries of these kinds by kind and primary key, in one query."""
    wanted = set(nodes)
    first, *others = (
        model.objects.filter(pk__in=[pk for kind, pk in wanted if kind == model.kind])
        .order_by()
        .values_list(Value(model.kind), "pk", F("slug"), "name")
        for model in models
    )
    return {(kind, pk): Target(kind, pk, slug, name) for kind, pk, slug, name in first.union(*others, all=True)}


def edge_of(row: Collection[Any], targets: dict[tuple[str, int], Target]) -> Edge:
    """A row with the columns of EDGE."""
    variant, kind, pk, excluded, path = row
    return Edge(variant, targets[kind, pk], excluded, tuple(PathStep(**step) for step in path))


def _about(targets: Iterable[Target]) -> Q:
    condition = Q()
    for kind, ids in ids_by_kind((target.kind, target.pk) for target in targets).items():
        condition |= Q(target_kind=kind, target_id__in=ids)
    return condition
