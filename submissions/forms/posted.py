"""Posted form data as a payload. Only the shape changes here: the kind's form validates the values.

A value that cannot be converted stays as it was typed, so that the form can report it and nothing typed is lost.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Upper

from catalog.forms.fields import MAX_ROWS
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
    """The payload with names of entries replaced by slugs; one query for each kind that it refers to, and none for more
    names than a form takes rows."""
    names: dict[str, set[str]] = {}
    for target, text in kind.form.references(payload):
        if target in KINDS and _is_not_a_slug(text):
            names.setdefault(target, set()).add(text)
    for target, texts in names.items():
        slugs = _slugs_by_name(KINDS[target].model, texts) if len(texts) <= MAX_ROWS else {}
        for text in sorted(texts & slugs.keys()):
            payload = kind.form.with_reference_replaced(payload, target, text, slugs[text])
    return payload


def _is_not_a_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-]+", text) is None


def _slugs_by_name(model: type[Entry], texts: set[str]) -> dict[str, str]:
    """The slug of each text that is the name of one entry only, in upper or lower case."""
    upper_texts = {form for text in texts for form in _in_upper_case(text)}
    rows = model.objects.annotate(upper_name=Upper("name")).filter(upper_name__in=upper_texts)
    slugs: dict[str, set[str]] = {}
    for name, slug in rows.values_list("name", "slug"):
        for form in _in_upper_case(name):
            slugs.setdefault(form, set()).add(slug)
    found = {text: set().union(*(slugs.get(form, ()) for form in _in_upper_case(text))) for text in texts}
    return {text: next(iter(named)) for text, named in found.items() if len(named) == 1}


def _in_upper_case(text: str) -> set[str]:
    """As a database with all letters may have it, and as SQLite does, which knows those of ASCII."""
    return {text.upper(), "".join(char.upper() if char.isascii() else char for char in text)}
