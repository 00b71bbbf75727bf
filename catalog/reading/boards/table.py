"""A board as a table of plain cells, for a file."""

from collections.abc import Iterator, Mapping

from catalog.reading.boards.rows import Described
from catalog.reading.boards.sentences import without_place
from catalog.reading.results.boards import Board, Row

HEADER = (
    "place",
    "last_place",
    "model",
    "variant",
    "metric",
    "number",
    "printed",
    "shown",
    "not_stated",
    "not_ranked",
    "exposure",
    "exposure_path",
)
SOURCE_HEADER = ("source", "source_class", "verification", "measured_by", "reported_on", "result")


def cells(board: Board, described: Mapping[str, Described]) -> Iterator[list[object]]:
    """A line for each claim of each row: first the ranked rows, then those without a place and why. `shown` marks the
    claim that the board shows of several."""
    for rows in (board.ranked, board.unlike, board.set_aside, board.without):
        for row in rows:
            yield from _lines(row, described, without_place(board, row))


def _lines(row: Row, described: Mapping[str, Described], reason: str) -> Iterator[list[object]]:
    place = row.place
    for metric, cell in row.cells.items():
        for claim in cell.claims:
            of = described[claim.slug]
            yield [
                *(place.first if place else None, place.last if place else None, of.model, claim.variant, metric),
                *(
                    f"{claim.number:f}",
                    of.printed or f"{claim.number:f}",
                    claim is cell.shown,
                    list(row.unknown),
                    reason,
                ),
                *(of.exposure.verdict, of.exposure.why),
                *(claim.source_url, claim.source_class, claim.verification, claim.measured_by, claim.reported_on),
                claim.slug,
            ]
