"""The account of a list in the schema: what became of each of its lines, and how that compares with the catalogue."""

from catalog.api.schema import Component, Schema, listed, record
from catalog.kinds import KINDS
from submissions.api.bodies import TEXT
from submissions.intake.checking import OUTCOMES
from submissions.intake.merging import Change

NUMBER: Schema = {"type": "integer"}
LINE: Schema = {"type": ["integer", "null"], "description": "From 1; null where the text is not in lines."}
COUNTS: Schema = {"type": "object", "additionalProperties": NUMBER}
CHANGE = Component(
    "ListedChange",
    record(key=TEXT, change={"type": "string", "enum": [one.value for one in Change]}, base={}, listed={}, live={}),
)
LINES = Component(
    "AccountedLines",
    record(
        line=LINE,
        last={**LINE, "description": "The last of its lines."},
        outcome={"type": "string", "enum": [str(one) for one in OUTCOMES]},
        level={"type": "string", "enum": ["warning", "notice", ""]},
        message={"type": "string", "description": "A sentence for people."},
        kind={"type": "string", "enum": [*KINDS, ""]},
        name=TEXT,
        url={"type": "string", "description": "The page of the entry in the catalogue; empty if there is none."},
        changes=listed(CHANGE),
        earlier={**LINE, "description": "The earlier line that holds the same, or may."},
    ),
)
ACCOUNT: dict[str, Schema] = {
    "entries": {**NUMBER, "description": "How many entries were read."},
    "counts": {**COUNTS, "description": "How many of the lines have each outcome."},
    "lines": listed(LINES),
}
"""The members of an account, for the schema of what answers with one."""
OUTCOMES_EXPLAINED = (
    "`new`, `differs` (with the fields), `conflict` (list and catalogue changed a field to different values), `behind` "
    "(only the catalogue did), `removed` (no longer in the list), `again` (twice in the list), `question` (there under "
    "another name?), `same`, `unreadable` or `skipped`"
)
