"""Posted form data as a payload. Only the shape changes here: the kind's form validates the values.

A value that cannot be converted stays as it was typed, so that the form can report it and nothing typed is lost.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.db.models.functions import Upper
from django.utils.datastructures import MultiValueDict

from catalog.forms.fields import MAX_ITEMS, SlugReference
from catalog.kinds import KINDS, Kind
from submissions.forms.additions import with_used_name

UNREADABLE = 0
"""A version that no proposal has, so that the workflow takes the form for outdated."""

MAX_FORM_ROWS = 2_000
"""In all fields of a form. Browsers send each cell, so that more would not be read (DATA_UPLOAD_MAX_NUMBER_FIELDS)."""

NAMES_IN_QUERY = 500
MAX_NAME_LENGTH = 300
"""No entry has a longer name."""


def payload_from_post(kind: Kind, data: Mapping[str, str]) -> dict[str, Any]:
    """The payload of a posted form, without rows that are blank or marked for removal, and without fields that only
    moderators set, unless they were posted all the same. Raises TooManyFieldsSent, which is a 400, for more rows than
    a form can show and look up. A name that a button puts into a field replaces what was typed there."""
    payload = {
        key: field.read_post(data, key)
        for key, field in kind.form.payload_fields().items()
        if key in data or key not in kind.set_by_moderators
    }
    lists = {key: value for key, value in payload.items() if isinstance(value, list)}
    rows = sum(len(value) for key, value in lists.items() if kind.form.payload_fields()[key].input == "rows")
    if rows > MAX_FORM_ROWS or any(len(value) > MAX_ITEMS for value in lists.values()):
        raise TooManyFieldsSent(f"A form has at most {MAX_FORM_ROWS:,} rows; this one has {rows:,}.")
    return with_used_name(kind, _with_slugs(kind, payload), data)


def int_from_post(data: Mapping[str, str], name: str) -> int | None:
    """A non-negative integer below 10**9 from POST or GET data; None if it is missing or invalid."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def ints_from_post(data: MultiValueDict[str, str], name: str) -> set[int]:
    """The non-negative integers below 10**9 among the values of a name."""
    return {int(text) for text in data.getlist(name) if text.isascii() and text.isdigit() and len(text) < 10}


def version_from_post(data: Mapping[str, str], name: str = "version") -> int | None:
    """The version, or revision, that a form was made from; None if none was posted, UNREADABLE if it is not a small
    whole number."""
    return (int_from_post(data, name) or UNREADABLE) if name in data else None


def _with_slugs(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with names of entries replaced by slugs."""
    typed: dict[str, set[str]] = {}
    for target, text in kind.form.references(payload):
        if target in KINDS and _is_not_a_slug(text):
            typed.setdefault(target, set()).add(text)
    slugs: dict[SlugReference, str] = {}
    for target, names in typed.items():
        slugs |= {(target, name): slug for name, slug in _slugs(KINDS[target], names).items()}
    return kind.form.with_references_replaced(payload, slugs) if slugs else payload


def _is_not_a_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-]+", text) is None


def _slugs(kind: Kind, names: Iterable[str]) -> dict[str, str]:
    """The slugs of entries by name, in capitals or not, where only one has it; a query for NAMES_IN_QUERY names."""
    wanted = sorted(name for name in names if len(name) <= MAX_NAME_LENGTH and "\0" not in name)
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), NAMES_IN_QUERY):
        capitals = {form for name in wanted[start : start + NAMES_IN_QUERY] for form in _in_capitals(name)}
        rows = kind.model.objects.annotate(capitals=Upper("name")).filter(capitals__in=capitals)
        for name, slug in rows.order_by().values_list("name", "slug"):
            found.setdefault(name.upper(), set()).add(slug)
    return {name: slugs.pop() for name in wanted if len(slugs := set(found.get(name.upper(), ()))) == 1}


def _in_capitals(name: str) -> set[str]:
    """A name as a database may have it in capitals; SQLite knows those of ASCII alone."""
    return {name.upper(), "".join(letter.upper() if letter.isascii() else letter for letter in name)}
