"""What models are built from, and the threads between them."""

from django.db import models

from catalog.models.entry import Entry, EntryQuerySet, Reference, rows_with


class ComponentType(models.TextChoices):
    VISION_ENCODER = "vision-encoder", "Vision encoder"
    LANGUAGE_MODEL = "language-model", "Language model"
    CONNECTOR = "connector", "Connector"
    AUDIO_ENCODER = "audio-encoder", "Audio encoder"
    OTHER_ENCODER = "other-encoder", "Other encoder"
    VLM = "vision-language-model", "Vision-language model"
    OTHER = "other", "Other part"


class Relation(models.TextChoices):
    SUCCESSOR_OF = "successor-of", "successor of"
    INITIALISED_FROM = "initialised-from", "initialised from"
    VISION_ENCODER = "vision-encoder", "sees through"
    LANGUAGE_BACKBONE = "language-backbone", "speaks through"
    CONNECTOR = "connector", "joined by"


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
            .prefetch_related(rows_with("origins", ComponentOrigin, "paper", "component"))
        )


class Origin(Reference):
    """One thread of descent: its owner stands in `relation` to a paper or to a component."""

    relation = models.CharField(max_length=20, choices=Relation.choices)
    paper = models.ForeignKey("catalog.Paper", models.PROTECT, null=True, related_name="%(class)s_heirs")
    component = models.ForeignKey(Component, models.PROTECT, null=True, related_name="%(class)s_heirs")

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
        source: Entry = self.paper or self.component  # type: ignore[assignment]  # a constraint says that one is there
        return source


class ComponentOrigin(Origin):
    owner = models.ForeignKey(Component, models.CASCADE, related_name="origins")
