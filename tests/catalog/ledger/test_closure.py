"""The closure of training data equals a plain search of all paths, however the links lie."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.shared.inheritance import Link, Node
from catalog.ledger.indexing import closure as closures
from catalog.ledger.indexing.closure import MOST_STEPS, Path, Reached, Stated, closure

STEPS = ("fine-tuned-from", "initialised-from")
VARIANTS = st.lists(st.sampled_from(["7B", "13B"]), max_size=2, unique=True).map(tuple)
MODELS: list[Node] = [("paper", number) for number in range(6)]
DATA: list[Node] = [("dataset", number) for number in range(4)]
LINKS = st.lists(
    st.builds(Link, st.sampled_from(MODELS), st.sampled_from(STEPS), st.sampled_from(MODELS), VARIANTS),
    max_size=14,
)
STATEMENTS = st.lists(
    st.tuples(st.sampled_from(MODELS), st.builds(Stated, st.sampled_from(DATA), st.booleans(), VARIANTS)), max_size=10
)
Graph = tuple[list[Link], list[tuple[Node, Stated]]]


def reached(entry: Node, graph: Graph) -> list[Reached]:
    links, stated = graph
    return closure(
        entry,
        {node: [link for link in links if link.child == node] for node in MODELS},
        {node: [row for owner, row in stated if owner == node] for node in MODELS},
    )


def paths(entry: Node, graph: Graph, variant: str) -> Iterator[tuple[Node, Path]]:
    """Every way without repetitions to something that an entry was trained on, for a variant or, with "", for all."""

    def holds(variants: tuple[str, ...], at: Node) -> bool:
        return not variants if at != entry or not variant else not variants or variant in variants

    def follow(node: Node, path: Path) -> Iterator[tuple[Node, Path]]:
        for owner, row in graph[1]:
            if owner == node and not row.excluded and holds(row.variants, node):
                yield row.target, path
        for link in graph[0]:
            if link.child == node and holds(link.variants, node) and link.parent not in {entry, *(n for _, n in path)}:
                yield from follow(link.parent, (*path, (link.step, link.parent)))

    yield from follow(entry, ())


@given(graph=st.tuples(LINKS, STATEMENTS))
def test_it_reaches_what_a_plain_search_reaches_by_the_first_of_the_shortest_paths(graph: Graph) -> None:
    """Also where the links go in circles."""
    for entry in MODELS:
        shortest: dict[tuple[str, Node], Path] = {}
        for variant in ("", "7B", "13B"):
            for target, path in paths(entry, graph, variant):
                before = shortest.get((variant, target), path)
                shortest[variant, target] = min(before, path, key=lambda one: (len(one), one))
        for variant, target in list(shortest):
            if variant and ("", target) in shortest:
                del shortest[variant, target]  # what holds for all is said once

        found = [one for one in reached(entry, graph) if not one.excluded]

        assert {(one.variant, one.target): one.path for one in found} == shortest
        assert len(found) == len(shortest)


@given(graph=st.tuples(LINKS, STATEMENTS), link=LINKS.filter(bool), more=STATEMENTS)
def test_more_links_and_statements_take_nothing_away(
    graph: Graph, link: list[Link], more: list[tuple[Node, Stated]]
) -> None:
    larger = ([*graph[0], *link], [*graph[1], *more])

    for entry in MODELS:
        before, after = (
            {(one.variant, one.target, one.excluded) for one in reached(entry, some)} for some in (graph, larger)
        )
        general = {(target, excluded) for variant, target, excluded in after if not variant}

        assert {one for one in before - after if one[1:] not in general} == set()


@given(graph=st.tuples(LINKS, STATEMENTS))
def test_that_a_model_was_not_trained_on_something_is_not_inherited(graph: Graph) -> None:
    for entry in MODELS:
        said = {
            (variant, row.target)
            for owner, row in graph[1]
            if owner == entry and row.excluded
            for variant in row.variants or ("",)
        }

        assert {(one.variant, one.target) for one in reached(entry, graph) if one.excluded} == said


def chain(length: int) -> Graph:
    """A model that was initialised from another one, and so on; the last was trained on something."""
    nodes: list[Node] = [("paper", number) for number in range(length + 1)]
    links = [Link(child, STEPS[1], parent) for child, parent in pairwise(nodes)]
    return links, [(nodes[-1], Stated(DATA[0]))]


def test_it_ends_after_the_most_steps() -> None:
    def targets(length: int) -> list[Node]:
        links, [(last, stated)] = chain(length)
        by_child = {link.child: [link] for link in links}
        return [one.target for one in closure(("paper", 0), by_child, {last: [stated]})]

    assert (targets(MOST_STEPS), targets(MOST_STEPS + 1)) == ([DATA[0]], [])


def test_the_nearest_targets_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closures, "MOST_TARGETS", 2)
    near, far = Stated(DATA[3]), [Stated(DATA[0]), Stated(DATA[1])]
    graph: Graph = ([Link(MODELS[0], STEPS[0], MODELS[1])], [(MODELS[0], near), *((MODELS[1], one) for one in far)])

    assert [one.target for one in reached(MODELS[0], graph)] == [DATA[3], DATA[0]]


def test_what_variants_were_trained_on_is_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closures, "MOST_TARGETS", 2)
    rows = [(MODELS[0], Stated(DATA[number % 2], variants=(f"{number}B",))) for number in range(4)]

    found = reached(MODELS[0], ([], [*rows, (MODELS[0], Stated(DATA[3]))]))

    assert [(one.variant, one.target) for one in found] == [("", DATA[3]), ("0B", DATA[0]), ("1B", DATA[1])]
