"""Drafts: payloads as far as they were read from a text."""

from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.models import Section
from catalog.text.slugs import slug_for


@dataclass(frozen=True)
class Draft:
    """A payload as far as it was read: only the keys that were stated, in the shape of the kind's form.

    `notes` are sentences for the contributor: what was understood, what could not be. `line` counts from 1; `source`
    is an address, or words, where it was read.
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
    """A piece of text that is none of the forms, and why."""

    line: int | None
    text: str
    why: str


Read = Draft | Unreadable

NAMES = {"vision_encoders": "vision encoder", "language_backbones": "language model", "other_encoders": "encoder"}


def with_parts(drafts: list[Draft], parts: list[dict[str, list[tuple[str, str]]]]) -> list[Draft]:
    """The drafts with the components that their texts name, where the catalogue has them; two queries for all.

    `parts` gives for each draft the (name, note) pairs by payload key. What the catalogue does not have becomes a note.
    """
    slugs = {slug_for(name) for found in parts for rows in found.values() for name, _ in rows}
    known = set(Component.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    done = []
    for draft, found in zip(drafts, parts, strict=True):
        payload, notes = dict(draft.payload), list(draft.notes)
        for key, rows in found.items():
            there = [(name, note) for name, note in rows if slug_for(name) in known]
            payload[key] = [{"component": slug_for(name), "variants": [], "note": note} for name, note in there]
            notes += [
                f"The {NAMES[key]} “{name}” is not in the catalogue yet, so it was left out."
                for name, _ in rows
                if slug_for(name) not in known
            ]
        done.append(Draft(draft.kind, {k: v for k, v in payload.items() if v}, tuple(notes), draft.line, draft.source))
    return done


def fitted(draft: Draft) -> Draft:
    """The draft with texts no longer than its form takes, and a note for each that was cut."""
    fields = KINDS[draft.kind].form.base_fields
    payload, notes = dict(draft.payload), list(draft.notes)
    for key, value in payload.items():
        most = getattr(fields[key], "max_length", None)
        if isinstance(value, str) and most and len(value) > most:
            payload[key] = value[: most - 1] + "…"
            notes.append(f"{key.replace('_', ' ').capitalize()} was longer than {most} characters and was cut.")
    return Draft(draft.kind, payload, tuple(notes), draft.line, draft.source)


def known_sections(slugs: set[str]) -> set[str]:
    """Those of these sections that the catalogue has."""
    return set(Section.objects.filter(slug__in=slugs).values_list("slug", flat=True))
