"""Context of a component's page: the models built from it, its training, its descendants."""

from typing import Any

from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.reading.exposure.pages import training
from catalog.reading.exposure.reading import known_of
from catalog.reading.lineage import descendants
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Component, sources: Sources) -> dict[str, Any]:
    used = Paper.for_rows(Paper.objects.filter(parts__component=entry).distinct()).newest()
    return {
        "built": list(used[:REFERRING_SHOWN]),
        "descendants": descendants(entry),
        "training": training(known_of(entry)),
    }
