"""Sections of the awesome list."""

from typing import Any

from django.db import models, transaction

from catalog.models.entry import Entry


class Section(models.Model):
    """A heading of the list, under which entries are placed."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    emoji = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=20, db_index=True)
    level = models.PositiveSmallIntegerField(default=2)
    position = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.emoji} {self.name}".strip()

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and update the copy of the position in the section's entries."""
        super().save(*args, **kwargs)
        for model in self._meta.apps.get_models():
            if issubclass(model, Entry):
                rows = model._default_manager.filter(section=self)
                rows.exclude(order_section=self.position).update(order_section=self.position)
