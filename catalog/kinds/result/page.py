"""Context of a result's page: other claims for the same model on the same benchmark and metric."""

from typing import Any

from catalog.kinds.result.model import Result
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Result, sources: Sources) -> dict[str, Any]:
    same = {"paper_id": entry.paper_id, "benchmark_id": entry.benchmark_id, "metric": entry.metric}
    others = Result.objects.filter(**same).exclude(pk=entry.pk).order_by("variant", "-number", "slug")
    return {"others": list(others[:REFERRING_SHOWN])}
