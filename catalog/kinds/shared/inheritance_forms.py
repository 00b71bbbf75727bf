"""The form of kinds that inherit what others were trained on: nothing inherits from itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.forms.display import target_model
from catalog.forms.entry import EntryForm
from catalog.kinds.shared.inheritance import (
    LinkTable,
    Node,
    TooManyGenerations,
    find_circle,
    ids_by_kind,
    link_tables,
    links_from,
)
from catalog.kinds.shared.training_forms import contradictions

SHOWN = 6
"""The most entries of a circle that a message names."""


class InheritingForm(EntryForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if messages := contradictions(data.get("training_datasets") or ()):
            self.add_error("training_datasets", messages)
        if self.instance.pk:
            self._refuse_circles(data)
        return data

    def _refuse_circles(self, data: Mapping[str, Any]) -> None:
        """Add an error for each field by which the entry would come to inherit from itself. What it inherits from
        already is not looked at, so that a circle of old keeps nobody from editing. Nothing inherits from an entry that
        is new."""
        own: Node = (self.Meta.model.kind, self.instance.pk)
        parents = {key: self._parents(key, data) - {own} for key in self.referenced_ids if key in data}
        if not any(parents.values()):
            return
        known = {link.parent for link in links_from([own])}
        for key, named in parents.items():
            if message := circle_message(own, self.instance.name, named - known):
                super().add_error(key, message)

    def _parents(self, key: str, data: Mapping[str, Any]) -> set[Node]:
        """What the rows of a field make the entry inherit from."""
        field, ids = self.tables()[key], self.referenced_ids[key]
        table = table_of(self.Meta.model.kind, getattr(self.Meta.model, field.accessor).rel.related_model)
        if table is None:
            return set()
        linking = [row for row in data[key] if {**field.fixed, **row}.get(table.column) in table.steps]
        cells = field.targets.items()
        named = [(kind, ids[name].get(row.get(name) or "")) for row in linking for name, kind in cells]
        return {(kind, pk) for kind, pk in named if pk is not None}


def table_of(kind: str, model: type) -> LinkTable | None:
    """The table with links that a field of a kind keeps its rows in, if it is one."""
    return next((table for table in link_tables() if table.kind == kind and table.model is model), None)


def circle_message(own: Node, name: str, parents: Iterable[Node]) -> str:
    """Why an entry cannot inherit from these, or ""."""
    wanted = sorted(parents)
    if not wanted:
        return ""
    try:
        circle = find_circle(own, wanted)
    except TooManyGenerations:
        return "What you name descends from others in too many steps to follow. Name what it was made from itself."
    if not circle:
        return ""
    names = names_of(circle[:-1])
    through = [names[node] for node in circle[:-1]]
    shown = [name, *through[:SHOWN], *(["…"] if len(through) > SHOWN else []), name]
    return f"{name} would descend from itself: {' → '.join(shown)}. Remove one of these references."


def names_of(nodes: Iterable[Node]) -> dict[Node, str]:
    """The names of entries, one query a kind."""
    return {
        (kind, pk): name
        for kind, ids in ids_by_kind(nodes).items()
        for pk, name in target_model(kind)._default_manager.filter(pk__in=ids).values_list("pk", "name")
    }
