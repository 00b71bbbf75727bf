"""Shared schemas of responses, and examples."""

from typing import Any

from catalog.api.payloads import payload_schema
from catalog.api.schema import Component, listed, record
from catalog.kinds import KINDS, Kind
from catalog.models import REMOVED_ACTIONS, RevisionAction, SourceClass, Sourced
from catalog.text.slugs import slug_for

TEXT: dict[str, Any] = {"type": "string"}
NULLABLE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
URL: dict[str, Any] = {"type": "string", "format": "uri"}
NULLABLE_URL: dict[str, Any] = {"type": ["string", "null"], "format": "uri"}
TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
ANY: dict[str, Any] = {}
KIND: dict[str, Any] = {"type": "string", "enum": list(KINDS)}
SLUGS_BY_KIND: dict[str, Any] = {
    "type": "object",
    "description": "By the plural of the kind, then by the slug as the fields have it.",
    "additionalProperties": {"type": "object", "additionalProperties": ANY},
}
SOURCE_CLASS: dict[str, Any] = {
    "type": "string",
    "enum": ["", *SourceClass.values],
    "description": "What the source is to the value, by its host unless a source row states it; empty if unknown.",
}
SOURCED: dict[str, Any] = {
    "type": "string",
    "enum": Sourced.values,
    "description": "What says where the value was read: `own`, its `sources`; `change`, the `source` of the revision "
    "`source_revision`, which set it first; `list`, the imported list alone; `none`, nothing. `sourced_text` says so "
    "in words.",
}
PROVENANCE_ROW = Component(
    "Said",
    record(
        value=ANY,
        revision=NUMBER,
        contributor=TEXT,
        approver=NULLABLE_TEXT,
        seconder=NULLABLE_TEXT,
        edited_in_review=BOOLEAN,
        at=TIME,
        source=NULLABLE_TEXT,
        source_class=SOURCE_CLASS,
        source_revision={"type": ["integer", "null"]},
        sourced=SOURCED,
        sourced_text=TEXT,
        sources=listed(
            record(
                url=TEXT,
                note=TEXT,
                confidence=TEXT,
                source_class=SOURCE_CLASS,
                class_stated=BOOLEAN,
                revision=NUMBER,
                contributor=TEXT,
            )
        ),
    ),
)
PROVENANCE: dict[str, Any] = {"type": "object", "additionalProperties": listed(PROVENANCE_ROW)}


def envelope_schema(fields: Any, kinds: list[str]) -> dict[str, Any]:
    """Return the schema of an envelope."""
    return record(
        optional=("expanded", "provenance"),
        kind={"type": "string", "enum": kinds},
        slug=TEXT,
        url=URL,
        html_url=URL,
        revision=NUMBER,
        created=TIME,
        updated=TIME,
        fields=fields,
        expanded=SLUGS_BY_KIND,
        provenance=PROVENANCE,
    )


def page_schema(items: Any, **more: Any) -> dict[str, Any]:
    """Return the schema of a page of a paginated list."""
    return record(optional=tuple(more), results=listed(items), **more, next=NULLABLE_URL)


def _entry(kind: Kind) -> Component:
    name = kind.model.__name__
    return Component(name, envelope_schema(Component(f"{name}Fields", payload_schema(kind)), [kind.name]))


ENTRIES = {kind.name: _entry(kind) for kind in KINDS.values()}
"""The component of each kind's envelope: Paper, Dataset …"""

SPANS = listed(record(text=TEXT, hit=BOOLEAN))
_REVISION: dict[str, Any] = {
    "revision": NUMBER,
    "action": {"type": "string", "enum": RevisionAction.values},
    "slug": TEXT,
    "name": TEXT,
    "url": URL,
    "html_url": URL,
    "at": TIME,
    "contributor": TEXT,
    "approver": NULLABLE_TEXT,
    "seconder": NULLABLE_TEXT,
    "source": NULLABLE_TEXT,
    "comment": TEXT,
    "changed": listed(TEXT),
}
REVISION = Component("Revision", record(**_REVISION))
REMOVAL: dict[str, Any] = {
    "description": "What became of an entry that is not in the catalogue any more; null for one that is.",
    "anyOf": [
        record(
            action={"type": "string", "enum": sorted(REMOVED_ACTIONS)},
            at=TIME,
            reason=TEXT,
            merged_into={**NULLABLE_URL, "description": "Where a merged entry leads today."},
        ),
        {"type": "null"},
    ],
}
REVISION_WITH_FIELDS = Component(
    "WholeRevision",
    record(
        optional=("provenance",),
        **_REVISION,
        fields={"type": "object"},
        provenance=PROVENANCE,
        differences=listed(record(field=TEXT, label=TEXT, before=ANY, after=ANY)),
        removed=REMOVAL,
    ),
)
CHANGE = Component(
    "Change",
    record(
        kind=KIND,
        moved_from={**NULLABLE_TEXT, "description": "The address until this change, where it moved."},
        merged_into={**NULLABLE_TEXT, "description": "Where a merged entry leads today."},
        fields={"type": ["object", "null"], "description": "The whole payload; null where the entry is gone."},
        **_REVISION,
    ),
)
ANY_ENTRY = envelope_schema({"type": "object"}, list(KINDS))
STANDING = {
    **NULLABLE_TEXT,
    "description": "Of a benchmark its first row, of a result its place or why it has none; null for others.",
}
HIT = Component(
    "Hit",
    {
        **ANY_ENTRY,
        "properties": {**ANY_ENTRY["properties"], "match": record(name=SPANS, line=SPANS), "standing": STANDING},
        "required": [*ANY_ENTRY["required"], "match", "standing"],
    },
)

FIRST_KIND = next(iter(KINDS.values()))


def example(kind: Kind) -> dict[str, Any]:
    """Return a short example of an entry of a kind."""
    slug = slug_for(kind.example["name"])
    return {
        "kind": kind.name,
        "slug": slug,
        "url": f"https://example.org/api/v1/{kind.plural}/{slug}/",
        "html_url": f"https://example.org/{kind.plural}/{slug}/",
        "revision": 3,
        "created": "2026-11-24T10:00:00+00:00",
        "updated": "2026-11-25T09:30:00+00:00",
        "fields": dict(kind.example),
    }


EXAMPLE = example(FIRST_KIND)
EXAMPLE_REVISION: dict[str, Any] = {
    "revision": 3,
    "action": "edit",
    "slug": EXAMPLE["slug"],
    "name": EXAMPLE["fields"]["name"],
    "url": f"{EXAMPLE['url']}revisions/3/",
    "html_url": f"{EXAMPLE['html_url']}history/3/",
    "at": "2026-11-25T09:30:00+00:00",
    "contributor": "ada",
    "approver": "grace",
    "seconder": None,
    "source": "https://arxiv.org/abs/2103.00020",
    "comment": "The year of the paper, not of the blog post.",
    "changed": ["year"],
}
