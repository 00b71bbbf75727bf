"""The catalogue version, on which caches and validators of public responses are built; read in one small query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from catalog.models import IndexDefinition, ListLayout, Renaming, Revision

REVISIONS, RENAMINGS = Revision._meta.db_table, Renaming._meta.db_table
OF_THE_CATALOGUE = (
    f"SELECT max(id) FROM {REVISIONS}",  # noqa: S608 -- our own tables' names, as below
    f"SELECT max(id) FROM {RENAMINGS}",  # noqa: S608
    f"SELECT at FROM {REVISIONS} ORDER BY id DESC LIMIT 1",  # noqa: S608
    f"SELECT at FROM {RENAMINGS} ORDER BY id DESC LIMIT 1",  # noqa: S608
    f"SELECT max(imported_at) FROM {ListLayout._meta.db_table}",  # noqa: S608
    f"SELECT max(built_at) FROM {IndexDefinition._meta.db_table}",  # noqa: S608
)
_of_other_apps = dict[str, str]()


def depend_on(**selects: str) -> None:
    """Let the version change with further values, by name, for what other apps show on pages of the catalogue."""
    _of_other_apps.update(selects)


@dataclass(frozen=True)
class CatalogueVersion:
    """A state of the catalogue: `text` is unique to it, `modified` is the time of the change that led to it, and
    `of_other_apps` has what they added by `depend_on`."""

    text: str
    modified: datetime | None
    of_other_apps: Mapping[str, Any] = field(default_factory=dict)


def current_version() -> CatalogueVersion:
    """The current version; it changes with each revision, replacement of names, import of a list and rebuild of an
    index, and with what other apps add by `depend_on`.

    Publishers and account deletions hold the publish lock, so that ids become visible in order and no version occurs
    twice; the time of the newest revision distinguishes a restored backup from the states that came after it.
    """
    with connection.cursor() as cursor:
        selects = (*OF_THE_CATALOGUE, *_of_other_apps.values())
        cursor.execute("SELECT " + ", ".join(f"({select})" for select in selects))
        row = cursor.fetchone()
    times = filter(None, row[2 : len(OF_THE_CATALOGUE)])
    return CatalogueVersion(
        "/".join(map(str, row)).replace(" ", "T"),
        max(map(_utc, times), default=None),
        dict(zip(_of_other_apps, row[len(OF_THE_CATALOGUE) :], strict=True)),
    )


def _utc(value: str | datetime) -> datetime:
    """A time in UTC from what the engine returns: on SQLite, text without a time zone."""
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def version_of_request(request: object) -> CatalogueVersion:
    """The version that a request is answered from, queried once so that all parts of the response agree."""
    version: CatalogueVersion | None = getattr(request, "catalogue_version", None)
    if version is None:
        version = request.catalogue_version = current_version()  # type: ignore[attr-defined]
    return version
