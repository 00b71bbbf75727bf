"""JSON Merge Patch (RFC 7396)."""

from collections.abc import Mapping
from typing import Any


def patched(payload: Any, patch: Mapping[str, Any]) -> Any:
    """What is proposed with a merge patch applied; what is no object stays as it is, for the validation to refuse it: a
    patch of some fields would empty all others."""
    return merged(payload, patch) if isinstance(payload, Mapping) else payload


def merged(target: Any, patch: Any) -> Any:
    """`target` with `patch` applied: objects are merged member by member, null takes a member away, anything else
    (a list too) stands in the place of what was there. Neither argument is changed."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
