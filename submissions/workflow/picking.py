"""The fields of an edit that a moderator approves, where they do not approve all of them."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds import Kind
from submissions import diff

Payload = Mapping[str, Any]


def with_described(kind: Kind, fields: set[str], proposed: Payload, live: Payload) -> set[str]:
    """Fields to be approved, with what the proposal says about their values (`Kind.described_by`)."""
    changed = _changed_fields(proposed, live)
    described = {key for field in fields for key in kind.described_by.get(field, ())}
    return fields | (described & changed)


def field_errors(kind: Kind, fields: set[str], proposed: Payload, live: Payload) -> list[str]:
    """What is wrong with the fields to be approved: unknown and unchanged ones are named, not ignored, and so are those
    that describe another value than the live one."""
    changed = _changed_fields(proposed, live)
    unknown, unchanged = sorted(fields - proposed.keys()), sorted((fields & proposed.keys()) - changed)
    errors = []
    if unknown:
        errors.append(f"There is no field {', '.join(name[:100] for name in unknown[:10])}.")
    if unchanged:
        errors.append(f"The proposal does not change {', '.join(unchanged)}.")
    for key, describing in kind.described_by.items():
        if key in changed - fields and (alone := ", ".join(name for name in describing if name in fields & changed)):
            errors.append(f"The proposal gives {alone} for another {key}: approve {key} as well, or leave {alone} out.")
            break  # what describes a description describes the same value
    return errors if fields else ["Pick at least one field that the proposal changes."]


def _changed_fields(proposed: Payload, live: Payload) -> set[str]:
    return {change.field for change in diff.three_way_diff(live, proposed, live)}
