"""Lineage: links between models and components."""

from dataclasses import dataclass

from django.db.models import Value

from catalog.kinds.component.model import Component, ComponentOrigin
from catalog.kinds.paper.model import Paper, PaperOrigin
from catalog.kinds.shared.origins import Relation
from catalog.models import Entry

RELATION_TEXTS = {
    Relation.SUCCESSOR_OF: "its successor",
    Relation.INITIALISED_FROM: "initialised from it",
    Relation.FINE_TUNED_FROM: "fine-tuned from it",
    Relation.VISION_ENCODER: "sees through it",
    Relation.LANGUAGE_BACKBONE: "speaks through it",
    Relation.CONNECTOR: "joined by it",
}


@dataclass(frozen=True)
class LineageLink:
    """`descendant` descends from `source` by this relation; `note` says how."""

    source: Entry
    descendant: Entry
    relation: str
    note: str

    @property
    def relation_text(self) -> str:
        """The relation of the descendant to its source, as shown on the page of the source."""
        return RELATION_TEXTS[Relation(self.relation)]


def descendants(entry: Paper | Component) -> list[LineageLink]:
    """The lineage links from a paper or component to its descendants, models first, in one query. Of a descendant only
    slug and name are read."""
    field = "paper" if isinstance(entry, Paper) else "component"
    models, components = (
        table._default_manager.filter(**{field: entry})
        .order_by()
        .values_list(Value(number), "position", "pk", "owner__slug", "owner__name", "relation", "note")
        for number, table in enumerate((PaperOrigin, ComponentOrigin))
    )
    return [
        LineageLink(entry, (Paper, Component)[number](slug=slug, name=name), relation, note)
        for number, _, _, slug, name, relation, note in sorted(models.union(components, all=True))
    ]
