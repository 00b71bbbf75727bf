"""An entry as the API gives it: its payload as the ledger has it, and around it where, since when and which revision.

The snapshot of the ledger is the payload, so a list copies text from the database to the answer without reading it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from catalog.kinds import KINDS, Kind
from catalog.ledger import as_of as asof
from catalog.ledger.payloads import payload_of, read_json
from catalog.models import Revision, Section

API = "/api/v1"


class Item(NamedTuple):
    """One entry at one revision; `snapshot` is the payload as JSON text, in today's shape."""

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
        """The payload as JSON text: what the ledger keeps, where it has today's shape."""
        return read_json(self.kind, self.stored, self.shape)

    @property
    def payload(self) -> dict[str, Any]:
        """The payload; empty where what is stored is no object."""
        found = orjson.loads(self.snapshot)
        return found if isinstance(found, dict) else {}


LIVE = """
SELECT entry.id, entry.slug, entry.revision, entry.created, entry.updated,
  CAST(ledger.snapshot AS text) AS stored, ledger.shape
FROM {table} entry
JOIN catalog_revision ledger
ON ledger.kind = %s AND ledger.entry_id = entry.id AND ledger.number = entry.revision
WHERE entry.{column} IN ({places})
"""


def live(kind: Kind, column: str, values: Sequence[Any]) -> list[Item]:
    """The live entries that have one of these values in a column, in no order, with their snapshots; one query. It is
    written out, because the ORM takes ten times as long to put it together as the database to answer it."""
    if not values:
        return []
    query = LIVE.format(table=kind.model._meta.db_table, column=column, places=", ".join(["%s"] * len(values)))
    with connection.cursor() as cursor:
        cursor.execute(query, [kind.name, *values])
        rows = cursor.fetchall()
    return [
        Item(kind, pk, slug, revision, _read_time(created), _read_time(updated), stored, shape)
        for pk, slug, revision, created, updated, stored, shape in rows
    ]


TIME = Revision._meta.get_field("at").cached_col


def _read_time(value: Any) -> datetime:
    """A time as the database driver gives it; SQLite's driver gives text."""
    for convert in connection.ops.get_db_converters(TIME):
        value = convert(value, TIME, connection)
    time: datetime = value
    return time


def of_ledger(rows: QuerySet[Revision]) -> list[Item]:
    """Items of standing revisions (catalog.ledger.as_of)."""
    found = asof.with_creation(rows).annotate(text=Cast("snapshot", TextField()))
    columns = ("entry_id", "slug", "number", "created", "at", "text", "shape")
    return [Item(KINDS[kind], *row) for kind, *row in found.values_list("kind", *columns)]


def address(kind: Kind, slug: str) -> str:
    """Where the API has an entry."""
    return f"{settings.SITE_URL}{API}/{kind.plural}/{slug}/"


def page_of(kind: Kind, slug: str) -> str:
    """Where the site shows an entry."""
    return f"{settings.SITE_URL}/{kind.plural}/{slug}/"


def envelope(item: Item, only: Sequence[str] = ()) -> dict[str, Any]:
    """The entry around its `fields`; `only` trims those."""
    fields: Any
    if only:
        payload = item.payload
        fields = {key: payload.get(key) for key in only}
    else:
        fields = orjson.Fragment(item.snapshot)
    return {
        "kind": item.kind.name,
        "slug": item.slug,
        "url": address(item.kind, item.slug),
        "html_url": page_of(item.kind, item.slug),
        "revision": item.revision,
        "created": item.created,
        "updated": item.updated,
        "fields": fields,
    }


def expanded(found: Sequence[Item], keys: Sequence[str], at: datetime | None) -> list[dict[str, dict[str, Any]]]:
    """For each item the entries that its payload names under `keys`: kind's plural, then the slug as the payload has
    it, then the envelope. Two queries, and one for sections, however many rows and references there are."""
    named = [asof.references(item.kind, item.payload, *keys) for item in found]
    wanted: dict[str, set[str]] = {}
    for mine in named:
        for target, slugs in mine.items():
            wanted.setdefault(target, set()).update(slugs)
    sections = _sections(wanted.pop("section", set()))
    known = {place: _of_revision(row) for place, row in asof.revisions_by_slug(wanted, at).items()}
    return [_expanded(mine, known, sections) for mine in named]


def _expanded(
    mine: Mapping[str, set[str]], known: Mapping[tuple[str, str], Any], sections: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for target, slugs in sorted(mine.items()):
        if target == "section":
            shown["sections"] = {slug: sections[slug] for slug in sorted(slugs) if slug in sections}
        else:
            here = shown.setdefault(KINDS[target].plural, {})
            here.update({slug: known[target, slug] for slug in sorted(slugs) if (target, slug) in known})
    return {plural: entries for plural, entries in shown.items() if entries}


def _of_revision(row: Any) -> dict[str, Any]:
    kind = KINDS[row.kind]
    text = orjson.dumps(payload_of(row)).decode()
    return envelope(Item(kind, row.entry_id, row.slug, row.number, row.created, row.at, text, kind.form.shape()))


def _sections(slugs: set[str]) -> dict[str, Any]:
    rows = Section.objects.filter(slug__in=slugs) if slugs else ()
    return {row.slug: section(row) for row in rows}


def section(row: Section) -> dict[str, Any]:
    """A section of the list."""
    return {"slug": row.slug, "name": row.name, "emoji": row.emoji, "kind": row.kind or None, "level": row.level}
