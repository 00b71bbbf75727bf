"""What a form asks where its payload names something that another entry does not list: did one mean a listed name, or
is it to be added there?

The tick holds which name it was set for and whose, so that it goes with no other one that is typed afterwards.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.forms.references import former_ids
from catalog.kinds import Kind, listing_field, listing_kind
from catalog.models import Entry

PREFIX = "addition"
USE = "use"
"""The name of the buttons that put a listed name into a field: "split:testmini"."""


@dataclass(frozen=True)
class Question:
    """About one field. `name` and `value` are those of the tick, which is offered where the form can add a row;
    `listing` is the list that the name would be added to, `nearest` are names in it that are spelt alike, `row` is the
    row to be added as far as it is filled in."""

    key: str
    name: str
    value: str
    text: str
    owner: str
    listing: str
    nearest: list[str]
    offered: bool
    ticked: bool
    row: dict[str, Any]


def additions_from_post(kind: Kind, payload: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The rows that were ticked to be added, with what was asked of them, by the field that names each."""
    additions = {}
    for key, listed in kind.form.listed.items():
        name, cells = f"{PREFIX}-{key}", listing_field(kind, key).cells
        if payload.get(key) and data.get(name) == _ticked_for(kind, key, payload):
            asked = {cell: cells[cell].read_post(data, f"{name}-{cell}") for cell in listed.asked}
            additions[key] = {"name": payload[key], **asked}
    return additions


def with_used_name(kind: Kind, payload: dict[str, Any], data: Mapping[str, str]) -> dict[str, Any]:
    """The payload with the listed name that a button puts into a field."""
    key, _, name = data.get(USE, "").partition(":")
    return {**payload, key: name} if key in kind.form.listed and name else payload


def questions_about(
    kind: Kind,
    payload: Mapping[str, Any],
    keys: Collection[str],
    additions: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, Question]:
    """A question for each of these fields that names what the entry which it refers to does not list, and for each with
    an addition; a query for each of these entries. Without `additions`, the form can add nothing."""
    questions: dict[str, Question] = {}
    owners: dict[str, Entry | None] = {}
    rows_to_add = additions or {}
    asked_about = {key: listed for key, listed in kind.form.listed.items() if key in keys or key in rows_to_add}
    for key, listed in asked_about.items():
        text, slug = payload.get(key), payload.get(listed.owner)
        if not isinstance(text, str) or not text.strip() or not isinstance(slug, str):
            continue
        if listed.owner not in owners:
            owners[listed.owner] = _live(listing_kind(kind, key), slug)
        owner = owners[listed.owner]
        rows = listed.rows_of(owner) if owner else []
        if owner is None or listed.find(rows, text):
            continue
        questions[key] = Question(
            key=key,
            name=f"{PREFIX}-{key}",
            value=_ticked_for(kind, key, payload),
            text=text,
            owner=owner.name,
            listing=listing_kind(kind, key).label_of(listed.rows).lower(),
            nearest=listed.nearest(rows, text),
            offered=additions is not None,
            ticked=key in rows_to_add,
            row=dict(rows_to_add.get(key, {})),
        )
    return questions


def _ticked_for(kind: Kind, key: str, payload: Mapping[str, Any]) -> str:
    return f"{payload.get(kind.form.listed[key].owner)}:{payload.get(key)}"


def _live(kind: Kind, slug: str) -> Entry | None:
    """The live entry with a present or former slug."""
    rows = kind.model.objects.all()
    found: Entry | None = rows.filter(slug=slug).first()
    return found or rows.filter(pk__in=former_ids(kind.name, {slug}).values()).first()
