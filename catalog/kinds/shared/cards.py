"""The fields that dataset cards and benchmarks share."""

from django.db import models
from django.db.models.functions import Coalesce

from catalog.models import Entry


class Availability(models.TextChoices):
    PUBLIC = "public", "Public"
    ON_REQUEST = "on_request", "On request"
    URL_LIST_ONLY = "url_list_only", "List of addresses only"
    WITHDRAWN = "withdrawn", "Withdrawn"
    PROPRIETARY = "proprietary", "Proprietary"


class Card(Entry):
    """A collection of data: its size, terms and known issues."""

    modalities = models.JSONField(default=list, blank=True)
    size = models.CharField(max_length=500, blank=True)
    size_count = models.PositiveBigIntegerField("size as a number", null=True, blank=True)
    order_size = models.GeneratedField(
        expression=Coalesce("size_count", 0), output_field=models.BigIntegerField(), db_persist=True, editable=False
    )
    size_unit = models.CharField("counted in", max_length=100, blank=True)
    licence = models.CharField(max_length=500, blank=True)
    licence_annotations = models.CharField("licence of the annotations", max_length=300, blank=True)
    licence_media = models.CharField("licence of the media", max_length=300, blank=True)
    licence_url = models.URLField("text of the licence", max_length=500, blank=True)
    tasks = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    availability = models.CharField(max_length=20, choices=Availability.choices, blank=True)
    availability_note = models.TextField("about availability", blank=True)
    known_issues = models.JSONField("known issues", default=list, blank=True)
    splits = models.JSONField(default=list, blank=True)
    source_media = models.JSONField("media come from", default=list, blank=True)
    homepage = models.URLField(max_length=500, blank=True)
    huggingface_id = models.CharField("Hugging Face id", max_length=200, blank=True)
    papers = models.JSONField(default=list, blank=True)
    year_note = models.CharField("about the year", max_length=500, blank=True)

    class Meta(Entry.Meta):
        abstract = True

    @property
    def short_size(self) -> str:
        """The size as a row shows it: 5850000000 image-text pairs give "5.85B image-text pairs"."""
        if self.size_count is None:
            return self.size
        for power, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
            if self.size_count >= power:
                return f"{self.size_count / power:.3g}{letter} {self.size_unit}".strip()
        return f"{self.size_count} {self.size_unit}".strip()
