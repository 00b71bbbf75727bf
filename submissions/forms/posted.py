"""Posted form data as a payload. Only the shape changes here: the kind's form validates the values.

A value that cannot be converted stays as it was typed, so that the form can report it and nothing typed is lost.
"""

import re
from collections.abc import Mapping
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.models import Entry

UNREADABLE = 0
"""A version that no proposal has, so that the workflow takes the form for outdated."""


def payload_from_post(kind: Kind, data: Mapping[str, str]) -> dict[str, Any]:
    """The payload of a posted form, without rows that are blank or marked for removal."""
    payload = {key: field.read_post(data, key) for key, field in kind.form.payload_fields().items()}
    return _with_slugs(kind, payload)


def int_from_post(data: Mapping[str, str], name: str) -> int | None:
    """A non-negative integer below 10**9 from POST or GET data; None if it is missing or invalid."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def version_from_post(data: Mapping[str, str], name: str = "version") -> int | None:
    """The version, or revision, that a form was made from; None if none was posted, UNREADABLE if it is not a small
    whole number."""
    return (int_from_post(data, name) or UNREADABLE) if name in data else None


def _with_slugs(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with names of entries replaced by slugs; one query for each name."""
    typed = {
        (target, text) for target, text in kind.form.references(payload) if target in KINDS and _is_not_a_slug(text)
    }
    for target, text in sorted(typed):
        if slug := _slug(KINDS[target].model, text):
            payload = kind.form.with_reference_replaced(payload, target, text, slug)
    return payload


def _is_not_a_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-]+", text) is None


def _slug(model: type[Entry], name: str) -> str | None:
    """The slug of the entry with this name, if only one has it."""
    rows = list(model.objects.filter(name__iexact=name).values_list("slug", flat=True)[:2])
    return rows[0] if len(rows) == 1 else None
