"""Data frames of entries, boards and claims. pandas is imported when the first is made."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vlm_portal_client.errors import PandasMissing

if TYPE_CHECKING:
    import pandas as pd

    from vlm_portal_client.boards import Board, Claim, Row
    from vlm_portal_client.entries import Entry

ABOUT_ROW = ["group", "first", "last", "model", "name", "variant", "why_no_place", "unknown", "exposure"]
ABOUT_CLAIM = [
    *["result", "group", "metric", "model", "name", "variant", "number", "value", "scale", "source", "source_class"],
    *["measured_by", "verification", "state", "reported_on"],
]


def entries_frame(entries: Iterable["Entry"]) -> "pd.DataFrame":
    """Return entries indexed by slug: revision, times and a column for each field, whose values are as in `fields`."""
    rows = [
        {"slug": one.slug, "revision": one.revision, "created": one.created, "updated": one.updated, **_fields(one)}
        for one in entries
    ]
    return _frame(rows, ["slug", "revision", "created", "updated"]).set_index("slug")


def _fields(entry: "Entry") -> Mapping[str, Any]:
    """The fields, except those that have the name of a column already."""
    return {
        f"fields.{name}" if name in ("slug", "revision", "created", "updated") else name: value
        for name, value in entry.fields.items()
    }


def board_frame(board: "Board") -> "pd.DataFrame":
    """Return a row for each checkpoint, as Board.to_frame() says."""
    metrics = [metric.name for metric in board.metrics]
    rows = [{**_about(group, row), **_numbers(row)} for group, row in board.rows_by_group()]
    frame = _frame(rows, [*ABOUT_ROW, *(_column(name) for name in metrics)])
    return frame.astype({"first": "Int64", "last": "Int64", **{_column(name): "float64" for name in metrics}})


def _about(group: str, row: "Row") -> dict[str, Any]:
    return {
        "group": group,
        "first": row.place.first if row.place else None,
        "last": row.place.last if row.place else None,
        "model": row.model,
        "name": row.name,
        "variant": row.variant,
        "why_no_place": row.no_place_because or "",
        "unknown": ", ".join(row.ranked_with_unknown),
        "exposure": row.exposure.verdict if row.exposure else None,
    }


def _numbers(row: "Row") -> dict[str, float]:
    return {_column(name): float(cell.number) for name, cell in row.cells.items()}


def _column(metric: str) -> str:
    """The column of a metric; a metric that is called like another column gets a longer name."""
    return f"{metric} (metric)" if metric in ABOUT_ROW else metric


def claims_frame(board: "Board") -> "pd.DataFrame":
    """Return a row for each claim, as Board.claims_frame() says."""
    rows = [
        _claim(group, metric, claim)
        for group, row in board.rows_by_group()
        for metric, cell in row.cells.items()
        for claim in cell.claims
    ]
    rows += [_claim("split not stated", board.metric, claim) for claim in board.split_not_stated]
    return _frame(rows, ABOUT_CLAIM).set_index("result")


def _claim(group: str, metric: str, claim: "Claim") -> dict[str, Any]:
    return {
        "result": claim.result,
        "group": group,
        "metric": metric,
        "model": claim.model,
        "name": claim.model_name,
        "variant": claim.variant,
        "number": float(claim.number),
        "value": claim.value,
        "scale": claim.scale,
        "source": claim.source,
        "source_class": claim.source_class,
        "measured_by": claim.measured_by,
        "verification": claim.verification,
        "state": claim.state,
        "reported_on": claim.reported_on,
        **{f"condition.{name}": known.value for name, known in claim.conditions.items()},
    }


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> "pd.DataFrame":
    """Return rows as a frame that has at least these columns, these first. Raises PandasMissing."""
    try:
        import pandas as pd  # noqa: PLC0415 -- only who wants frames needs pandas
    except ImportError as error:
        raise PandasMissing('Data frames need pandas: pip install "vlm-portal-client[pandas]"') from error
    others = dict.fromkeys(name for row in rows for name in row if name not in columns)
    return pd.DataFrame(rows, columns=[*columns, *others])
