"""What models were trained on, from the index of exposure: the only module here that asks the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from catalog.kinds.benchmark.model import Benchmark, Foundation
from catalog.kinds.component.model import Component
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.shared.inheritance import ids_by_kind
from catalog.models import Entry, Exposure
from catalog.reading.exposure.judging import Edge, Exposures, Judgement, PathStep, Target, Verdict, judge
from catalog.reading.results.claims import Claim
from catalog.text.rows import Row

TARGETS: tuple[type[Entry], ...] = (Dataset, Benchmark)
MODELS: tuple[type[Entry], ...] = (Paper, Component)
GROUPS = ("direct", "inherited", "excluded")
NEWEST_MODELS = ("-kind", "-entry_id", "variant")
EDGE = ("variant", "target_kind", "target_id", "excluded", "path")


def exposures_on(benchmark: Benchmark) -> Exposures:
    """The exposure of all models that have results on a benchmark, in one query."""
    own = target_of(benchmark)
    built_on = Foundation.objects.filter(benchmark=benchmark, dataset__isnull=False).values("dataset_id")
    about = Q(target_kind=own.kind, target_id=own.pk) | Q(target_kind=Dataset.kind, target_id__in=built_on)
    measured = Result.objects.filter(benchmark=benchmark).values("paper_id")
    rows = with_targets(Exposure.objects.filter(about, kind=Paper.kind, entry_id__in=measured)).order_by("pk")
    edges = defaultdict[int, list[Edge]](list)
    for entry_id, slug, name, *row in rows.values_list("entry_id", "slug", "name", *EDGE):
        edges[entry_id].append(edge_of(row, {(row[1], row[2]): Target(row[1], row[2], slug, name)}))
    targets = {edge.target for of_model in edges.values() for edge in of_model}
    return Exposures(own, targets - {own}, edges)


def with_targets(rows: Any) -> Any:
    """Rows with `slug` and `name` of their target, without those whose target is a damaged entry of a past day."""
    named = {
        column: Case(
            *(
                When(
                    target_kind=model.kind, then=Subquery(model.objects.filter(pk=OuterRef("target_id")).values(column))
                )
                for model in TARGETS
            )
        )
        for column in ("slug", "name")
    }
    return rows.annotate(**named).filter(slug__isnull=False)


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

    def judge(self, benchmark: Target) -> Judgement:
        """Judge it in any of its variants: it is exposed if one is, and stated to be clean only if all are."""
        data = self.built_on.get(benchmark, ())
        one = judge(self.edges, benchmark, data)
        return one if one.edge else judge((edge for edge in self.edges if not edge.variant), benchmark, data)

    def exposures_to(self, benchmark: Benchmark, model: int) -> Exposures:
        """The exposure of the model alone to a benchmark; without queries."""
        target = target_of(benchmark)
        return Exposures(target, self.built_on.get(target, ()), {model: self.edges})


def known_of(entry: Entry) -> Known:
    """What is known of the training of a model or component, in two queries; in one if it is nothing."""
    rows = with_targets(Exposure.objects.filter(kind=entry.kind, entry_id=entry.pk))
    edges = [
        edge_of(row, {(row[1], row[2]): Target(row[1], row[2], slug, name)})
        for slug, name, *row in rows.values_list("slug", "name", *EDGE)
    ]
    datasets = {edge.target for edge in edges if edge.target.kind == Dataset.kind}
    if not edges:
        return Known((), {})
    return Known(
        tuple(sorted(edges, key=lambda edge: (len(edge.path), edge.excluded, edge.target.name.casefold()))),
        built_on(datasets),
    )


def built_on(datasets: Collection[Target]) -> dict[Target, list[Target]]:
    """The benchmarks that are built on some of these datasets, with those; in one query."""
    by_pk = {target.pk: target for target in datasets}
    rows = Foundation.objects.filter(dataset__in=by_pk).order_by("benchmark__slug", "pk")
    benchmarks = dict[Target, list[Target]]()
    for pk, slug, name, dataset in rows.values_list(
        *(f"benchmark__{key}" for key in ("pk", "slug", "name")), "dataset_id"
    ):
        benchmarks.setdefault(Target(Benchmark.kind, pk, slug, name), []).append(by_pk[dataset])
    return benchmarks


@dataclass(frozen=True)
class Trained:
    """A model or component that was trained on something."""

    entry: Target
    edge: Edge


@dataclass(frozen=True)
class Group:
    """Models and components, or variants of them that differ: how many there are, and the newest."""

    count: int
    first: list[Trained]


@dataclass(frozen=True)
class TrainedOn:
    """What was trained on a dataset or benchmark itself, what by what it inherits, and what is stated not to be."""

    direct: Group
    inherited: Group
    excluded: Group


def trained_on(entry: Entry, limit: int) -> TrainedOn:
    """What was trained on a dataset or benchmark, up to `limit` of each group, in two queries."""
    target = target_of(entry)
    known = {(target.kind, target.pk): target}
    own = Case(
        When(excluded=True, then=Value(GROUPS[2])), When(steps=0, then=Value(GROUPS[0])), default=Value(GROUPS[1])
    )
    rows = (
        Exposure.objects.filter(_about([target]))
        .annotate(group=own)
        .annotate(
            number=Window(RowNumber(), partition_by="group", order_by=NEWEST_MODELS),
            count=Window(Count("pk"), partition_by="group"),
        )
        .filter(number__lte=limit)
        .order_by("number")
    )
    read = list(rows.values_list("group", "count", "kind", "entry_id", *EDGE))
    models = models_by_node((kind, pk) for _, _, kind, pk, *_ in read)
    counts, first = dict.fromkeys(GROUPS, 0), {name: list[Trained]() for name in GROUPS}
    for name, count, kind, pk, *row in read:
        counts[name] = count
        if model := models.get((kind, pk)):
            first[name].append(Trained(model, edge_of(row, known)))
    return TrainedOn(*(Group(counts[name], first[name]) for name in GROUPS))


def exposed_models(exposures: Exposures, measured: Iterable[tuple[Claim, Row]]) -> int:
    """How many of the models that were measured on a benchmark are exposed to it, in one of their variants."""
    names = {(claim.model, claim.variant): row["paper__name"] for claim, row in measured}
    judged = {key: exposures.of(*key, name).verdict for key, name in names.items()}
    return len({model for (model, _), verdict in judged.items() if verdict == Verdict.EXPOSED})


def target_of(entry: Entry) -> Target:
    """An entry as something that is trained on."""
    return Target(entry.kind, entry.pk, entry.slug, entry.name)


def models_by_node(nodes: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Target]:
    """Models and components by kind and primary key, in one query."""
    wanted = set(nodes)
    first, *others = (
        model.objects.filter(pk__in=[pk for kind, pk in wanted if kind == model.kind])
        .order_by()
        .values_list(Value(model.kind), "pk", "slug", "name")
        for model in MODELS
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
