"""The entries that refer to an entry."""

from typing import Any

from django.db import models

from catalog.models import Entry

MAX_REFERRERS = 6
NOTHING = models.Q(pk__in=[])


def referrers(entry: Entry) -> list[models.Model]:
    """The first MAX_REFERRERS entries that refer to this one."""
    rows: list[models.Model] = []
    for relation in entry._meta.related_objects:
        if relation.on_delete is models.PROTECT or relation.many_to_many:
            queryset = relation.related_model._default_manager.filter(**{relation.field.name: entry})
            others = queryset.exclude(_belongs_to(relation.related_model, entry))
            rows += list(others[: MAX_REFERRERS - len(rows)])
    return [getattr(row, owner_of(type(row))) if not isinstance(row, Entry) else row for row in rows]


def delete_own_references(entry: Entry) -> None:
    """Delete the entry's own rows that point to the entry itself, which would keep the database from deleting it."""
    for relation in entry._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is models.PROTECT and not issubclass(model, Entry):
            model._default_manager.filter(_belongs_to(model, entry), **{relation.field.name: entry}).delete()


def referring_entries(entry: Entry) -> list[Entry]:
    """All other entries whose payload refers to this one, each once, fetched `with_references()`."""
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
    entries.pop((entry.kind, entry.pk), None)
    return list(entries.values())


def _belongs_to(model: type[models.Model], entry: Entry) -> models.Q:
    """The rows of a model that are the entry itself or part of it."""
    if issubclass(model, Entry):
        return models.Q(pk=entry.pk) if isinstance(entry, model) else NOTHING
    owner: Any = model._meta.get_field(owner_of(model))
    return models.Q(**{owner.name: entry}) if isinstance(entry, owner.related_model) else NOTHING


def owner_of(model: type[models.Model]) -> str:
    """The name of the foreign key from a row model to the entry that its rows belong to."""
    return next(
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    )
