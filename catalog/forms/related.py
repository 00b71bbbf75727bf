"""Payload rows that are kept as rows of a table, because they point to other entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from catalog.forms.fields import former_ids
from catalog.models import Entry, Reference

Row = dict[str, Any]
Known = Mapping[type[models.Model], Mapping[str, models.Model]]
"""Entries and sections that were looked up beforehand: model, slug, row."""


@dataclass(frozen=True)
class RelatedRows:
    """How one payload key maps to a `Reference` table.

    `manager` is the entry's reverse accessor, `targets` the row keys that hold slugs with the model each points to,
    `plain` the row keys kept as they are, `fixed` the columns that tell this key's rows from its neighbours'.
    """

    manager: str
    targets: Mapping[str, type[Entry]]
    plain: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def dump(self, entry: Entry, keys: list[str]) -> list[Row]:
        """The rows of a saved entry as the payload has them, slugs for references; uses what was prefetched."""
        rows = [row for row in getattr(entry, self.manager).all() if self._is_mine(row)]
        return [{key: self._value(row, key) for key in keys} for row in rows]

    def check(self, rows: list[Row], known: Known = MappingProxyType({})) -> dict[str, dict[str, int]]:
        """Primary keys by target and slug, in one query a target; ValidationError names each slug that is unknown.

        A slug that an entry had before is replaced in `rows` by the present one. What is in `known` needs no query.
        """
        found, errors = {}, []
        for key, model in self.targets.items():
            slugs = {row[key] for row in rows if row[key]}
            found[key] = {slug: entry.pk for slug in slugs if (entry := known.get(model, {}).get(slug))}
            if ask := slugs - found[key].keys():
                found[key] |= dict(model.objects.filter(slug__in=ask).values_list("slug", "pk"))
            if missing := slugs - found[key].keys():
                found[key] |= _by_present_slug(rows, key, model, missing)
            for number, row in enumerate(rows, 1):
                if row[key] and row[key] not in found[key]:
                    noun = model._meta.verbose_name
                    errors.append(f"row {number}, {key}: there is no {noun} “{row[key]}” in the catalogue.")
        if errors:
            raise ValidationError(errors)
        return found

    def save(self, entry: Entry, rows: list[Row], found: dict[str, dict[str, int]]) -> None:
        """Replace the entry's rows of this key."""
        manager = getattr(entry, self.manager)
        manager.filter(**self.fixed).delete()
        manager.model._default_manager.bulk_create(self.built(entry, rows, found))

    def built(self, entry: Entry, rows: list[Row], found: dict[str, dict[str, int]]) -> list[Reference]:
        """The rows of a saved entry's key, not saved; `found` is what `check` gave."""
        manager = getattr(entry, self.manager)
        model: type[Reference] = manager.model
        owner = manager.field.name
        return [
            model(
                position=position,
                **{owner: entry},
                **self.fixed,
                **{key: row[key] for key in self.plain},
                **{f"{key}_id": found[key].get(row[key]) for key in self.targets},
            )
            for position, row in enumerate(rows)
        ]

    def _is_mine(self, row: models.Model) -> bool:
        return all(getattr(row, column) == value for column, value in self.fixed.items())

    def _value(self, row: models.Model, key: str) -> Any:
        value = getattr(row, key)
        if key in self.targets:
            return value.slug if value else None
        return value


def _by_present_slug(rows: list[Row], key: str, model: type[Entry], missing: set[str]) -> dict[str, int]:
    """Primary keys of entries that rows name by an address they had before; the rows name them by the present one."""
    former = former_ids(model, missing)
    present = dict(model.objects.filter(pk__in=former.values()).values_list("pk", "slug"))
    for row in rows:
        if row[key] in former:
            row[key] = present.get(former[row[key]], row[key])
    return {slug: pk for pk, slug in present.items()}
