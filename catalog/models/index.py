"""Tables that publishing derives from the entries: where they were found before, what they are filtered by, and what
tells that two of them are one."""

from django.db import models


class FormerSlug(models.Model):
    """An address an entry had; it redirects for ever."""

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    entry_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class FacetValue(models.Model):
    """One value an entry can be filtered by: an index over payloads, rewritten with each revision."""

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


class FacetCount(models.Model):
    """How many entries of a kind fall under a value of a facet: of all entries, where `by_facet` is empty, else of
    those under `by_value` of another facet. Kept with the facet values, so that a list need not count them."""

    kind = models.CharField(max_length=20)
    by_facet = models.CharField(max_length=30, blank=True)
    by_value = models.CharField(max_length=120, blank=True)
    facet = models.CharField(max_length=30)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "by_facet", "by_value", "facet", "value"], name="facet_count_once"),
        ]
        indexes = [
            models.Index(
                fields=["kind", "facet", "-count", "value"], condition=models.Q(by_facet=""), name="facet_count_most"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {self.label}, {self.count}"


class EntryKey(models.Model):
    """A key that an entry shares with its twins (catalog.keys), rewritten with each revision."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "entry_id"], name="entry_key_once")]
        indexes = [models.Index(fields=["kind", "entry_id"], name="keys_of_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
