"""The database engine `vlmportal.sqlite`.

SQLite stores JSON as text, in which `"\\ud800"` is an escape like any other. Python reads half a character from it, and
no page, document or text column can be encoded that holds one. PostgreSQL refuses such JSON.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models import Expression, JSONField

from catalog.text.documents import without_lone_surrogates


class DatabaseOperations(operations.DatabaseOperations):
    """Reads U+FFFD for each lone surrogate in JSON, whatever the field and its model."""

    def get_db_converters(self, expression: Expression) -> list[Callable[..., Any]]:
        converters = super().get_db_converters(expression)
        if isinstance(expression.output_field, JSONField):
            converters.append(_clean_json)
        return converters


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations


def _clean_json(value: Any, expression: Expression, connection: DatabaseWrapper) -> Any:
    return without_lone_surrogates(value) if isinstance(value, str) else value
