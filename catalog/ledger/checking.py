"""Live entries whose values the form of their kind refuses today, or would store otherwise."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.forms import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.models import Entry

CHUNK_SIZE = 200


@dataclass(frozen=True)
class Finding:
    """A value of a live entry that could not be published today, and why."""

    kind: str
    slug: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}, {self.field}: {self.reason}"

    @property
    def label(self) -> str:
        """The label of the field."""
        return KINDS[self.kind].label_of(self.field)


def find_refused_values() -> Iterator[Finding]:
    """One finding per value that a form refuses or changes, by kind, then in the order of the entries' ids."""
    for kind in KINDS.values():
        ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK_SIZE):
            rows = kind.model.objects.with_references().filter(pk__in=ids[start : start + CHUNK_SIZE])
            for entry in rows.order_by("pk"):
                yield from refused_values(kind, entry)


def refused_values(kind: Kind, entry: Entry) -> list[Finding]:
    """The findings about one entry, fetched `with_references()`."""
    payload = kind.dump(entry)
    errors = payload_errors(kind.form, payload) or _form_errors(kind, payload, entry)
    return [
        Finding(kind.name, entry.slug, field, message) for field, messages in errors.items() for message in messages
    ]


def _form_errors(kind: Kind, payload: dict[str, Any], entry: Entry) -> dict[str, list[str]]:
    """The errors of the form, or, where it is valid, what it would store instead."""
    form = kind.form(payload, instance=copy.copy(entry))  # validating changes the instance
    if not form.is_valid():
        return {field: [str(message) for message in messages] for field, messages in form.errors.items()}
    canonical = form.canonical()
    return {
        key: [f"Is {_shown(value)}, would be stored as {_shown(canonical[key])}."]
        for key, value in payload.items()
        if canonical[key] != value
    }


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
