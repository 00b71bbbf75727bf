"""Context of a protocol's page: what was measured by it."""

from typing import Any

from django.db.models import Count

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.protocol.model import Protocol
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Protocol, sources: Sources) -> dict[str, Any]:
    measured = Benchmark.objects.filter(results__protocol=entry).annotate(measured=Count("results"))
    return {
        "measured": list(measured.order_by("-measured", "slug")[:REFERRING_SHOWN]),
        "results": entry.results.count(),
        "reference_of": list(entry.reference_of.order_by("name")[:REFERRING_SHOWN]),
    }
