"""What search knows of an entry; rewritten by publishing with each revision."""

from django.db import models


class SearchDocument(models.Model):
    """One entry as search sees it: every text folded (no case, no accents, blanks between words).

    `compact` holds the names without any blank, one word a name, so that "Qwen2.5 VL" and "qwen2.5-vl" meet;
    `compact_name` is that of the name alone. `line` is for the reader and not searched. A smaller `weight` goes first.
    The engines add their own index over this table (migration 0003).
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
