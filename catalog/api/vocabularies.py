"""The words that filters take: closed lists from the models, open ones from what is published."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.base import ReadView
from catalog.api.envelopes import API, section
from catalog.api.problems import Problem
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Direction, Standing
from catalog.kinds.component.model import ComponentType
from catalog.kinds.paper.model import Architecture
from catalog.kinds.result.model import MeasuredBy, ResultState, Verification
from catalog.kinds.shared.cards import Availability
from catalog.kinds.shared.origins import Relation
from catalog.kinds.topic.model import Family, TopicStatus
from catalog.models import Confidence, FacetSet, LinkKind, RevisionAction, Section

Words = list[dict[str, Any]]
MOST = 2000

CLOSED: dict[str, Any] = {
    "actions": RevisionAction,
    "architectures": Architecture,
    "availability": Availability,
    "component-types": ComponentType,
    "confidence": Confidence,
    "directions": Direction,
    "link-kinds": LinkKind,
    "measured-by": MeasuredBy,
    "relations": Relation,
    "result-states": ResultState,
    "standings": Standing,
    "topic-families": Family,
    "topic-statuses": TopicStatus,
    "verification": Verification,
}
OPEN = {
    "families": ("family", "vision", "language"),
    "languages": ("spoken",),
    "licences": ("licence",),
    "metrics": ("metric",),
    "modalities": ("modality",),
    "organisations": ("organisation",),
    "splits": ("split",),
    "tasks": ("task",),
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


def used(facets: tuple[str, ...]) -> Callable[[], Words]:
    """What entries say, with how many of each kind say it, from the counts that publishing keeps; the most used first.
    Of several facets of a kind the counts are added."""

    def words() -> Words:
        rows = FacetSet.objects.filter(kind__in=KINDS, facet__in=facets)
        found: dict[str, dict[str, Any]] = {}
        for kind, value, label, count in (
            rows.exclude(kind="topic", facet="family").order_by("kind").values_list("kind", "value", "label", "count")
        ):
            one = found.setdefault(value, {"value": value, "label": label, "count": 0, "kinds": {}})
            one["label"] = max(one["label"], label)  # of "Image" and "image" the small letters
            one["count"] += count
            one["kinds"][kind] = one["kinds"].get(kind, 0) + count
        return sorted(found.values(), key=lambda one: (-one["count"], one["value"]))[:MOST]

    return words


VOCABULARIES: dict[str, Callable[[], Words]] = {
    "kinds": kinds,
    "sections": sections,
    **{name: choices(of) for name, of in CLOSED.items()},
    **{name: used(facets) for name, facets in OPEN.items()},
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
