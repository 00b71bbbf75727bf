"""The account of a list: what each of its lines was read as, and how that compares with the catalogue."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from catalog.api.envelopes import api_url
from catalog.api.schema import Component, listed, record
from catalog.kinds import KINDS, kind_of
from submissions.api.bodies import TEXT, TEXTS
from submissions.intake.batch import ComparedDraft, State, count_entries
from submissions.intake.drafts import Draft

NUMBER = {"type": "integer"}
LINE = {"type": ["integer", "null"], "description": "From 1; null where the text is not in lines."}
STATES = {
    State.NEW: "not in the catalogue",
    State.DIFFERS: "in the catalogue, which says something else in `fields`",
    State.QUESTION: "perhaps the same as `entry` or as line `same_as`: `reason` says why",
    State.REPEATED: "the same as line `same_as`",
    State.SAME: "in the catalogue, which says the same",
    State.UNREADABLE: "not read: `reason` says why",
    State.SKIPPED: "not meant to be an entry: `reason` says as what it was read",
}

ACCOUNTED = Component(
    "AccountedLine",
    record(
        line=LINE,
        last={**LINE, "description": "The last of its lines."},
        state={
            "type": "string",
            "enum": [state.value for state in STATES],
            "description": "; ".join(f"`{state.value}`: {meaning}" for state, meaning in STATES.items()),
        },
        text={"type": "string", "description": "The name of what was read, else the beginning of what stands there."},
        kind={"type": ["string", "null"], "enum": [*KINDS, None]},
        fields={**TEXTS, "description": "The fields in which the catalogue says something else."},
        entry={
            "type": ["object", "null"],
            "properties": {"slug": TEXT, "name": TEXT, "url": {"type": "string", "format": "uri"}},
            "required": ["slug", "name", "url"],
            "additionalProperties": False,
        },
        same_as={**LINE, "description": "The earlier line that holds the same."},
        reason=TEXT,
        notes={**TEXTS, "description": "What was left out or changed in reading."},
    ),
)

PROPERTIES: dict[str, Any] = {
    "entries": {**NUMBER, "description": "How many entries were read."},
    "states": {
        "type": "object",
        "properties": {state.value: NUMBER for state in STATES},
        "required": [state.value for state in STATES],
        "additionalProperties": False,
        "description": "How many of the lines are in each state.",
    },
    "lines": listed(ACCOUNTED),
}
"""The members of an account, for the schema of what answers with one."""


def account_of(compared: Iterable[ComparedDraft]) -> dict[str, Any]:
    """Represent a compared list with every line that holds a link or looks like an item, in order."""
    rows = list(compared)
    counts = Counter(row.state for row in rows)
    return {
        "entries": count_entries(rows),
        "states": {state.value: counts[state] for state in STATES},
        "lines": [_line(row) for row in rows],
    }


def _line(row: ComparedDraft) -> dict[str, Any]:
    parsed, entry = row.parsed, row.entry
    read: dict[str, Any]
    notes: list[str] = []
    if isinstance(parsed, Draft):
        read = {"last": parsed.line, "text": parsed.name, "kind": parsed.kind, "reason": row.question}
        notes = list(parsed.notes)
    else:
        read = {"last": parsed.last or parsed.line, "text": parsed.text, "kind": None, "reason": parsed.reason}
    return {
        "line": parsed.line,
        "state": row.state.value,
        "fields": list(row.fields),
        "entry": entry and {"slug": entry.slug, "name": entry.name, "url": api_url(kind_of(entry), entry.slug)},
        "same_as": row.earlier_line,
        "notes": notes,
        **read,
    }
