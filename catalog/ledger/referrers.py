"""Which entries refer to an entry."""

from typing import Any

from django.db import models

from catalog.models import Entry

NAMED = 6


def referrers(entry: Entry) -> list[models.Model]:
    """The first few entries (not the entry's own rows) that point to this one."""
    found: list[models.Model] = []
    for relation in entry._meta.related_objects:
        if relation.on_delete is models.PROTECT or relation.many_to_many:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: entry})
            found += list(rows[: NAMED - len(found)])
    return [getattr(row, owner_of(type(row))) if not isinstance(row, Entry) else row for row in found]


def referring_entries(entry: Entry) -> list[Entry]:
    """All entries whose payload names this one, each once, fetched with what their payloads name."""
    found: dict[tuple[str, int], Entry] = {}
    rows: Any
    for relation in entry._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        if issubclass(model, Entry):
            rows = model.objects.filter(**{column: entry})
        elif relation.on_delete is models.PROTECT:
            owner: Any = model._meta.get_field(owner_of(model))
            ids = model._default_manager.filter(**{column: entry}).values(f"{owner.name}_id")
            rows = owner.related_model.objects.filter(pk__in=ids)
        else:
            continue
        for row in rows.with_references():
            found[row.kind, row.pk] = row
    return list(found.values())


def owner_of(model: type[models.Model]) -> str:
    """The name of the column by which a row of an entry points to the entry it belongs to."""
    return next(
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    )
