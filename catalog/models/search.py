"""Search documents, which publishing rewrites with each revision."""

from django.db import models


class SearchDocument(models.Model):
    """The searchable text of one entry, folded: lower case, no accents, words separated by spaces.

    `compact` has each name as one word without spaces, so that "Qwen2.5 VL" and "qwen2.5-vl" match; `compact_name` is
    that of `name` alone. `line` is shown with a hit and not searched. Smaller weights are ranked first. Each engine has
    its own index over this table (migration 0003).
    """

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    line = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    weight = models.PositiveSmallIntegerField(default=1)
    names = models.TextField(blank=True)
    compact = models.TextField(blank=True)
    compact_name = models.CharField(max_length=300, db_index=True)
    identifiers = models.TextField(blank=True)
    people = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "entry_id"], name="search_document_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
