"""JSON Merge Patch (RFC 7396)."""

from collections.abc import Mapping
from typing import Any

from catalog.reading.sources import source_rows
from submissions import diff


def patched(payload: Any, patch: Mapping[str, Any]) -> Any:
    """Return the payload of a proposal with `patch` applied. A damaged payload that is not an object is returned as it
    is, so that validation refuses it: a patch of some fields would empty all others.

    A value that is replaced takes the sources along that were given for it, unless the patch has `sources`.
    """
    if not isinstance(payload, Mapping):
        return payload
    new: dict[str, Any] = apply_merge_patch(payload, patch)
    rows = payload.get("sources")
    if "sources" in patch or not rows or source_rows(rows) != rows:
        return new
    return diff.without_sources_of_edited_values(new, payload, {})


def apply_merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` applied: objects are merged by member, null removes a member, and any other value
    (lists too) replaces the old one. Neither argument is changed."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = apply_merge_patch(result.get(name), value)
    return result
