"""Dataset cards."""

from django.db import models

from catalog.kinds.shared.cards import Card
from catalog.models import Entry


class Dataset(Card):
    """A dataset card."""

    kind = "dataset"
    plural = "datasets"

    class Meta(Card.Meta):
        abstract = False
        indexes = [*Entry.Meta.indexes, models.Index(fields=["-order_size", "slug"], name="dataset_size")]
