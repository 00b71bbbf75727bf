"""Vocabularies: the values that filters take, from the models' choices or from the published entries."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional
from catalog.api.base import ReadView
from catalog.api.envelopes import API, represent_section
from catalog.api.lists import AS_OF
from catalog.api.past import catalogue_of
from catalog.api.problems import Problem
from catalog.kinds import KINDS
from catalog.models import Confidence, FacetSet, LinkKind, RevisionAction, Section, SourceClass

VocabularyValues = list[dict[str, Any]]
MAX_VALUES = 2000

CHOICES_BY_VOCABULARY: dict[str, Any] = {
    "actions": RevisionAction,
    "confidence": Confidence,
    "link-kinds": LinkKind,
    "source-classes": SourceClass,
    **{name: choices for kind in KINDS.values() for name, choices in kind.vocabularies.items()},
}


def sections() -> VocabularyValues:
    """Return the sections of the awesome list, in order."""
    rows = Section.objects.select_related("parent")
    return [{**represent_section(row), "parent": row.parent.slug if row.parent else None} for row in rows]


def kinds() -> VocabularyValues:
    """Return the kinds of entries."""
    return [
        {"value": kind.name, "label": kind.label, "plural": kind.plural, "about": kind.intro} for kind in KINDS.values()
    ]


def closed_values(choices: Any) -> Callable[[], VocabularyValues]:
    """Make a function that returns the values of a model's choices."""
    return lambda: [{"value": value, "label": label} for value, label in choices.choices if value]


def facet_values(name: str) -> Callable[[], VocabularyValues]:
    """Make a function that returns the facet values of a vocabulary with their counts by kind, most used first.

    The counts are those that publishing maintains; those of several facets of a kind are added up.
    """

    def read_values() -> VocabularyValues:
        condition = Q()
        for kind in KINDS.values():
            condition |= Q(kind=kind.name, facet__in=[facet.name for facet in kind.indexed if facet.vocabulary == name])
        values: dict[str, dict[str, Any]] = {}
        for kind_name, value, label, count in (
            FacetSet.objects.filter(condition).order_by("kind").values_list("kind", "value", "label", "count")
        ):
            value_row = values.setdefault(value, {"value": value, "label": label, "count": 0, "kinds": {}})
            value_row["label"] = max(value_row["label"], label)  # prefers "image" to "Image"
            value_row["count"] += count
            value_row["kinds"][kind_name] = value_row["kinds"].get(kind_name, 0) + count
        return sorted(values.values(), key=lambda value_row: (-value_row["count"], value_row["value"]))[:MAX_VALUES]

    return read_values


FACET_VOCABULARIES = sorted({facet.vocabulary for kind in KINDS.values() for facet in kind.indexed if facet.vocabulary})
VOCABULARIES: dict[str, Callable[[], VocabularyValues]] = {
    "kinds": kinds,
    "sections": sections,
    **{name: closed_values(choices) for name, choices in CHOICES_BY_VOCABULARY.items()},
    **{name: facet_values(name) for name in FACET_VOCABULARIES},
}


class VocabularyIndex(ReadView):
    """The URLs of all vocabularies."""

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        base = f"{settings.SITE_URL}{API}/vocabularies"
        return Response({name: f"{base}/{name}/" for name in sorted(VOCABULARIES)})


class Vocabulary(ReadView):
    """The values of one vocabulary."""

    params = (AS_OF,)

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        name = kwargs["name"]
        if name not in VOCABULARIES:
            raise Problem(404, f"There is no vocabulary “{name}”; there are: {', '.join(sorted(VOCABULARIES))}.")
        with catalogue_of(values["as_of"]):
            return Response({"name": name, "results": VOCABULARIES[name]()})
