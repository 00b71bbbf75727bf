"""The version of the catalogue: what every public answer is made from, told in one small query."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from catalog.models import IndexDefinition, ListLayout, Renaming, Revision

QUERY = (
    f"SELECT (SELECT max(id) FROM {Revision._meta.db_table}), "  # noqa: S608 -- our own tables' names
    f"(SELECT max(id) FROM {Renaming._meta.db_table}), "
    f"(SELECT at FROM {Revision._meta.db_table} ORDER BY id DESC LIMIT 1), "
    f"(SELECT at FROM {Renaming._meta.db_table} ORDER BY id DESC LIMIT 1), "
    f"(SELECT max(imported_at) FROM {ListLayout._meta.db_table}), "
    f"(SELECT max(built_at) FROM {IndexDefinition._meta.db_table})"
)


@dataclass(frozen=True)
class Version:
    """A state of the catalogue: `text` tells it from all others, `modified` is when it came about."""

    text: str
    modified: datetime | None


def version() -> Version:
    """The present one; it changes with each revision, replacement of names, import of a list and rebuild of an index.

    Publishers and account deletions hold the publish lock, so that ids become visible in order and no version occurs
    twice; the time of the newest revision tells a restored backup from what came after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        row = cursor.fetchone()
    return Version("/".join(map(str, row)).replace(" ", "T"), max(map(_moment, filter(None, row[2:])), default=None))


def _moment(value: str | datetime) -> datetime:
    """A time in UTC, of what the engine gives: SQLite a text without a zone."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def version_for(request: object) -> Version:
    """The version that a request is answered from: asked for once, so that all parts of an answer speak of the same."""
    found: Version | None = getattr(request, "catalogue_version", None)
    if found is None:
        found = request.catalogue_version = version()  # type: ignore[attr-defined]
    return found
