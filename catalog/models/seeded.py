"""Which states of the fixtures are published."""

from django.db import models


class SeededFixtures(models.Model):
    """A state of the fixtures of which everything is in the ledger: `manage.py seed` has nothing more to do for it.

    `digest` is that of the files (catalog.management.seed_files); written when a run has ended, by that run alone.
    """

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.digest[:8]}, {self.at}"
