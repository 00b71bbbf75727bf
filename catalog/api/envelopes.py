"""The envelope of an entry: its payload (`fields`) with its slug, URLs, revision and times.

The ledger's snapshot is the payload as JSON, so a list copies text from the database into the response unparsed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from catalog.api.renderers import to_json
from catalog.kinds import KINDS, Kind
from catalog.ledger import as_of
from catalog.ledger.payloads import payload_of, read_json
from catalog.models import Revision, Section
from catalog.models.database import catalogue_connection

API = "/api/v1"


class EntryAtRevision(NamedTuple):
    """One entry at one revision; `stored` is the ledger's snapshot, which has the shape number `shape`."""

    kind: Kind
    entry_id: int
    slug: str
    revision: int
    created: datetime
    updated: datetime
    stored: str
    shape: int | None

    @property
    def snapshot(self) -> str:
        """The payload as JSON text in the current shape; unparsed if the stored one has that shape."""
        return read_json(self.kind, self.stored, self.shape)

    @property
    def payload(self) -> dict[str, Any]:
        """The payload; empty if the stored value is not an object."""
        payload = orjson.loads(self.snapshot)
        return payload if isinstance(payload, dict) else {}


LIVE_QUERY = """
SELECT entry.id, entry.slug, entry.revision, entry.created, entry.updated,
  CAST(ledger.snapshot AS text) AS stored, ledger.shape
FROM {table} entry
JOIN catalog_revision ledger
ON ledger.kind = %s AND ledger.entry_id = entry.id AND ledger.number = entry.revision
WHERE entry.{column} IN ({places})
"""


def live_entries(kind: Kind, column: str, values: Sequence[Any]) -> list[EntryAtRevision]:
    """Return the live entries with one of these values in a column, unordered, with their snapshots; one query.

    It is raw SQL because building it with the ORM takes ten times as long as running it.
    """
    if not values:
        return []
    query = LIVE_QUERY.format(table=kind.model._meta.db_table, column=column, places=", ".join(["%s"] * len(values)))
    with catalogue_connection().cursor() as cursor:
        cursor.execute(query, [kind.name, *values])
        rows = cursor.fetchall()
    return [
        EntryAtRevision(kind, pk, slug, revision, _read_time(created), _read_time(updated), stored, shape)
        for pk, slug, revision, created, updated, stored, shape in rows
    ]


TIME_COLUMN = Revision._meta.get_field("at").cached_col


def _read_time(value: Any) -> datetime:
    """Convert a time from the database driver; SQLite's driver returns text."""
    connection = catalogue_connection()
    for convert in connection.ops.get_db_converters(TIME_COLUMN):
        value = convert(value, TIME_COLUMN, connection)
    time: datetime = value
    return time


def entries_of_revisions(rows: QuerySet[Revision]) -> list[EntryAtRevision]:
    """Return the entries of revisions that were current at some time (catalog.ledger.as_of)."""
    revisions = as_of.with_creation(rows).annotate(text=Cast("snapshot", TextField()))
    columns = ("entry_id", "slug", "number", "created", "at", "text", "shape")
    return [EntryAtRevision(KINDS[kind], *row) for kind, *row in revisions.values_list("kind", *columns)]


def api_url(kind: Kind, slug: str) -> str:
    """Return the absolute URL of an entry in the API."""
    return f"{settings.SITE_URL}{API}/{kind.plural}/{slug}/"


def page_url(kind: Kind, slug: str) -> str:
    """Return the absolute URL of an entry's page."""
    return f"{settings.SITE_URL}/{kind.plural}/{slug}/"


def envelope(entry: EntryAtRevision, only: Sequence[str] = ()) -> dict[str, Any]:
    """Return the envelope of an entry, with all of its `fields` or `only` some."""
    fields: Any
    if only:
        payload = entry.payload
        fields = {key: payload.get(key) for key in only}
    else:
        fields = orjson.Fragment(entry.snapshot)
    return {
        "kind": entry.kind.name,
        "slug": entry.slug,
        "url": api_url(entry.kind, entry.slug),
        "html_url": page_url(entry.kind, entry.slug),
        "revision": entry.revision,
        "created": entry.created,
        "updated": entry.updated,
        "fields": fields,
    }


def expanded(
    entries: Sequence[EntryAtRevision], keys: Sequence[str], at: datetime | None
) -> list[dict[str, dict[str, Any]]]:
    """Return for each entry the envelopes of those that its payload refers to under `keys`: by plural of the kind, then
    by slug as in the payload. Two queries, and one for sections, however many rows and references there are."""
    references = [as_of.references(entry.kind, entry.payload, *keys) for entry in entries]
    slugs_by_kind: dict[str, set[str]] = {}
    for references_of_entry in references:
        for target, slugs in references_of_entry.items():
            slugs_by_kind.setdefault(target, set()).update(slugs)
    sections = _sections(slugs_by_kind.pop("section", set()))
    envelopes = {key: _revision_envelope(row) for key, row in as_of.revisions_by_slug(slugs_by_kind, at).items()}
    return [_expanded(references_of_entry, envelopes, sections) for references_of_entry in references]


def _expanded(
    references: Mapping[str, set[str]], envelopes: Mapping[tuple[str, str], Any], sections: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    expansion: dict[str, dict[str, Any]] = {}
    for target, slugs in sorted(references.items()):
        if target == "section":
            expansion["sections"] = {slug: sections[slug] for slug in sorted(slugs) if slug in sections}
        else:
            of_kind = expansion.setdefault(KINDS[target].plural, {})
            of_kind.update({slug: envelopes[target, slug] for slug in sorted(slugs) if (target, slug) in envelopes})
    return {plural: by_slug for plural, by_slug in expansion.items() if by_slug}


def _revision_envelope(row: Any) -> dict[str, Any]:
    kind = KINDS[row.kind]
    text = to_json(payload_of(row)).decode()
    return envelope(
        EntryAtRevision(kind, row.entry_id, row.slug, row.number, row.created, row.at, text, kind.form.shape())
    )


def _sections(slugs: set[str]) -> dict[str, Any]:
    rows = Section.objects.filter(slug__in=slugs) if slugs else ()
    return {row.slug: represent_section(row) for row in rows}


def represent_section(row: Section) -> dict[str, Any]:
    """Represent a section of the awesome list."""
    return {"slug": row.slug, "name": row.name, "emoji": row.emoji, "kind": row.kind or None, "level": row.level}
