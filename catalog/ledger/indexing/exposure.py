"""The index of exposure: what each entry was trained on, itself and through what it inherits from.

It is made from the rows of entries alone, so that entries may be indexed in any order.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps

from catalog.kinds import KINDS, Kind
from catalog.kinds.result.vocabulary import find_row
from catalog.kinds.shared.inheritance import (
    Link,
    Node,
    ids_by_kind,
    link_tables,
    links_from,
    links_to,
    owner_kind,
    targets_of,
    texts,
)
from catalog.kinds.shared.training import Training
from catalog.ledger.batches import batched
from catalog.ledger.indexing.closure import MOST_STEPS, Reached, Stated, closure
from catalog.ledger.indexing.inserting import insert
from catalog.models import Entry, Exposure, owner_of
from catalog.text.variants import without_model

BATCH = 500
COLUMNS = ("kind", "entry_id", "variant", "target_kind", "target_id", "excluded", "steps", "path")
Row = tuple[Any, ...]
"""The values of COLUMNS."""


@cache
def training_tables() -> dict[str, type[Training]]:
    """The tables of what entries state that they were trained on, by the kind of the entries."""
    return {owner_kind(model): model for model in apps.get_models() if issubclass(model, Training)}


def has_exposure(kind: Kind) -> bool:
    """Whether entries of a kind are trained on something."""
    return kind.name in training_tables()


def exposing_keys(kind: Kind) -> set[str]:
    """The keys of a payload on which the exposure of the entry, and of what inherits from it, depends."""
    tables = {*training_tables().values(), *(table.model for table in link_tables())}
    fields = kind.form.tables().items()
    return {"name", *(key for key, field in fields if getattr(kind.model, field.accessor).rel.related_model in tables)}


def write_exposures(nodes: Collection[Node]) -> None:
    """Write the exposure of entries in place of what was written before, where it differs."""
    for chunk in batched(sorted(nodes), BATCH):
        before, after = _by_entry(_written(chunk)), _by_entry(_rows(chunk))
        changed = [node for node in chunk if before[node] != after[node]]
        _delete(changed)
        _insert(row for node in changed for row in after[node])


def write_descendants(entry: Entry) -> None:
    """Write the exposure of what inherits from an entry."""
    write_exposures(descendants({(entry.kind, entry.pk)}))


def insert_exposures(kind: Kind, entries: Iterable[Entry]) -> None:
    """Write the exposure of entries of which nothing is written yet."""
    if has_exposure(kind):
        _insert(_rows([(kind.name, entry.pk) for entry in entries]))


def drop_exposure(entry: Entry) -> None:
    """Delete the exposure of an entry that leaves the catalogue."""
    _delete([(entry.kind, entry.pk)])


def descendants(entries: Collection[Node]) -> set[Node]:
    """What inherits from entries and is none of them, in a query a table for each step. What one inherits in some of
    its variants only goes no further."""
    found, followed, generation = set[Node](), set(entries), set(entries)
    for _ in range(MOST_STEPS):
        links = [link for chunk in batched(sorted(generation), BATCH) for link in links_to(chunk)]
        found |= {link.child for link in links}
        generation = {link.child for link in links if not link.variants} - followed
        followed |= generation
        if not generation:
            break
    return found - set(entries)


def _rows(nodes: Collection[Node]) -> list[Row]:
    links = _ancestry(nodes)
    known = {*nodes, *(link.parent for some in links.values() for link in some)}
    stated, described = _statements(known), _described(known)
    for child in links:  # a damaged entry of a past day is not there, and what refers to it is
        links[child] = [link for link in links[child] if link.parent in described]
    _use_listed_variants(nodes, links, stated)
    return [_row(node, one, described) for node in nodes if node in described for one in closure(node, links, stated)]


def _row(node: Node, one: Reached, described: dict[Node, dict[str, str]]) -> Row:
    path = [{"relation": str(step), **described[parent]} for step, parent in one.path]
    return (*node, one.variant, *one.target, one.excluded, len(path), path)


def _ancestry(nodes: Collection[Node]) -> dict[Node, list[Link]]:
    """The links from entries and from all that they inherit from, by child."""
    links, generation = defaultdict[Node, list[Link]](list), set(nodes)
    seen = set(nodes)
    for _ in range(MOST_STEPS):
        if not generation:
            break
        for link in links_from(generation):
            links[link.child].append(link)
        generation = {link.parent for node in generation for link in links[node]} - seen
        seen |= generation
    return links


def _statements(nodes: Collection[Node]) -> dict[Node, list[Stated]]:
    """What entries state that they were trained on; a query a table."""
    stated = defaultdict[Node, list[Stated]](list)
    for kind, ids in ids_by_kind(nodes).items():
        if model := training_tables().get(kind):
            targets, owner = targets_of(model), f"{owner_of(model)}_id"
            for row in model._default_manager.filter(**{f"{owner}__in": ids}):
                named = [(name, getattr(row, f"{column}_id")) for column, name in targets.items()]
                stated[kind, getattr(row, owner)] += [
                    Stated((name, pk), row.excluded, texts(row.variants)) for name, pk in named if pk is not None
                ]
    return stated


def _use_listed_variants(
    nodes: Collection[Node], links: dict[Node, list[Link]], stated: dict[Node, list[Stated]]
) -> None:
    """Name the variants of entries as their lists do, where their rows use an alias; in a query a kind, if rows name
    variants at all."""
    naming = [
        node
        for node in nodes
        if any(link.variants for link in links[node]) or any(row.variants for row in stated[node])
    ]
    for kind, ids in ids_by_kind(naming).items():
        for entry in KINDS[kind].model.objects.filter(pk__in=ids):
            listed, node = _variants_of(entry), (kind, entry.pk)
            links[node] = [replace(link, variants=_listed(link.variants, listed, entry)) for link in links[node]]
            stated[node] = [replace(row, variants=_listed(row.variants, listed, entry)) for row in stated[node]]


def _variants_of(entry: Any) -> list[dict[str, Any]]:
    """The variants that a model lists, each also by its name without the model's; without damaged rows."""
    rows = [row for row in entry.variants if isinstance(row, dict) and isinstance(row.get("name"), str)]
    return [
        {"name": row["name"], "aliases": [*texts(row.get("aliases")), without_model(row["name"], entry.name)]}
        for row in rows
    ]


def _listed(variants: Iterable[str], listed: list[dict[str, Any]], model: Entry) -> tuple[str, ...]:
    rows = {name: find_row(listed, name) or find_row(listed, without_model(name, model.name)) for name in variants}
    return tuple(str(row["name"]) if row and row["name"] else name for name, row in rows.items())


def _described(nodes: Collection[Node]) -> dict[Node, dict[str, str]]:
    """Kind, slug and name of entries; a query a kind."""
    return {
        (kind, pk): {"kind": kind, "slug": slug, "name": name}
        for kind, ids in ids_by_kind(nodes).items()
        for pk, slug, name in KINDS[kind].model.objects.filter(pk__in=ids).order_by().values_list("pk", "slug", "name")
    }


def _by_entry(rows: Iterable[Row]) -> defaultdict[Node, list[Row]]:
    by_entry = defaultdict[Node, list[Row]](list)
    for row in sorted(rows, key=lambda row: row[:6]):
        by_entry[row[0], row[1]].append(row)
    return by_entry


def _written(nodes: Iterable[Node]) -> Iterator[Row]:
    for kind, ids in ids_by_kind(nodes).items():
        yield from Exposure.objects.filter(kind=kind, entry_id__in=ids).values_list(*COLUMNS)


def _delete(nodes: Iterable[Node]) -> None:
    for kind, ids in ids_by_kind(nodes).items():
        Exposure.objects.filter(kind=kind, entry_id__in=ids).delete()


def _insert(rows: Iterable[Row]) -> None:
    insert(Exposure, COLUMNS, ((*row[:-1], json.dumps(row[-1])) for row in rows))
