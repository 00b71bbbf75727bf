"""Lineage: links between models and components."""

from dataclasses import dataclass

from catalog.kinds.component.model import Component, ComponentOrigin
from catalog.kinds.paper.model import Paper, PaperOrigin, Part, Role
from catalog.kinds.shared.origins import Relation
from catalog.models import Entry

ROLE_RELATIONS = {
    Role.VISION_ENCODER: Relation.VISION_ENCODER,
    Role.LANGUAGE_BACKBONE: Relation.LANGUAGE_BACKBONE,
    Role.CONNECTOR: Relation.CONNECTOR,
    Role.OTHER_ENCODER: Relation.INITIALISED_FROM,
}


RELATION_TEXTS = {
    Relation.SUCCESSOR_OF: "its successor",
    Relation.INITIALISED_FROM: "initialised from it",
    Relation.VISION_ENCODER: "sees through it",
    Relation.LANGUAGE_BACKBONE: "speaks through it",
    Relation.CONNECTOR: "joined by it",
}


@dataclass(frozen=True)
class LineageLink:
    """`heir` descends from `source` in this relation; the note says how."""

    source: Entry
    heir: Entry
    relation: str
    note: str

    @property
    def told(self) -> str:
        """The relation of the descendant to its source, in words."""
        return RELATION_TEXTS[Relation(self.relation)]


def descendants(entry: Paper | Component) -> list[LineageLink]:
    """What descends from a paper or a component, in two queries."""
    field = "paper" if isinstance(entry, Paper) else "component"
    rows: list[PaperOrigin | ComponentOrigin] = [
        *PaperOrigin.objects.filter(**{field: entry}).select_related("owner"),
        *ComponentOrigin.objects.filter(**{field: entry}).select_related("owner"),
    ]
    return [LineageLink(entry, row.owner, row.relation, row.note) for row in rows]


def all_links() -> list[LineageLink]:
    """All lineage links of the catalogue, in three queries."""
    parts = Part.objects.select_related("component", "paper").order_by("paper__slug", "role", "position")
    found = [LineageLink(part.component, part.paper, ROLE_RELATIONS[Role(part.role)], part.note) for part in parts]
    origins: list[PaperOrigin | ComponentOrigin] = []
    for model in (PaperOrigin, ComponentOrigin):
        origins += model.objects.select_related("owner", "paper", "component").order_by("owner__slug", "position")
    return found + [LineageLink(row.source, row.owner, row.relation, row.note) for row in origins]
