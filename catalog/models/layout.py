"""How a list stands in its file, so that it can be written back with nothing moved."""

from django.db import models


class ListLayout(models.Model):
    """The pieces of an imported list in order.

    A block is {"text": verbatim}, {"entry": {kind, id, raw, style, parsed}} or {"summary": {category, members, raw,
    widths}}: `raw` is what stands in the file, `parsed` what it said when it was read.
    """

    name = models.CharField(max_length=100, unique=True)
    blocks = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
