"""Context of a topic's page: the entries that name it, by kind."""

from typing import Any

from catalog.kinds import KINDS
from catalog.kinds.topic.model import Topic
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Topic, sources: Sources) -> dict[str, Any]:
    related = [
        (kind, list(kind.model.objects.filter(topics=entry).newest()[:REFERRING_SHOWN])) for kind in KINDS.values()
    ]
    return {"related": [(kind, rows) for kind, rows in related if rows]}
