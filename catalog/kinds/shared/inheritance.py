"""What inherits from what: the links along which a model or component inherits what others were trained on.

A model that names the rows of such links says so by `inherits`: the column that says how a row links, and the step that
each of its values is; a row with another value links nothing that is inherited. These functions ask the tables of all
kinds, one query a table, for any number of entries.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from catalog.models import Entry, Reference, owner_of

Node = tuple[str, int]
"""An entry: its kind and primary key."""


class Step(models.TextChoices):
    """How an entry inherits from another one."""

    INITIALISED_FROM = "initialised-from", "initialised from"
    FINE_TUNED_FROM = "fine-tuned-from", "fine-tuned from"
    VISION_ENCODER = "vision-encoder", "vision encoder"
    LANGUAGE_BACKBONE = "language-backbone", "language model"
    OTHER_ENCODER = "other-encoder", "encoder"
    CONNECTOR = "connector", "connector"


@dataclass(frozen=True, slots=True)
class Link:
    """`child` inherits from `parent`; in these variants only, if there are any."""

    child: Node
    step: str
    parent: Node
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkTable:
    """A table with links: the kind and column of its owner, the kinds of entries that it refers to by column, and the
    steps by the values of the column that says how it links."""

    model: type[Reference]
    kind: str
    owner: str
    targets: Mapping[str, str]
    column: str
    steps: Mapping[str, str]

    def read(self, **condition: Any) -> Iterator[Link]:
        """The links that meet a condition; in one query."""
        has_variants = any(field.name == "variants" for field in self.model._meta.get_fields())
        columns = [f"{self.owner}_id", self.column, *(f"{name}_id" for name in self.targets)]
        rows = self.model._default_manager.filter(Q(**condition, _connector=Q.OR), **{f"{self.column}__in": self.steps})
        for owner, value, *ids in rows.order_by().values_list(*columns, *(["variants"] if has_variants else [])):
            variants = texts(ids.pop()) if has_variants else ()
            for kind, pk in zip(self.targets.values(), ids, strict=True):
                if pk is not None:
                    yield Link((self.kind, owner), self.steps[value], (kind, pk), variants)


@cache
def link_tables() -> tuple[LinkTable, ...]:
    """The tables with links."""
    return tuple(
        LinkTable(model, owner_kind(model), owner_of(model), targets_of(model), *model.inherits)
        for model in apps.get_models()
        if issubclass(model, Reference) and hasattr(model, "inherits")
    )


def owner_kind(model: type[models.Model]) -> str:
    """The kind of the entries that rows belong to."""
    owner: Any = model._meta.get_field(owner_of(model))
    return str(owner.related_model.kind)


def targets_of(model: type[models.Model]) -> dict[str, str]:
    """The kinds of entries that rows refer to, by column."""
    columns: list[Any] = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    targets = [field for field in columns if field.name != owner_of(model) and issubclass(field.related_model, Entry)]
    return {field.name: field.related_model.kind for field in targets}


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a stored list; those of a past day, or of a damaged row, may be something else."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def ids_by_kind(nodes: Iterable[Node]) -> dict[str, list[int]]:
    """The primary keys of entries, by kind."""
    ids: dict[str, list[int]] = {}
    for kind, pk in nodes:
        ids.setdefault(kind, []).append(pk)
    return ids


def links_from(children: Collection[Node]) -> list[Link]:
    """The links from these entries to what they inherit from."""
    ids = ids_by_kind(children)
    tables = [table for table in link_tables() if table.kind in ids]
    return [link for table in tables for link in table.read(**{f"{table.owner}__in": ids[table.kind]})]


def links_to(parents: Collection[Node]) -> list[Link]:
    """The links to these entries from what inherits from them."""
    ids, links = ids_by_kind(parents), list[Link]()
    for table in link_tables():
        condition = {f"{name}__in": ids[kind] for name, kind in table.targets.items() if kind in ids}
        if condition:
            wanted = set(parents)
            links += [link for link in table.read(**condition) if link.parent in wanted]
    return links


MOST_GENERATIONS = 100
"""How far up the links are followed from an entry that is edited."""


class TooManyGenerations(Exception):
    """An entry inherits through more links than anybody would follow."""


def find_circle(entry: Node, parents: Collection[Node]) -> list[Node]:
    """How `entry` would inherit from itself if it inherited from `parents`: the entries from one of them to `entry`;
    empty if it would not. Raises TooManyGenerations."""
    came_from: dict[Node, Node | None] = dict.fromkeys(parents)
    generation = set(parents)
    for _ in range(MOST_GENERATIONS):
        if entry in came_from:
            return _way(entry, came_from)
        if not generation:
            return []
        links = [link for link in links_from(generation) if link.parent not in came_from]
        came_from.update((link.parent, link.child) for link in links)
        generation = {link.parent for link in links}
    raise TooManyGenerations


def _way(entry: Node, came_from: Mapping[Node, Node | None]) -> list[Node]:
    way, node = list[Node](), entry
    while (before := came_from[node]) is not None:
        way.append(node)
        node = before
    return [node, *reversed(way)]
