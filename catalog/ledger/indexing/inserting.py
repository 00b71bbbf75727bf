"""Fast inserts of many rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from catalog.models.database import catalogue_connection


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of texts and numbers that need no conversion; ten times as fast as with model instances."""
    connection = catalogue_connection()
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    placeholders = ", ".join(["%s"] * len(columns))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({placeholders})", list(rows))  # noqa: S608 -- our own names
