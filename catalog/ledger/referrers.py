"""The entries that refer to an entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from catalog.models import Entry, owner_of

MAX_REFERRERS = 6
MAX_LISTED = 20
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


def referring_entries(*entries: Entry) -> list[Entry]:
    """All others whose payload refers to one of these entries of a kind, each once, fetched `with_references()`."""
    found: dict[tuple[str, int], Entry] = {}
    for _, rows in _referring_rows(*entries):
        for row in rows.with_references():
            found[row.kind, row.pk] = row
    for entry in entries:
        found.pop((entry.kind, entry.pk), None)
    return list(found.values())


@dataclass(frozen=True)
class Referring:
    """How many entries refer to one, and the first of them."""

    count: int
    first: list[Entry]


def referring_summary(entry: Entry, limit: int = MAX_LISTED) -> Referring:
    """How many other entries refer to this one, and the first `limit`; without reading all of them."""
    ids: dict[type[Entry], set[int]] = {}
    for model, rows in _referring_rows(entry):
        ids.setdefault(model, set()).update(rows.order_by().values_list("pk", flat=True))
    ids.get(type(entry), set()).discard(entry.pk)
    first: list[Entry] = []
    for model, pks in ids.items():
        first += model.objects.filter(pk__in=sorted(pks)[: limit - len(first)]).order_by("pk") if pks else ()
    return Referring(sum(map(len, ids.values())), first[:limit])


def refers_to(entry: Entry, other: Entry) -> bool:
    """Whether an entry refers to another."""
    return any(rows.filter(pk=entry.pk).exists() for model, rows in _referring_rows(other) if isinstance(entry, model))


def _referring_rows(*entries: Entry) -> Iterator[tuple[type[Entry], Any]]:
    """For each way of referring to entries of a kind the model of the entries that do, and a queryset of them."""
    for relation in entries[0]._meta.related_objects if entries else ():
        model, referring = relation.related_model, {f"{relation.field.name}__in": entries}
        if issubclass(model, Entry):
            rows = model.objects.filter(**referring)
            yield model, model.objects.filter(pk__in=rows.values("pk")) if relation.many_to_many else rows
        elif relation.on_delete is models.PROTECT:
            owner: Any = model._meta.get_field(owner_of(model))
            ids = model._default_manager.filter(**referring).values(f"{owner.name}_id")
            yield owner.related_model, owner.related_model.objects.filter(pk__in=ids)


def _belongs_to(model: type[models.Model], entry: Entry) -> models.Q:
    """The rows of a model that are the entry itself or part of it."""
    if issubclass(model, Entry):
        return models.Q(pk=entry.pk) if isinstance(entry, model) else NOTHING
    owner: Any = model._meta.get_field(owner_of(model))
    return models.Q(**{owner.name: entry}) if isinstance(entry, owner.related_model) else NOTHING
