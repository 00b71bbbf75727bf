"""The names of models and benchmarks, as plain values, and what is found under a name.

A name is looked for as it is, then in any case, then in any punctuation, among names first and aliases next, and last
among names that are made of several. What is found twice is not chosen from.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice, product
from typing import Any, Generic, TypeVar

from catalog.kinds.result.vocabulary import SPELLINGS, find_row, names_of
from catalog.text.folding import compact
from catalog.text.identifiers import hub_of

Row = Mapping[str, Any]
T = TypeVar("T", "Checkpoint", "Place")

SIZE = re.compile(r"[0-9][0-9.,]*\s*[kmbt]?", re.IGNORECASE)
"""A variant that is called by its size is no name without that of its model."""
SUGGESTED = 3
MOST_COMPOSED = 200
"""Of one benchmark: names that are made of its own and those of its splits and parts."""


@dataclass(frozen=True, kw_only=True)
class ModelNames:
    """What a model is called; `variants` are rows with name, aliases and weights_url, `weights` addresses of weights of
    the model itself."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    variants: tuple[Row, ...] = ()
    weights: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BenchmarkNames:
    """What a benchmark is called and what it lists, as rows of its payload."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    huggingface_id: str = ""
    metrics: tuple[Row, ...] = ()
    splits: tuple[Row, ...] = ()
    parts: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A variant of a model, by slug and name; "" where only the model is known."""

    model: str
    variant: str = ""

    def joined(self, other: "Checkpoint") -> "Checkpoint | None":
        """Both at once, if they do not contradict one another: a model and one of its variants are that variant."""
        variants = {self.variant, other.variant} - {""}
        if self.model != other.model or len(variants) > 1:
            return None
        return Checkpoint(self.model, *variants)


@dataclass(frozen=True, slots=True)
class Place:
    """A benchmark, and the split and part that a name tells besides."""

    benchmark: str
    split: str = ""
    part: str = ""

    def joined(self, other: "Place") -> "Place | None":
        """Both at once, if they do not contradict one another."""
        splits, parts = {self.split, other.split} - {""}, {self.part, other.part} - {""}
        if self.benchmark != other.benchmark or len(splits) > 1 or len(parts) > 1:
            return None
        return Place(self.benchmark, next(iter(splits), ""), next(iter(parts), ""))


@dataclass
class Index(Generic[T]):
    """What is found under a name."""

    by_spelling: list[tuple[Callable[[str], str], list[dict[str, set[T]]]]] = field(
        default_factory=lambda: [(spelling, [defaultdict(set), defaultdict(set)]) for spelling in SPELLINGS]
    )
    spelled: dict[str, str] = field(default_factory=dict)
    """Names by their compact spelling, for suggestions."""
    composed: dict[str, set[T]] = field(default_factory=lambda: defaultdict(set))
    """What is found under a name that is made of several, by its compact spelling, where no name is the same."""
    given: dict[str, T] = field(default_factory=dict)
    """What somebody said that a name, as it is printed, stands for."""

    def add(self, found: T, names: Iterable[str], aliases: Iterable[str] = ()) -> None:
        names = [name for name in names if name]
        also = [*names, *(alias for alias in aliases if alias)]
        for name in also:
            self.spelled.setdefault(compact(name), name)
        for spelling, (by_name, by_alias) in self.by_spelling:
            for known, given in ((by_name, names), (by_alias, also)):
                for name in given:
                    if spelled := spelling(name):
                        known[spelled].add(found)

    def compose(self, found: T, name: str) -> None:
        self.composed[compact(name)].add(found)

    def find(self, name: str) -> set[T]:
        """What has this name: one, none, or several that cannot be told apart."""
        if name in self.given:
            return {self.given[name]}
        several: set[T] = set()
        for spelling, stages in self.by_spelling:
            spelled = spelling(name)
            for known in stages:
                found = known.get(spelled, set()) if spelled else set()
                if len(found) == 1:
                    return found
                several = several or found
        return several or self.composed.get(compact(name), set())

    def nearest(self, name: str) -> list[str]:
        """Up to three known names that are similar."""
        close = get_close_matches(compact(name)[:100], self.spelled, SUGGESTED, 0.6)
        return [self.spelled[one] for one in close]


class KnownNames:
    """All names of a catalogue; built from plain values, in time that grows with their number."""

    def __init__(self, models: Iterable[ModelNames], benchmarks: Iterable[BenchmarkNames]) -> None:
        self.checkpoints: Index[Checkpoint] = Index()
        self.places: Index[Place] = Index()
        self.benchmarks: dict[str, BenchmarkNames] = {}
        self.models: dict[str, str] = {}
        self.variants: dict[str, tuple[Row, ...]] = {}
        self._rows: dict[tuple[str, str, str], Row | None] = {}
        for model in models:
            self._add_model(model)
        for benchmark in benchmarks:
            self._add_benchmark(benchmark)

    def row(self, benchmark: str, key: str, name: str) -> Row | None:
        """The row of a benchmark's metrics, splits or parts with this name."""
        wanted = (benchmark, key, name)
        if wanted not in self._rows:
            if len(self._rows) >= MOST_ROWS_KEPT:
                self._rows.clear()
            self._rows[wanted] = find_row(getattr(self.benchmarks[benchmark], key), name)
        return self._rows[wanted]

    def give_model(self, printed: str, slug: str, variant: str = "") -> None:
        """Say which model or variant a printed name stands for. Raises LookupError for one that is not known."""
        row = find_row(self.variants[slug], variant) if slug in self.variants and variant else None
        if slug not in self.variants or (variant and row is None):
            raise LookupError(
                f"there is no {'variant ' + variant + ' of ' if slug in self.variants else ''}model {slug}"
            )
        self.checkpoints.given[printed] = Checkpoint(slug, str(row["name"]) if row else "")

    def give_benchmark(self, printed: str, slug: str) -> None:
        """Say which benchmark a printed name stands for. Raises LookupError for one that is not known."""
        if slug not in self.benchmarks:
            raise LookupError(f"there is no benchmark {slug}")
        self.places.given[printed] = Place(slug)

    def _add_model(self, model: ModelNames) -> None:
        self.models[model.slug], self.variants[model.slug] = model.name, model.variants
        own = {compact(name) for name in (model.name, *model.aliases)}
        named_like_it = False
        for row in model.variants:
            if not row["name"]:
                continue
            named_like_it = named_like_it or compact(row["name"]) in own
            ids = [row.get("weights_url") or ""]
            if len(model.variants) == 1:
                ids += model.weights
            names, aliases = [row["name"]], names_of(row, ("aliases",))
            composed = [f"{model.name} {name}" for name in (*names, *aliases)]
            alone = [name for name in aliases if not SIZE.fullmatch(name)]
            known = names if not SIZE.fullmatch(row["name"]) else []
            found = Checkpoint(model.slug, row["name"])
            self.checkpoints.add(found, known, [*alone, *composed, *map(hub_id, ids)])
        if not named_like_it:
            weights = () if model.variants else model.weights
            self.checkpoints.add(Checkpoint(model.slug), [model.name], [*model.aliases, *map(hub_id, weights)])

    def _add_benchmark(self, benchmark: BenchmarkNames) -> None:
        self.benchmarks[benchmark.slug] = benchmark
        names = [benchmark.name, *benchmark.aliases]
        self.places.add(Place(benchmark.slug), names[:1], [*names[1:], benchmark.huggingface_id])
        splits = [("", [""]), *((row["name"], names_of(row)) for row in benchmark.splits)]
        parts = [("", [""]), *((row["name"], names_of(row)) for row in benchmark.parts)]
        composed = (
            (Place(benchmark.slug, split, part), words)
            for (part, part_names), (split, split_names) in product(parts, splits)
            for words in product(names, split_names, part_names)
            if split or part
        )
        for place, (name, split_name, part_name) in islice(composed, MOST_COMPOSED):
            self.places.compose(place, f"{name} {split_name} {part_name}")
            self.places.compose(place, f"{name} {part_name} {split_name}")


MOST_ROWS_KEPT = 50_000


def hub_id(url: str) -> str:
    """The id of a repository of Hugging Face in its address, such as openai/clip-vit-large-patch14; "" without one."""
    kind, name = hub_of(url)
    return name if kind == "model" else ""
