"""How the API represents boards, their rows and claims."""

from collections.abc import Mapping
from typing import Any

from catalog.api.envelopes import api_url
from catalog.api.exposure_shapes import KNOWN_EXPOSURE, represent_judgement
from catalog.api.schema import Component, listed, record
from catalog.api.shapes import BOOLEAN, NULLABLE_TEXT, NUMBER, SOURCE_CLASS, TEXT, URL
from catalog.kinds import KINDS
from catalog.reading.boards.sentences import without_place
from catalog.reading.exposure.judging import Exposures
from catalog.reading.results.boards import Board, Cell, Place, Row
from catalog.reading.results.claims import Claim, Known, Metric
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, View

_VALUE: dict[str, Any] = {"type": ["string", "integer", "boolean"]}
NUMBER_TEXT: dict[str, Any] = {**TEXT, "description": "A decimal with all its digits, in the unit of the metric."}
_CLAIM = Component(
    "Claim",
    record(
        result=TEXT,
        url=URL,
        model=NULLABLE_TEXT,
        model_name=TEXT,
        variant=TEXT,
        number=NUMBER_TEXT,
        value={**TEXT, "description": "As printed."},
        scale=TEXT,
        conditions={
            "type": "object",
            "additionalProperties": record(
                value=_VALUE, origin={"type": "string", "enum": ["stated", "protocol", "inferred"]}
            ),
            "description": "The conditions that are known; an element that is not here is unknown.",
        },
        inferred={**listed(TEXT), "description": "The fields of the result that its source does not state."},
        state=TEXT,
        verification=TEXT,
        source=NULLABLE_TEXT,
        source_class=SOURCE_CLASS,
        measured_by=TEXT,
        reported_on=TEXT,
    ),
)
_CELL = record(
    number=NUMBER_TEXT,
    value={**TEXT, "description": "As printed."},
    scale=TEXT,
    rivals={**NUMBER, "description": "How many other claims there are."},
    spread=listed(NUMBER_TEXT),
    claims=listed(_CLAIM),
)
ROW = record(
    place={**record(first=NUMBER, last=NUMBER), "type": ["object", "null"]},
    model=NULLABLE_TEXT,
    name=TEXT,
    variant=TEXT,
    interval={"type": ["array", "null"], "items": TEXT, "description": "95 %; null if the error is unknown."},
    ranked_with_unknown={**listed(TEXT), "description": "Conditions of the reference that it says nothing about."},
    differs={**listed(TEXT), "description": "Conditions in which it differs from the reference."},
    no_place_because={**NULLABLE_TEXT, "description": "Why the row has no place; null if it has one."},
    exposure={
        "anyOf": [KNOWN_EXPOSURE, {"type": "null"}],
        "description": "Whether it was trained on the benchmark, or on what that is built on; null for a past time.",
    },
    cells={"type": "object", "additionalProperties": _CELL, "description": "By metric; the claim shown comes first."},
)
_METRIC = record(
    name=TEXT, unit=TEXT, direction={"type": ["string", "null"], "enum": ["higher", "lower", None]}, primary=BOOLEAN
)
BOARD = Component(
    "Board",
    record(
        part=TEXT,
        split=TEXT,
        track=TEXT,
        metric=TEXT,
        metrics=listed(_METRIC),
        ranked=BOOLEAN,
        reason={**TEXT, "description": "Why no row has a place, or empty."},
        size=NUMBER,
        reference={"type": "object", "additionalProperties": _VALUE},
        rows=listed(ROW),
        better_but_differs={**listed(ROW), "description": "Rows with a better number than the first, and no place."},
        differing=listed(ROW),
        set_aside={**listed(ROW), "description": "Superseded, retracted, or before a correction of the benchmark."},
        without={**listed(ROW), "description": "Rows without a value of this metric."},
        split_not_stated=listed(_CLAIM),
    ),
)
COMPARISON = record(
    sentence={**TEXT, "description": "The answer in words."},
    comparable=BOOLEAN,
    strictly=BOOLEAN,
    same=listed(TEXT),
    differs={"type": "object", "additionalProperties": listed(_VALUE)},
    unknown=listed(TEXT),
    results=listed(_CLAIM),
)


def key_values(key: BoardKey) -> dict[str, str]:
    """Represent what the results of a board share."""
    return {"part": key.part, "split": key.split, "track": key.track}


def represent_view(
    view: View, measured: Measured, top: int, exposures: Exposures | None, *, all_claims: bool = True
) -> dict[str, Any]:
    """Represent a board with its first `top` ranked rows, and as many of each other sort; of each cell all claims, or
    the one that is shown."""
    board, rows = view.board, measured.rows

    def represented(some: tuple[Row, ...]) -> list[dict[str, Any]]:
        return [represent_row(board, row, rows, exposures, all_claims=all_claims) for row in some[:top]]

    return {
        **key_values(view.key),
        "metric": board.metric.name,
        "metrics": [represent_metric(measured.metrics[name]) for name in board.metrics],
        "ranked": board.has_places,
        "reason": board.reason,
        "size": len(board.ranked),
        "reference": dict(board.reference),
        "rows": represented(board.ranked),
        "better_but_differs": represented(board.better_but_unlike),
        "differing": represented(board.unlike),
        "set_aside": represented(board.set_aside),
        "without": represented(board.without),
        "split_not_stated": [represent_claim(claim, rows[claim.slug]) for claim in view.unstated[:top]],
    }


def represent_metric(metric: Metric) -> dict[str, Any]:
    """Represent a metric of a board."""
    return {
        "name": metric.name,
        "unit": metric.unit,
        "direction": metric.direction or None,
        "primary": metric.primary,
    }


def represent_row(
    board: Board, row: Row, rows: Mapping[str, Mapping[str, Any]], exposures: Exposures | None, *, all_claims: bool
) -> dict[str, Any]:
    """Represent a checkpoint on a board."""
    of = rows[row.claim.slug]
    return {
        "place": represent_place(row.place),
        "model": of["paper__slug"],
        "name": of["paper__name"],
        "variant": row.claim.variant,
        "interval": [f"{bound:.4f}" for bound in row.interval] if row.interval else None,
        "ranked_with_unknown": list(row.unknown),
        "differs": list(row.differs),
        "no_place_because": without_place(board, row) or None,
        "exposure": represent_exposure(row.claim, of["paper__name"], exposures) if exposures else None,
        "cells": {name: represent_cell(cell, rows, all_claims=all_claims) for name, cell in row.cells.items()},
    }


def represent_exposure(claim: Claim, model: str, exposures: Exposures) -> dict[str, Any]:
    """Represent the exposure of what was measured to the benchmark."""
    return represent_judgement(exposures.of_claim(claim, model), exposures.benchmark)


def represent_place(place: Place | None) -> dict[str, int] | None:
    """Represent the range of places that a row may have; None without one."""
    return {"first": place.first, "last": place.last} if place else None


def represent_cell(cell: Cell, rows: Mapping[str, Mapping[str, Any]], *, all_claims: bool) -> dict[str, Any]:
    """Represent the claims of a checkpoint for one metric."""
    printed = rows[cell.shown.slug]
    return {
        "number": f"{cell.shown.number:f}",
        "value": printed["value"],
        "scale": printed["scale"],
        "rivals": cell.rivals,
        "spread": [f"{number:f}" for number in cell.spread],
        "claims": [represent_claim(one, rows[one.slug]) for one in (cell.claims if all_claims else cell.claims[:1])],
    }


def represent_claim(claim: Claim, row: Mapping[str, Any]) -> dict[str, Any]:
    """Represent what a result claims."""
    return {
        "result": claim.slug,
        "url": api_url(KINDS["result"], claim.slug),
        "model": row["paper__slug"],
        "model_name": row["paper__name"],
        "variant": claim.variant,
        "number": f"{claim.number:f}",
        "value": row["value"],
        "scale": row["scale"],
        "conditions": {name: represent_known(known) for name, known in claim.conditions.items()},
        "inferred": sorted(claim.inferred),
        "state": claim.state,
        "verification": claim.verification,
        "source": claim.source_url or None,
        "source_class": claim.source_class,
        "measured_by": claim.measured_by,
        "reported_on": claim.reported_on,
    }


def represent_known(known: Known) -> dict[str, Any]:
    """Represent a known condition."""
    return {"value": known.value, "origin": known.origin.value}
