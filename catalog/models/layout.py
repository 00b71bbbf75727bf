"""The layout of an imported list, so that it can be exported without moving anything."""

from django.db import models


class ListLayout(models.Model):
    """The blocks of an imported list, in order.

    A block is {"text": verbatim}, {"entry": {kind, id, raw, style, parsed}} or {"summary": {category, members, raw,
    widths}}: `raw` is the text in the file, `parsed` the values that were read from it.
    """

    name = models.CharField(max_length=100, unique=True)
    blocks = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
