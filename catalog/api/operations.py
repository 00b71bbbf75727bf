"""The OpenAPI operations of the read endpoints."""

from typing import Any

from catalog.api.schema import Operation, listed, record
from catalog.api.shapes import (
    BOOLEAN,
    CHANGE,
    ENTRIES,
    EXAMPLE,
    EXAMPLE_REVISION,
    FIRST_KIND,
    HIT,
    NUMBER,
    REMOVAL,
    REVISION,
    REVISION_WITH_FIELDS,
    TEXT,
    URL,
    example,
    page_schema,
)
from catalog.kinds import Kind
from catalog.kinds.formats import JSON, Format

MAP_OF_URLS = {"type": "object", "additionalProperties": URL}
EXAMPLE_BASE_URL = "https://example.org/api/v1"

COUNT_PROPERTIES = {"count": NUMBER, "count_is_exact": BOOLEAN}


def label_in_sentence(kind: Kind) -> str:
    """Return a kind's label with a lower-case first letter, for use within a sentence."""
    return kind.label[0].lower() + kind.label[1:]


def streamed(kind: Kind) -> list[Format]:
    """Return the formats in which all entries of a list are streamed."""
    return [one for one in kind.formats if one is not JSON]


def streaming_note(kind: Kind) -> str:
    """Return a sentence that says how to get a list as a file."""
    media = " or ".join(f"`{one.media_type}`" for one in streamed(kind))
    extensions = " or ".join(f"`.{one.extension}`" for one in streamed(kind))
    return (
        f"With {media} in `Accept`, or at the address with {extensions} in place of the last slash, all entries that "
        "match are streamed."
    )


def entry_list(kind: Kind) -> Operation:
    label = kind.label_plural[0].lower() + kind.label_plural[1:]
    return Operation(
        f"list_{kind.plural}",
        kind.plural,
        f"List {label}",
        f"{kind.intro} {streaming_note(kind)}",
        answer=page_schema(ENTRIES[kind.name], **COUNT_PROPERTIES),
        example={"results": [example(kind)], "next": None},
        media=(JSON.media_type, *(one.media_type for one in streamed(kind))),
    )


def entry(kind: Kind) -> Operation:
    return Operation(
        f"read_{kind.name}",
        kind.plural,
        f"Read one {label_in_sentence(kind)}",
        "A former address answers 308 with the present one; a retired entry answers 410 with the reason.",
        answer=ENTRIES[kind.name],
        example=example(kind),
        problems=(308, 404, 410),
    )


def revisions(kind: Kind) -> Operation:
    return Operation(
        f"list_{kind.name}_revisions",
        kind.plural,
        f"The history of one {label_in_sentence(kind)}",
        "Who changed what, approved by whom, when, and from which source; newest first. An entry that was retired or "
        "merged keeps its history at this address.",
        answer=page_schema(REVISION, removed=REMOVAL),
        example={"results": [EXAMPLE_REVISION], "next": None, "removed": None},
        problems=(308, 404),
    )


def revision(kind: Kind) -> Operation:
    differences = [{"field": "year", "label": "Year", "before": 2020, "after": 2021}]
    return Operation(
        f"read_{kind.name}_revision",
        kind.plural,
        f"One revision of one {label_in_sentence(kind)}",
        "The whole payload as it was, and what it changed against the revision before, also of an entry that was "
        "retired or merged since; with `?include=provenance` who set each value of it, and from which source.",
        answer=REVISION_WITH_FIELDS,
        example={**EXAMPLE_REVISION, "fields": EXAMPLE["fields"], "differences": differences, "removed": None},
        problems=(308, 404),
        path={"number": {"schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}}},
    )


SEARCH = Operation(
    "search",
    "search",
    "Search all kinds",
    "Names are found however they are punctuated, by alias, identifier or author, and with a typo. At most 2,000 "
    "matches are ranked; `kinds` and `years` count those.",
    answer=page_schema(
        HIT,
        **COUNT_PROPERTIES,
        guessed={**BOOLEAN, "description": "Nothing is spelt like the query; these come close."},
        kinds={"type": "object", "additionalProperties": NUMBER},
        years={"type": "object", "additionalProperties": NUMBER},
    ),
    example={
        "results": [
            {
                **EXAMPLE,
                "match": {"name": [{"text": "CLIP", "hit": True}], "line": [{"text": "Learning", "hit": False}]},
                "standing": None,
            }
        ],
        "next": None,
        "count": 1,
        "count_is_exact": True,
        "guessed": False,
        "kinds": {FIRST_KIND.name: 1},
        "years": {"2021": 1},
    },
    problems=(503,),
)

CHANGES = Operation(
    "list_changes",
    "sync",
    "What changed, in order",
    "Oldest first, nothing twice and nothing left out, also while others publish. Keep `cursor`, and ask again with "
    "`?since=` it. An entry is gone after `retire` and `merge`; where `moved_from` is set, it had that slug before. "
    "The README of the Python client (clients/python) keeps an exact copy in ten lines.",
    answer=record(results=listed(CHANGE), cursor=TEXT, next=URL, has_more=BOOLEAN),
    example={
        "results": [
            {
                **EXAMPLE_REVISION,
                "kind": EXAMPLE["kind"],
                "moved_from": None,
                "merged_into": None,
                "fields": EXAMPLE["fields"],
            }
        ],
        "cursor": "WyJjaGFuZ2VzIiw0Ml0",
        "next": f"{EXAMPLE_BASE_URL}/changes/?since=WyJjaGFuZ2VzIiw0Ml0",
        "has_more": False,
    },
)

ROOT = Operation(
    "root",
    "about",
    "What the API holds",
    "The address of every list.",
    answer=MAP_OF_URLS,
    example={FIRST_KIND.plural: f"{EXAMPLE_BASE_URL}/{FIRST_KIND.plural}/", "changes": f"{EXAMPLE_BASE_URL}/changes/"},
)

VOCABULARY_INDEX = Operation(
    "list_vocabularies",
    "vocabularies",
    "The vocabularies there are",
    "The words that filters take.",
    answer=MAP_OF_URLS,
    example={"link-kinds": f"{EXAMPLE_BASE_URL}/vocabularies/link-kinds/"},
)


def vocabulary(names: list[str]) -> Operation:
    value_schema: dict[str, Any] = {"type": "object", "properties": {"value": TEXT, "label": TEXT, "count": NUMBER}}
    return Operation(
        "read_vocabulary",
        "vocabularies",
        "One vocabulary",
        "Closed lists come from the model; open ones from what is published, with how many entries of each kind say "
        "so. `value` is what a filter takes.",
        answer=record(name=TEXT, results=listed(value_schema)),
        example={"name": "link-kinds", "results": [{"value": "code", "label": "Code"}]},
        problems=(404, 503),
        path={"name": {"schema": {"type": "string", "enum": sorted(names)}}},
    )
