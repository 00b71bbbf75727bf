"""Payload values for display: short texts with a link, never markup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import Entry

Names = Mapping[tuple[str, str], str]
"""Present names of entries and sections by (kind, slug); the kind is "section" for sections of the list."""


@dataclass(frozen=True)
class DisplayItem:
    """A short text, the URL it links to, and a note shown beside it in smaller type."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Display:
    """What a field needs to show its values: plural of the entry's kind, labels of its fields, names of entries."""

    plural: str
    label_of: Callable[[str], str]
    names: Names

    def reference(self, kind: str, slug: str, note: str = "") -> DisplayItem:
        """A link to another entry, with its present name if known, else its slug."""
        return DisplayItem(
            self.names.get((kind, slug), slug), reverse("catalog:detail", args=[plural_of(kind), slug]), note
        )

    def list_url(self, **params: str) -> str:
        """The URL of the kind's list, filtered by these parameters."""
        return f"{reverse('catalog:list', args=[self.plural])}?{urlencode(params)}"


def plural_of(kind: str) -> str:
    """The plural of a kind, as used in URLs."""
    model: type[Entry] = target_model(kind)
    return model.plural


def target_model(kind: str) -> type[Entry]:
    """The model of a kind by its name ("section" for the sections of the list). Raises LookupError."""
    model: type[Entry] = apps.get_model("catalog", kind)
    return model


def joined(*parts: str, glue: str = "; ") -> str:
    """The parts that are not empty, in one line."""
    return glue.join(part for part in parts if part)
