"""Rows that have a table of their own, because they refer to other entries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.display import target_model
from catalog.forms.fields import Known
from catalog.forms.references import former_ids, prefetched, unknown_slug_message
from catalog.forms.rows import Row, RowForm, RowsField
from catalog.models import Entry, Reference

ReferencedIds = dict[str, dict[str, int]]
"""Primary keys of what rows refer to: by cell, by slug."""


class TableRowsField(RowsField):
    """A repeated part whose rows are `Reference` rows.

    `accessor` is the entry's reverse accessor of the table; `fixed` are the column values that distinguish this part's
    rows from others in the same table. Cells that refer to entries are stored as foreign keys, others as they are.
    """

    def __init__(
        self, row_form: type[RowForm], accessor: str, *, fixed: Mapping[str, str] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(row_form, **kwargs)
        self.accessor, self.fixed = accessor, fixed

    @property
    def targets(self) -> dict[str, str]:
        """The kinds that cells refer to, by cell."""
        return {name: to for name, cell in self.cells.items() if (to := getattr(cell, "to", ""))}

    def dump(self, entry: Entry, key: str) -> list[Row]:
        """The rows of a saved entry, with slugs for references; uses prefetched rows."""
        return [
            {name: self._cell_value(row, name) for name in self.cells}
            for row in getattr(entry, self.accessor).all()
            if all(getattr(row, column) == value for column, value in self.fixed.items())
        ]

    def assign(self, entry: Entry, key: str, value: Any, known: Known) -> None:
        model = getattr(type(entry), self.accessor).rel.related_model
        rows = prefetched(entry).setdefault(self.accessor, [])
        for position, row in enumerate(value):
            cells = {name: cell for name, cell in row.items() if name not in self.targets}
            for name, kind in self.targets.items():
                cells[name] = known.get(kind, {}).get(row.get(name) or "")
            rows.append(model(position=position, **self.fixed, **cells))

    def resolve(self, rows: list[Row], known: Known = MappingProxyType({})) -> ReferencedIds:
        """Primary keys of what the rows refer to, in one query per kind. Raises ValidationError for unknown slugs.

        Former slugs in `rows` are replaced by the present ones. Entries in `known` need no query.
        """
        ids, errors = ReferencedIds(), []
        for name, kind in self.targets.items():
            model = target_model(kind)
            slugs = {row[name] for row in rows if row[name]}
            ids[name] = {slug: entry.pk for slug in slugs if (entry := known.get(kind, {}).get(slug))}
            if to_query := slugs - ids[name].keys():
                ids[name] |= dict(model.objects.filter(slug__in=to_query).values_list("slug", "pk"))
            if missing := slugs - ids[name].keys():
                ids[name] |= _by_present_slug(rows, name, kind, missing)
            for number, row in enumerate(rows, 1):
                if row[name] and row[name] not in ids[name]:
                    sentence = unknown_slug_message(model, row[name])
                    errors.append(f"row {number}, {name}: {sentence[0].lower()}{sentence[1:]}")
        if errors:
            raise ValidationError(errors)
        return ids

    def save(self, entry: Entry, rows: list[Row], ids: ReferencedIds) -> None:
        """Replace the entry's rows of this part."""
        manager = getattr(entry, self.accessor)
        manager.filter(**self.fixed).delete()
        manager.model._default_manager.bulk_create(self.build_rows(entry, rows, ids))

    def build_rows(self, entry: Entry, rows: list[Row], ids: ReferencedIds) -> list[Reference]:
        """The unsaved rows of a saved entry; `ids` is the result of `resolve`."""
        manager = getattr(entry, self.accessor)
        model: type[Reference] = manager.model
        owner = manager.field.name
        return [
            model(
                position=position,
                **{owner: entry},
                **self.fixed,
                **{name: row[name] for name in self.cells if name not in self.targets},
                **{f"{name}_id": ids[name].get(row[name]) for name in self.targets},
            )
            for position, row in enumerate(rows)
        ]

    def _cell_value(self, row: Reference, name: str) -> Any:
        value = getattr(row, name)
        if name in self.targets:
            return value.slug if value else None
        return value


def _by_present_slug(rows: list[Row], name: str, kind: str, missing: set[str]) -> dict[str, int]:
    """Primary keys of entries that rows refer to by a former slug, which is replaced in `rows` by the present one."""
    former = former_ids(kind, missing)
    present = dict(target_model(kind).objects.filter(pk__in=former.values()).values_list("pk", "slug"))
    for row in rows:
        if row[name] in former:
            row[name] = present.get(former[row[name]], row[name])
    return {slug: pk for pk, slug in present.items()}
