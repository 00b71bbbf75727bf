"""Drafts: partial payloads read from text."""

from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.models import Section
from catalog.text.slugs import slug_for


@dataclass(frozen=True)
class Draft:
    """A partial payload: only the keys that were stated, with values of the shape that the kind's form takes.

    `notes` are sentences for the contributor about what was left out or needs a check. `line` counts from 1; `source`
    is a URL or a text that says where it was read.
    """

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    line: int | None = None
    source: str = ""

    @property
    def name(self) -> str:
        return str(self.payload.get("name", ""))


@dataclass(frozen=True)
class Unreadable:
    """A text in none of the accepted formats, and the reason."""

    line: int | None
    text: str
    reason: str


ParsedItem = Draft | Unreadable

COMPONENT_ROLES = {
    "vision_encoders": "vision encoder",
    "language_backbones": "language model",
    "other_encoders": "encoder",
}


def with_components(drafts: list[Draft], components: list[dict[str, list[tuple[str, str]]]]) -> list[Draft]:
    """Add the components that the texts of the drafts name, in at most one query.

    `components` gives for each draft the (name, note) pairs by payload key. Those that the catalogue does not have
    become notes of the draft.
    """
    slugs = {slug_for(name) for rows_by_key in components for rows in rows_by_key.values() for name, _ in rows}
    known = set(Component.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    completed = []
    for draft, rows_by_key in zip(drafts, components, strict=True):
        payload, notes = dict(draft.payload), list(draft.notes)
        for key, rows in rows_by_key.items():
            present = [(name, note) for name, note in rows if slug_for(name) in known]
            payload[key] = [{"component": slug_for(name), "variants": [], "note": note} for name, note in present]
            notes += [
                f"The {COMPONENT_ROLES[key]} “{name}” is not in the catalogue yet, so it was left out."
                for name, _ in rows
                if slug_for(name) not in known
            ]
        completed.append(
            Draft(draft.kind, {k: v for k, v in payload.items() if v}, tuple(notes), draft.line, draft.source)
        )
    return completed


def truncated(draft: Draft) -> Draft:
    """The draft with texts cut to the maximum length of their form fields, and a note for each cut."""
    fields = KINDS[draft.kind].form.base_fields
    payload, notes = dict(draft.payload), list(draft.notes)
    for key, value in payload.items():
        max_length = getattr(fields[key], "max_length", None)
        if isinstance(value, str) and max_length and len(value) > max_length:
            payload[key] = value[: max_length - 1] + "…"
            notes.append(f"{key.replace('_', ' ').capitalize()} was longer than {max_length} characters and was cut.")
    return Draft(draft.kind, payload, tuple(notes), draft.line, draft.source)


def known_sections(slugs: set[str]) -> set[str]:
    """The subset of these section slugs that the catalogue has."""
    return set(Section.objects.filter(slug__in=slugs).values_list("slug", flat=True))
