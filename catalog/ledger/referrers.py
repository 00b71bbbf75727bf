"""The entries that refer to an entry."""

from typing import Any

from django.db import models

from catalog.models import Entry

MAX_REFERRERS = 6


def referrers(entry: Entry) -> list[models.Model]:
    """The first MAX_REFERRERS entries that refer to this one."""
    rows: list[models.Model] = []
    for relation in entry._meta.related_objects:
        if relation.on_delete is models.PROTECT or relation.many_to_many:
            queryset = relation.related_model._default_manager.filter(**{relation.field.name: entry})
            rows += list(queryset[: MAX_REFERRERS - len(rows)])
    return [getattr(row, owner_of(type(row))) if not isinstance(row, Entry) else row for row in rows]


def referring_entries(entry: Entry) -> list[Entry]:
    """All entries whose payload refers to this one, each once, fetched `with_references()`."""
    entries: dict[tuple[str, int], Entry] = {}
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
            entries[row.kind, row.pk] = row
    return list(entries.values())


def owner_of(model: type[models.Model]) -> str:
    """The name of the foreign key from a row model to the entry that its rows belong to."""
    return next(
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    )
