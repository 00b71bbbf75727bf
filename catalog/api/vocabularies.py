"""The words that filters take: closed lists from the models, open ones from what is published."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.base import ReadView
from catalog.api.envelopes import API, section
from catalog.api.problems import Problem
from catalog.kinds import KINDS
from catalog.models import Confidence, FacetSet, LinkKind, RevisionAction, Section

Words = list[dict[str, Any]]
MOST = 2000

CLOSED: dict[str, Any] = {
    "actions": RevisionAction,
    "confidence": Confidence,
    "link-kinds": LinkKind,
    **{name: choices for kind in KINDS.values() for name, choices in kind.vocabularies.items()},
}


def sections() -> Words:
    """The sections of the list, in its order."""
    rows = Section.objects.select_related("parent")
    return [{**section(row), "parent": row.parent.slug if row.parent else None} for row in rows]


def kinds() -> Words:
    """The kinds of entries."""
    return [
        {"value": kind.name, "label": kind.label, "plural": kind.plural, "about": kind.intro} for kind in KINDS.values()
    ]


def choices(of: Any) -> Callable[[], Words]:
    """A closed list."""
    return lambda: [{"value": value, "label": label} for value, label in of.choices if value]


def used(name: str) -> Callable[[], Words]:
    """The values of the facets of a vocabulary, with how many entries of each kind have them, from the counts that
    publishing keeps; the most used first. Of several facets of a kind the counts are added."""

    def words() -> Words:
        meant = Q()
        for kind in KINDS.values():
            meant |= Q(kind=kind.name, facet__in=[facet.name for facet in kind.indexed if facet.vocabulary == name])
        found: dict[str, dict[str, Any]] = {}
        for of, value, label, count in (
            FacetSet.objects.filter(meant).order_by("kind").values_list("kind", "value", "label", "count")
        ):
            one = found.setdefault(value, {"value": value, "label": label, "count": 0, "kinds": {}})
            one["label"] = max(one["label"], label)  # of "Image" and "image" the small letters
            one["count"] += count
            one["kinds"][of] = one["kinds"].get(of, 0) + count
        return sorted(found.values(), key=lambda one: (-one["count"], one["value"]))[:MOST]

    return words


OPEN = sorted({facet.vocabulary for kind in KINDS.values() for facet in kind.indexed if facet.vocabulary})
VOCABULARIES: dict[str, Callable[[], Words]] = {
    "kinds": kinds,
    "sections": sections,
    **{name: choices(of) for name, of in CLOSED.items()},
    **{name: used(name) for name in OPEN},
}


class VocabularyIndex(ReadView):
    """The vocabularies there are."""

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        base = f"{settings.SITE_URL}{API}/vocabularies"
        return Response({name: f"{base}/{name}/" for name in sorted(VOCABULARIES)})


class Vocabulary(ReadView):
    """One vocabulary."""

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        name = kwargs["name"]
        if name not in VOCABULARIES:
            raise Problem(404, f"There is no vocabulary “{name}”; there are: {', '.join(sorted(VOCABULARIES))}.")
        return Response({"name": name, "results": VOCABULARIES[name]()})
