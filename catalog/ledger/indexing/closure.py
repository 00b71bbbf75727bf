"""What an entry was trained on, itself and through what it inherits from: the closure of plain links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.kinds.shared.inheritance import Link, Node

MOST_STEPS = 8
"""Through how many links something is inherited; models that descend from one another in more steps are not known."""
MOST_TARGETS = 500
"""Of what an entry was trained on in all its variants the nearest are kept, and as many of what else its variants
were."""
MOST_VARIANTS = 500

Path = tuple[tuple[str, Node], ...]
"""The step and the entry that it leads to, one after the other."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry states that it was trained on `target`, or with `excluded` that it was not; of these variants only, if
    there are any."""

    target: Node
    excluded: bool = False
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """A target of an entry in a variant ("" for all), and the path to the entry that states it."""

    variant: str
    target: Node
    excluded: bool
    path: Path


Links = Mapping[Node, Sequence[Link]]
"""The links from an entry to what it inherits from, by entry."""
Statements = Mapping[Node, Sequence[Stated]]


def closure(entry: Node, links: Links, stated: Statements) -> list[Reached]:
    """What an entry was trained on in all its variants, then what else in each of them; the shortest path to each.

    What it inherits is what holds for all variants of the others. That it was not trained on something is stated by
    itself alone.
    """
    own = stated.get(entry, ())
    named = [*(link.variants for link in links.get(entry, ())), *(row.variants for row in own)]
    scopes = {name for variants in named for name in variants}
    everywhere = list(_reached(entry, "", links, stated))
    known = {one.target for one in everywhere}
    of_variants = (
        one
        for variant in sorted(scopes)[:MOST_VARIANTS]
        for one in _reached(entry, variant, links, stated)
        if one.target not in known
    )
    return [*everywhere[:MOST_TARGETS], *islice(of_variants, MOST_TARGETS), *_excluded(own)]


def _reached(entry: Node, variant: str, links: Links, stated: Statements) -> Iterator[Reached]:
    """What the links and statements of an entry that hold for a variant lead to, the nearest first."""
    seen_targets, seen = set[Node](), {entry}
    layer: list[tuple[Path, Node]] = [((), entry)]
    for _ in range(MOST_STEPS + 1):
        targets = dict[Node, Path]()
        for path, node in layer:
            for row in stated.get(node, ()):
                if not row.excluded and _holds(row.variants, variant if node == entry else ""):
                    targets.setdefault(row.target, path)
        for target in sorted(targets.keys() - seen_targets):
            yield Reached(variant, target, excluded=False, path=targets[target])
        seen_targets |= targets.keys()
        layer = _next(layer, entry, variant, links, seen)
        seen |= {node for _, node in layer}


def _next(
    layer: Iterable[tuple[Path, Node]], entry: Node, variant: str, links: Links, seen: set[Node]
) -> list[tuple[Path, Node]]:
    """The entries that are one link further and not seen yet, each by the first of the paths to it."""
    paths = sorted(
        ((*path, (link.step, link.parent)), link.parent)
        for path, node in layer
        for link in links.get(node, ())
        if link.parent not in seen and _holds(link.variants, variant if node == entry else "")
    )
    first = dict[Node, Path]()
    for path, node in paths:
        first.setdefault(node, path)
    return sorted((path, node) for node, path in first.items())


def _holds(variants: Sequence[str], variant: str) -> bool:
    """Whether what is said of some variants, or of all if there are none, holds for one; "" stands for all."""
    return variant in variants if variants and variant else not variants


def _excluded(own: Iterable[Stated]) -> list[Reached]:
    """What an entry is stated not to be trained on."""
    said = {(name, row.target) for row in own if row.excluded for name in row.variants or ("",)}
    return [Reached(variant, target, excluded=True, path=()) for variant, target in sorted(said)[:MOST_TARGETS]]
