"""Operations for migrations that change the rows of a RowsField (CONTRIBUTING: How to add, rename or drop a field)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import migrations

BATCH = 500


def reshape_rows(
    model: str,
    column: str,
    *,
    renamed: Mapping[str, str] = {},
    dropped: Collection[str] = (),
    added: Mapping[str, Any] = {},
) -> migrations.RunPython:
    """Bring the rows that a JSON column of a kind holds to the shape that its RowForm has from now on.

    `renamed` gives the present name of a former one, `added` the empty value of each new one. It can be reversed unless
    values were dropped; those of new names are lost then.
    """
    former = {present: name for name, present in renamed.items()}

    def reshaped(row: Mapping[str, Any]) -> dict[str, Any]:
        kept = {renamed.get(name, name): value for name, value in row.items() if name not in dropped}
        return {**added, **kept}

    def as_before(row: Mapping[str, Any]) -> dict[str, Any]:
        return {former.get(name, name): value for name, value in row.items() if name not in added}

    def reshape(apps: Any, shape: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
        entries = apps.get_model("catalog", model)._default_manager.exclude(**{column: []}).order_by("pk")
        last = 0
        while batch := list(entries.filter(pk__gt=last)[:BATCH]):
            for entry in batch:
                setattr(entry, column, [shape(row) for row in getattr(entry, column)])
            entries.model._default_manager.bulk_update(batch, [column])
            last = batch[-1].pk

    def forwards(apps: Any, schema_editor: Any) -> None:
        reshape(apps, reshaped)

    def backwards(apps: Any, schema_editor: Any) -> None:
        reshape(apps, as_before)

    return migrations.RunPython(forwards, None if dropped else backwards)
