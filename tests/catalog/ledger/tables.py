"""Every table of the catalogue, to compare what two ways of publishing write."""

from typing import Any

from django.apps import apps
from django.db import models
from pyroaring import BitMap

from catalog.models import Revision

Table = list[tuple[Any, ...]]


def all_tables() -> dict[str, Table]:
    """The rows of every table of the catalogue, by the name of the model."""
    models_of_catalogue = apps.get_app_config("catalog").get_models(include_auto_created=True)
    return {model.__name__: table(model) for model in models_of_catalogue}


def table(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """The rows of a table in the order they were written; keys of other rows as what they stand for.

    The rows of a many-to-many table have no order of their own.
    """
    rows = [
        tuple(shown(row, field) for field in model._meta.concrete_fields if not field.primary_key)
        for row in model._default_manager.order_by("pk")
    ]
    return sorted(rows) if model._meta.auto_created else rows


def shown(row: models.Model, field: Any) -> Any:
    if field.is_relation:
        target: Any = getattr(row, field.name)
        return str(getattr(target, "slug", target))
    if field.name == "entries":
        rows = Revision.objects.filter(kind=row.kind, entry_id__in=BitMap.deserialize(bytes(row.entries)))  # type: ignore[attr-defined]
        return sorted(set(rows.values_list("slug", flat=True)))
    if field.name == "entry_id":
        return Revision.objects.filter(kind=row.kind, entry_id=row.entry_id).latest("number").slug  # type: ignore[attr-defined]
    return getattr(row, field.name)
