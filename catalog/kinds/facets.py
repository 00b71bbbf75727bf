"""Facets: properties that lists are filtered by, and functions that return their values for an entry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from catalog.models import LinkKind
from catalog.text.rows import readable_rows, texts_of
from catalog.text.slugs import slug_for

Values = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Facet:
    """A property that lists are filtered by; `values` returns the (value, label) pairs of an entry.

    `choices` are the only possible values, `number` the bounds of integers; the values of other facets are slugs: of
    entries of the kinds in `targets`, or of terms of a `vocabulary` of the API. The number of values of an `unbounded`
    facet grows with the catalogue. Raise `version` after a change of the values that the code of `values` does not
    show, so that `migrate` rebuilds the facet.
    """

    name: str
    label: str
    values: Callable[[Any], Values]
    ordered_by_value: bool = False
    unbounded: bool = False
    choices: tuple[str, ...] = ()
    number: tuple[int, int] | None = None
    vocabulary: str = ""
    targets: tuple[str, ...] = ()
    version: int = 1


def chosen(field: str, choices: Any) -> Callable[[Any], Values]:
    """The value and label of a choice field; nothing if it is empty."""
    labels = dict(choices.choices)

    def values(entry: Any) -> Values:
        value = getattr(entry, field)
        return [(value, labels.get(value, value))] if value else []  # a choice may have gone since

    return values


def choice(name: str, label: str, choices: Any, field: str = "") -> Facet:
    """The facet of a choice field; `field` is its name if it differs from the facet's."""
    return Facet(name, label, chosen(field or name, choices), choices=tuple(choices.values))


def listed(field: str) -> Callable[[Any], Values]:
    """The texts of a list field."""
    return lambda entry: [(slug_for(text), text) for text in texts_of(getattr(entry, field))]


def text(field: str) -> Callable[[Any], Values]:
    """The value of a text field."""
    return lambda entry: [(slug_for(value), value)] if (value := getattr(entry, field)) else []


def target(field: str) -> Callable[[Any], Values]:
    """The entry or section that a reference field refers to; nothing if a past entry refers to an unknown one."""
    return lambda entry: [(found.slug, str(found))] if (found := getattr(entry, field, None)) else []


def linked(kind: str, label: str) -> Callable[[Any], Values]:
    """Whether an entry has a link of this link type."""

    def values(entry: Any) -> Values:
        has_one = any(link["kind"] == kind for link in readable_rows(entry.links, "kind"))
        return [(kind, label)] if has_one else [(f"no-{kind}", f"No {kind} linked")]

    return values


def texts(*fields: str) -> Callable[[Any], Values]:
    """The texts of several text or list fields."""

    def values(entry: Any) -> Values:
        found = [getattr(entry, field) for field in fields]
        every = [text for value in found for text in texts_of(value if isinstance(value, list) else [value]) if text]
        return [(slug_for(text), text) for text in every]

    return values


def cards(manager: str, *targets: str) -> Callable[[Any], Values]:
    """The entries that the rows of a repeated part refer to."""

    def values(entry: Any) -> Values:
        rows = [getattr(row, target) for row in getattr(entry, manager).all() for target in targets]
        return [(row.slug, row.name) for row in rows if row is not None]

    return values


YEAR_BOUNDS = (1900, 2100)
YEAR = Facet(
    "year",
    "Year",
    lambda entry: [(str(entry.year), str(entry.year))] if entry.year else [],
    ordered_by_value=True,
    number=YEAR_BOUNDS,
)
SECTION = Facet("section", "Section of the list", target("section"), targets=("section",))
TOPIC = Facet(
    "topic", "Topic", lambda entry: [(topic.slug, topic.name) for topic in entry.topics.all()], targets=("topic",)
)
LINK = Facet(
    "link",
    "Has a link of kind",
    lambda entry: [(row["kind"], row["kind"]) for row in readable_rows(entry.links, "kind")],
    choices=tuple(LinkKind.values),
)
LICENCE = Facet("licence", "Licence", texts("licence", "licence_annotations", "licence_media"), vocabulary="licences")
SPOKEN = Facet("spoken", "Language of the content", texts("languages"), vocabulary="languages")
ORGANISATION = Facet("organisation", "Organisation", text("organisation"), vocabulary="organisations")
MODALITY = Facet("modality", "Modality", listed("modalities"), vocabulary="modalities")
TASK = Facet("task", "Task", listed("tasks"), vocabulary="tasks")
