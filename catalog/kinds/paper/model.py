"""Papers and models, and the components that they are built from."""

import re

from django.db import models

from catalog.kinds.shared.inheritance import Step
from catalog.kinds.shared.origins import Origin
from catalog.kinds.shared.training import Training
from catalog.models import Entry, EntryQuerySet, Reference, rows_with
from catalog.text.rows import readable_rows, text_in

SIZE = re.compile(r"~?\d[\d.]{0,12}[BM]\b( activated)?")


class Architecture(models.TextChoices):
    DUAL_ENCODER = "dual-encoder", "Dual-encoder"
    ENCODER_DECODER = "encoder-decoder", "Encoder-decoder"
    DECODER_ONLY = "decoder-only", "Decoder-only"
    MULTI_ENCODER = "multi-encoder", "Multi-encoder"
    OTHER = "other", "Other"


class Role(models.TextChoices):
    """What a component does in a model; each role is a payload field of its own."""

    VISION_ENCODER = "vision_encoders", "Vision encoder"
    LANGUAGE_BACKBONE = "language_backbones", "Language model"
    OTHER_ENCODER = "other_encoders", "Other encoder"
    CONNECTOR = "connectors", "Connector"


STEPS = {
    Role.VISION_ENCODER.value: Step.VISION_ENCODER,
    Role.LANGUAGE_BACKBONE.value: Step.LANGUAGE_BACKBONE,
    Role.OTHER_ENCODER.value: Step.OTHER_ENCODER,
    Role.CONNECTOR.value: Step.CONNECTOR,
}


class Paper(Entry):
    """A paper or a model."""

    kind = "paper"
    plural = "papers"

    title = models.CharField(max_length=500, blank=True)
    authors = models.JSONField(default=list, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    released = models.CharField(max_length=10, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    arxiv_id = models.CharField("arXiv id", max_length=20, blank=True, db_index=True)
    doi = models.CharField("DOI", max_length=200, blank=True, db_index=True)
    architecture = models.CharField(max_length=20, choices=Architecture.choices, blank=True)
    architecture_note = models.CharField(max_length=500, blank=True)
    variants = models.JSONField("sizes", default=list, blank=True)
    modalities_in = models.JSONField("takes", default=list, blank=True)
    modalities_out = models.JSONField("gives", default=list, blank=True)
    context_length = models.PositiveIntegerField("context length (tokens)", null=True, blank=True)
    languages = models.JSONField(default=list, blank=True)
    licence_weights = models.CharField("licence of the weights", max_length=300, blank=True)
    licence_code = models.CharField("licence of the code", max_length=300, blank=True)
    result_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-result_count", "slug"], name="paper_most_results"),
            models.Index(fields=["-released", "-order_year", "slug"], name="paper_released"),
        ]

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return (
            super()
            .fetch_references(rows)
            .prefetch_related(
                rows_with("parts", Part, "component"),
                rows_with("same_paper_rows", SamePaper, "paper"),
                rows_with("origins", PaperOrigin, "paper", "component"),
                rows_with("training_rows", TrainingData, "dataset", "benchmark"),
            )
        )

    @classmethod
    def for_rows(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return rows.prefetch_related(rows_with("parts", Part, "component"))

    @property
    def naming_same_paper(self) -> list["Paper"]:
        """The other models of the same paper that name this one and that it does not name, by name; one query."""
        named = self.same_paper_rows.values("paper")
        rows = Paper.objects.filter(same_paper_rows__paper=self).exclude(pk__in=named)
        return list(rows.order_by("name", "slug").distinct())

    @property
    def sizes(self) -> list[str]:
        """The sizes as stated, each once; only the number of parameters if the text begins with one."""
        rows = readable_rows(self.variants)
        stated = filter(None, (text_in(row, "as_stated") or text_in(row, "name") for row in rows))
        counts = (match[0] if (match := SIZE.match(text)) else text for text in stated)
        return list(dict.fromkeys(counts))

    def parts_in(self, role: Role) -> list["Part"]:
        """The parts with this role, in order; uses prefetched rows."""
        return [part for part in self.parts.all() if part.role == role]

    @property
    def chain(self) -> list[tuple[Role, list["Part"]]]:
        """How the model is built, as (role, parts), in the order of the data flow; roles without parts are left out."""
        roles = (Role.VISION_ENCODER, Role.OTHER_ENCODER, Role.CONNECTOR, Role.LANGUAGE_BACKBONE)
        return [(role, parts) for role in roles if (parts := self.parts_in(role))]


class Part(Reference):
    """The use of a component in a model, and in which variants (empty: in all)."""

    inherits = ("role", STEPS)
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="parts")
    role = models.CharField(max_length=20, choices=Role.choices)
    component = models.ForeignKey("catalog.Component", models.PROTECT, related_name="uses")
    variants = models.JSONField(default=list, blank=True)


class SamePaper(Reference):
    """Another model that the same paper describes, and that therefore may have the same arXiv id and DOI. One of the
    two names the other; it is read in both directions."""

    owner = models.ForeignKey(Paper, models.CASCADE, related_name="same_paper_rows")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="named_as_same_paper")

    class Meta(Reference.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(owner=models.F("paper")), name="same_paper_is_another")
        ]


class PaperOrigin(Origin):
    owner = models.ForeignKey(Paper, models.CASCADE, related_name="origins")


class TrainingData(Training):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="training_rows")
    variants = models.JSONField(default=list, blank=True)
