"""The one register of what kinds there are; lists, history, search, API, exports, review and admin follow from it.

A kind is a folder; CONTRIBUTING.md says how to add one.
"""

from catalog.kinds.benchmark.kind import KIND as BENCHMARK
from catalog.kinds.component.kind import KIND as COMPONENT
from catalog.kinds.dataset.kind import KIND as DATASET
from catalog.kinds.facets import Facet
from catalog.kinds.kind import Kind
from catalog.kinds.orders import Order
from catalog.kinds.paper.kind import KIND as PAPER
from catalog.kinds.ranges import Range
from catalog.kinds.result.kind import KIND as RESULT
from catalog.kinds.topic.kind import KIND as TOPIC
from catalog.models import Entry

__all__ = ["BY_PLURAL", "KINDS", "Facet", "Kind", "Order", "Range", "kind_of"]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (PAPER, DATASET, BENCHMARK, RESULT, TOPIC, COMPONENT)}
BY_PLURAL: dict[str, Kind] = {kind.plural: kind for kind in KINDS.values()}


def kind_of(entry: Entry) -> Kind:
    """The kind of a saved entry."""
    return KINDS[entry.kind]
