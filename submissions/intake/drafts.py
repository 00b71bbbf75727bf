"""Drafts: partial payloads read from text."""

from dataclasses import dataclass, field, replace
from typing import Any

from catalog.forms.fields import BLANK
from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.models import Section
from catalog.text.slugs import slug_for


@dataclass(frozen=True)
class Draft:
    """A partial payload: only the keys that were stated, with values of the shape that the kind's form takes.

    `notes` are sentences for the contributor about what was left out or needs a check. `line` counts from 1; `source`
    is a URL or a text that says where it was read. `derived` are the keys whose values are taken from the summary's
    words or from notes.
    """

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    line: int | None = None
    source: str = ""
    derived: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.payload.get("name", ""))

    @property
    def stated(self) -> str:
        """What was read, in the words of the form: “Name, Year, Links”."""
        kind = KINDS[self.kind]
        return ", ".join(kind.label_of(key) for key, value in self.payload.items() if value not in BLANK)


@dataclass(frozen=True)
class Unreadable:
    """A text in none of the accepted formats, and the reason; `skipped` if it is not meant to be an entry, such as a
    heading. It ends in line `last`, if that is another."""

    line: int | None
    text: str
    reason: str
    skipped: bool = False
    last: int | None = None


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
        completed.append(replace(draft, payload={k: v for k, v in payload.items() if v}, notes=tuple(notes)))
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
    return replace(draft, payload=payload, notes=tuple(notes))


def known_sections(slugs: set[str]) -> set[str]:
    """The subset of these section slugs that the catalogue has."""
    return set(Section.objects.filter(slug__in=slugs).values_list("slug", flat=True))
