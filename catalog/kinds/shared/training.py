"""Rows of what models and components were trained on."""

from typing import Any

from django.db import models

from catalog.models import Reference


class Training(Reference):
    """Training data as a source names it, with its card if the catalogue has one. `excluded` says that a source states
    the opposite: that its owner was not trained on it. Of what no row names, nothing is known."""

    name = models.CharField(max_length=300)
    dataset = models.ForeignKey("catalog.Dataset", models.PROTECT, null=True, related_name="%(class)s_uses")
    benchmark = models.ForeignKey("catalog.Benchmark", models.PROTECT, null=True, related_name="%(class)s_uses")
    excluded = models.BooleanField(default=False)

    class Meta(Reference.Meta):
        abstract = True

    variants: Any = ()
    """The variants of the owner that the row is about; empty for all of them, and for an owner that has none."""
