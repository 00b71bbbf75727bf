"""Context of a topic's page: the entries that name it, by kind, and what its benchmarks show."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, QuerySet, Value
from django.urls import reverse

from catalog.kinds import KINDS, Kind
from catalog.kinds.facets import TOPIC
from catalog.kinds.topic.model import Topic
from catalog.models import Entry
from catalog.reading.boards.progress import progress_on
from catalog.reading.pages import REFERRING_SHOWN, Sources


@dataclass(frozen=True, slots=True)
class Related:
    """The newest entries of a kind that name a topic; `more` is the list of all of them if they are not all."""

    kind: Kind
    entries: list[Entry]
    more: str


def surroundings(entry: Topic, sources: Sources) -> dict[str, Any]:
    return {"related": related_to(entry), "progress": progress_on(entry)}


def related_to(topic: Topic) -> list[Related]:
    """The entries that name a topic, by kind, in one query."""
    found = defaultdict[str, list[Entry]](list)
    first, *others = (_newest(kind, topic) for kind in KINDS.values())
    for name, slug, title, year in first.union(*others, all=True):
        found[name].append(KINDS[name].model(slug=slug, name=title, year=year))
    return [_related(kind, found[name], topic) for name, kind in KINDS.items() if name in found]


def _newest(kind: Kind, topic: Topic) -> QuerySet[Any, Any]:
    """The newest entries of a kind, one more than are shown. The limit is in a query within the query, since SQLite
    takes none in a part of a union."""
    newest = kind.model.objects.filter(topics=topic).newest().values("pk")[: REFERRING_SHOWN + 1]
    rows: QuerySet[Any, Any] = kind.model.objects.filter(pk__in=newest).order_by()
    return rows.values_list(Value(kind.name, CharField()), "slug", "name", "year")


def _related(kind: Kind, entries: list[Entry], topic: Topic) -> Related:
    entries.sort(key=lambda entry: (-(entry.year or 0), entry.slug))
    has_more = len(entries) > REFERRING_SHOWN and TOPIC in kind.facets
    query = urlencode({TOPIC.name: topic.slug})
    more = f"{reverse('catalog:list', args=[kind.plural])}?{query}" if has_more else ""
    return Related(kind, entries[:REFERRING_SHOWN], more)
