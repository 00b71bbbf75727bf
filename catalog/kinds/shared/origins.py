"""Lineage rows: what an entry descends from."""

from django.db import models

from catalog.kinds.shared.inheritance import Step
from catalog.models import Entry, Reference


class Relation(models.TextChoices):
    SUCCESSOR_OF = "successor-of", "successor of"
    INITIALISED_FROM = "initialised-from", "initialised from"
    FINE_TUNED_FROM = "fine-tuned-from", "fine-tuned from"
    VISION_ENCODER = "vision-encoder", "sees through"
    LANGUAGE_BACKBONE = "language-backbone", "speaks through"
    CONNECTOR = "connector", "joined by"


STEPS = {
    Relation.INITIALISED_FROM.value: Step.INITIALISED_FROM,
    Relation.FINE_TUNED_FROM.value: Step.FINE_TUNED_FROM,
    Relation.VISION_ENCODER.value: Step.VISION_ENCODER,
    Relation.LANGUAGE_BACKBONE.value: Step.LANGUAGE_BACKBONE,
    Relation.CONNECTOR.value: Step.CONNECTOR,
}
"""A successor inherits nothing: it is another model."""


class Origin(Reference):
    """A lineage link from its owner to a paper or a component that it descends from."""

    inherits = ("relation", STEPS)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    paper = models.ForeignKey("catalog.Paper", models.PROTECT, null=True, related_name="%(class)s_heirs")
    component = models.ForeignKey("catalog.Component", models.PROTECT, null=True, related_name="%(class)s_heirs")

    class Meta(Reference.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paper__isnull=True) ^ models.Q(component__isnull=True),
                name="%(class)s_one_origin",
            )
        ]

    @property
    def source(self) -> Entry:
        """What the owner descends from."""
        source: Entry = self.paper or self.component  # type: ignore[assignment]  # a constraint requires one of them
        return source
