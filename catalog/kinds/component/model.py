"""Components that models are built from, and their lineage."""

from django.db import models

from catalog.kinds.shared.origins import Origin
from catalog.kinds.shared.training import Training
from catalog.models import Entry, EntryQuerySet, rows_with


class ComponentType(models.TextChoices):
    VISION_ENCODER = "vision-encoder", "Vision encoder"
    LANGUAGE_MODEL = "language-model", "Language model"
    CONNECTOR = "connector", "Connector"
    AUDIO_ENCODER = "audio-encoder", "Audio encoder"
    OTHER_ENCODER = "other-encoder", "Other encoder"
    VLM = "vision-language-model", "Vision-language model"
    OTHER = "other", "Other part"


class Component(Entry):
    """An encoder, a language model or a connector."""

    kind = "component"
    plural = "components"

    type = models.CharField(max_length=30, choices=ComponentType.choices, blank=True)
    family = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    released = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    paper = models.ForeignKey(
        "catalog.Paper", models.PROTECT, null=True, blank=True, related_name="as_component", verbose_name="described in"
    )

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return (
            super()
            .fetch_references(rows)
            .select_related("paper")
            .prefetch_related(
                rows_with("origins", ComponentOrigin, "paper", "component"),
                rows_with("training_rows", ComponentTraining, "dataset", "benchmark"),
            )
        )


class ComponentOrigin(Origin):
    owner = models.ForeignKey(Component, models.CASCADE, related_name="origins")


class ComponentTraining(Training):
    component = models.ForeignKey(Component, models.CASCADE, related_name="training_rows")
