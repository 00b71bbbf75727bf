"""Tables that publishing derives from entries: former slugs, facets, and duplicate keys."""

from django.db import models


class FormerSlug(models.Model):
    """A former slug of an entry; its URL redirects permanently."""

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    entry_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class FacetValue(models.Model):
    """A facet value of an entry, rewritten with each revision."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    facet = models.CharField(max_length=30)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "facet", "value", "entry_id"], name="facet_value_once"),
        ]
        indexes = [models.Index(fields=["kind", "entry_id", "facet"], name="facet_of_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {self.label}"


class FacetSet(models.Model):
    """The entries of a kind under a facet value: their number, and their ids as a serialized roaring bitmap.

    Updated together with the facet values; read by catalog.listing.facets.
    """

    kind = models.CharField(max_length=20)
    facet = models.CharField(max_length=30)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    entries = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "facet", "value"], name="facet_set_once")]
        indexes = [models.Index(fields=["kind", "facet", "-count", "value"], name="facet_set_most")]

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {self.label}, {self.count}"


class IndexDefinition(models.Model):
    """The digest of an index's definition when it was last built for a kind (catalog.ledger.indexing.upgrade)."""

    kind = models.CharField(max_length=20)
    index = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="index_definition_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.index}: {self.digest[:8]}"


class EntryKey(models.Model):
    """A duplicate key of an entry (catalog.kinds.duplicate_keys), rewritten with each revision."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "entry_id"], name="entry_key_once")]
        indexes = [models.Index(fields=["kind", "entry_id"], name="keys_of_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
