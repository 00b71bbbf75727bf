"""Context of a result's page: its row on the board, and other claims for the same model, benchmark and metric."""

from typing import Any

from catalog.kinds.result.model import Result
from catalog.reading.boards.pages import result_url
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Result, sources: Sources) -> dict[str, Any]:
    same = {"paper_id": entry.paper_id, "benchmark_id": entry.benchmark_id, "metric": entry.metric}
    others = Result.objects.filter(**same).exclude(pk=entry.pk).order_by("variant", "-number", "slug")
    return {"others": list(others[:REFERRING_SHOWN]), "on_board": result_url(entry.benchmark, entry.slug)}
