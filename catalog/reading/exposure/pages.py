"""Exposure on the pages of entries: what a model or component was trained on, what was trained on data."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.reading.exposure.judging import Edge, Target, Verdict
from catalog.reading.exposure.reading import Known, Trained, TrainedOn
from catalog.reading.exposure.words import ShownExposure, shown, trained_on
from catalog.reading.pages import REFERRING_SHOWN


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, in which variant, and in words why it is listed."""

    target: Target
    variant: str
    words: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of lines, of which the first are shown."""

    title: str
    shown: list[Line]
    count: int


@dataclass(frozen=True, slots=True)
class ExposedLine:
    """A benchmark, and what is known of the exposure of a model to it, in one of its variants or in all."""

    target: Target
    variant: str
    exposure: ShownExposure


@dataclass(frozen=True, slots=True)
class Training:
    """What a model or component was trained on, in groups, and the benchmarks that it is exposed to, or stated not to
    be; `count` is the number of them all."""

    groups: list[Lines]
    benchmarks: list[ExposedLine]
    count: int


def training(known: Known) -> Training | None:
    """What the page of a model or component says of its training; None if nothing is known."""
    if not known.edges:
        return None
    own = [edge for edge in known.trained if not edge.path]
    inherited = [edge for edge in known.trained if edge.path]
    excluded = [edge for edge in known.edges if edge.excluded]
    titles = ("Trained on", "By what it inherits", "Stated not to be trained on")
    groups = [_lines(title, edges) for title, edges in zip(titles, (own, inherited, excluded), strict=True) if edges]
    exposed = [(target, known.judge(target)) for target in known.benchmarks]
    told = [(target, one) for target, one in exposed if one.verdict != Verdict.UNKNOWN]
    lines = [
        ExposedLine(target, one.edge.variant if one.edge else "", shown(one, target))
        for target, one in told[:REFERRING_SHOWN]
    ]
    return Training(groups, lines, len(told))


def _lines(title: str, edges: Sequence[Edge]) -> Lines:
    shown_edges = edges[:REFERRING_SHOWN]
    return Lines(title, [Line(edge.target, edge.variant, _path(edge)) for edge in shown_edges], len(edges))


def _path(edge: Edge) -> str:
    return trained_on(edge) if edge.path else ""


def trained_lines(found: TrainedOn) -> list[Lines]:
    """What the page of a dataset or benchmark lists of models and components."""
    groups = (
        ("Trained on it", found.direct),
        ("Exposed through what they inherit", found.inherited),
        ("Stated not to be trained on it", found.excluded),
    )
    return [Lines(title, list(map(_line, group.first)), group.count) for title, group in groups if group.count]


def _line(one: Trained) -> Line:
    return Line(one.entry, one.edge.variant, _path(one.edge))
