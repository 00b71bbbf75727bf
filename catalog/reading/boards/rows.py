"""A board as its page shows it: rows with their words, which of them are level, and what is not ranked and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.reading.boards import anchors, words
from catalog.reading.boards.levels import Span, spans
from catalog.reading.boards.sentences import difference, group_heading, group_note, sentences
from catalog.reading.boards.shown import (
    NOWHERE,
    Column,
    Leaderboard,
    Level,
    Links,
    Score,
    ShownClaim,
    ShownRow,
    Unranked,
    UnstatedResult,
)
from catalog.reading.boards.strips import strip, strip_axis, strip_ticks
from catalog.reading.charts.scales import Axis, month, size_text
from catalog.reading.exposure import words as exposure_words
from catalog.reading.exposure.words import ShownExposure
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.claims import Claim, Metric
from catalog.reading.results.comparing import Against
from catalog.reading.results.views import View
from catalog.text.variants import full_name, names_beside

MOST_COLUMNS_WITH_STRIP = 3
"""With more metrics than this there is no room for a strip."""

MOST_UNRANKED = 50
"""Of the rows without a place, how many are shown for each reason; all are in the CSV file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a page says of a claim besides what it claims.

    `model`, `slug` and `url` are the name, slug and page of the model, `result_url` is the page of the result.
    `printed` is the value as its source prints it, where that is not the number of the claim. `weights` is "open",
    "closed" or "" for unknown. `source_note` is the place in the source at `source_url`; `exposure` is that of
    the checkpoint to the benchmark.
    """

    model: str
    slug: str
    url: str
    result_url: str
    printed: str = ""
    weights: str = ""
    parameters: int | None = None
    source_url: str = ""
    source_note: str = ""
    exposure: ShownExposure = exposure_words.UNKNOWN


def leaderboard(
    board: Board,
    described: Mapping[str, Described],
    metrics: Iterable[Metric] = (),
    first: int = 0,
    limit: int | None = None,
    *,
    links: Links = NOWHERE,
) -> Leaderboard:
    """A board for its template. `described` has all claims of the board by slug; `metrics` are those of the benchmark,
    by whose directions the best of a column is marked; of the ranked rows `limit` are shown after the `first` ones.
    Rows and columns have links as far as `links` has them."""
    last = len(board.ranked) if limit is None else min(first + limit, len(board.ranked))
    first = min(first, last)
    reader = _Reader(board, described, metrics, board.ranked[first:last], links)
    return Leaderboard(
        metric=board.metric.name,
        direction=board.metric.direction,
        ranked=board.has_places,
        columns=tuple(Column(name, links.metrics.get(name, "")) for name in reader.columns),
        conditions=reader.conditions,
        ticks=strip_ticks(reader.axis) if reader.axis else (),
        sentences=tuple(sentences(board, reader.name)),
        levels=tuple(reader.levels(first, last)),
        unranked=tuple(reader.unranked()),
        set_aside=tuple(reader.row(row, words.state(row.claim)) for row in board.set_aside[:MOST_UNRANKED]),
        set_aside_count=len(board.set_aside),
        start=first + 1 if last > first else 0,
        end=last,
        total=len(board.ranked),
    )


def unstated_results(view: View, described: Mapping[str, Described]) -> list[UnstatedResult]:
    """The first results whose split is not stated, with all that is known of how they were measured."""
    against = Against(view.board.reference)
    return [
        _unstated(claim, described[claim.slug], words.all_slots(claim, against.unknown(claim)))
        for claim in view.unstated[:MOST_UNRANKED]
    ]


def _unstated(claim: Claim, of: Described, slots: tuple[words.Slot, ...]) -> UnstatedResult:
    model, variant = names_beside(claim.variant, of.model)
    return UnstatedResult(
        model=model,
        variant=variant,
        url=of.url,
        anchor=anchors.unranked_id(claim.slug),
        claim=_claim(claim, of, slots, shown=False),
    )


class _Reader:
    """Reads the rows of one board."""

    def __init__(
        self,
        board: Board,
        described: Mapping[str, Described],
        metrics: Iterable[Metric],
        shown: Sequence[Row],
        links: Links,
    ) -> None:
        self.board, self.described, self.metric, self.here = board, described, board.metric.name, links.here
        self.names = _names(board, described, shown)
        self.columns = _columns(board, metrics)
        self.axis: Axis | None = None
        if len(self.columns) <= MOST_COLUMNS_WITH_STRIP:
            self.axis = strip_axis(shown, self.metric)
        self.bests = _bests(board, metrics) if len(self.columns) > 1 else {}
        self.conditions = _common(shown)

    def name(self, row: Row) -> str:
        return full_name(row.claim.variant, self.described[row.claim.slug].model)

    def row(self, row: Row, reason: str = "") -> ShownRow:
        claim, of = row.claim, self.described[row.claim.slug]
        model, variant = names_beside(claim.variant, of.model)
        name = self.names.get(claim.slug, "")
        anchor = anchors.unranked_id(claim.slug) if reason else anchors.ranked_id(name)
        return ShownRow(
            anchor=anchor,
            link=row_link(self.here, "" if reason else name, anchor) if self.here else "",
            place=_place(row),
            model=model,
            variant=variant,
            url=of.url,
            weights=of.weights,
            parameters=of.parameters,
            size=size_text(of.parameters) if of.parameters else "",
            scores=tuple(self.score(name, row, not reason) for name in self.columns),
            strip=strip(row, self.axis, self.metric, of.weights) if self.axis and not reason else None,
            slots=self.slots(row, reason),
            source=words.source(claim, of.source_url, of.source_note),
            reported=claim.reported_on,
            reported_text=month(claim.reported_on),
            state=words.state(claim),
            exposure=of.exposure,
            reason=reason,
            claims=tuple(self.claims(row)),
            summary="; ".join(self.summaries(row)),
        )

    def slots(self, row: Row, reason: str) -> tuple[words.Slot, ...]:
        """The conditions of a row that not all have; of one that is not ranked what was inferred, since the reason
        says others."""
        if reason:
            return words.inferred_slots(row.claim)
        return tuple(slot for slot in words.slots(row.claim, row.unknown) if slot not in self.conditions)

    def score(self, metric: str, row: Row, ranked: bool) -> Score | None:
        if metric not in row.cells:
            return None
        claim = row.cells[metric].shown
        of = self.described[claim.slug]
        return Score(
            metric=metric,
            text=f"{claim.number:f}",
            url=of.result_url,
            printed=of.printed,
            best=ranked and claim.number == self.bests.get(metric),
            inferred="" if claim is row.claim else words.joined(words.inferred_slots(claim)),
        )

    def claims(self, row: Row) -> Iterator[ShownClaim]:
        for metric in self.columns:
            cell = row.cells.get(metric)
            if cell is None or not cell.rivals:
                continue
            for claim in cell.claims:
                slots = words.inferred_slots(claim)
                yield _claim(claim, self.described[claim.slug], slots, shown=claim is cell.shown)

    def summaries(self, row: Row) -> Iterator[str]:
        """How many claims each cell has, if it has several; those of other metrics are named."""
        for metric in self.columns:
            cell = row.cells.get(metric)
            if cell and cell.rivals:
                name = "" if metric == self.metric else f"{metric}: "
                yield f"{name}{words.claims(cell)}"

    def levels(self, first: int, last: int) -> Iterator[Level]:
        """The levels of the rows from `first` to before `last`."""
        for span in spans(self.board):
            shown = self.board.ranked[max(span.start, first) : min(span.end, last)]
            if shown:
                heading, note = self.level_words(span, len(shown)) if span.level else ("", "")
                rows = tuple(self.row(row) for row in shown)
                yield Level(heading=heading, note=note, first=span.start == 0, rows=rows)

    def level_words(self, span: Span, shown: int) -> tuple[str, str]:
        leader, size = self.board.ranked[span.start], span.end - span.start
        intervals = any(row.interval for row in self.board.ranked[span.start : span.end])
        why = "95% intervals overlap" if intervals else "the same number"
        part = "" if shown == size else f", {shown} of them here"
        return f"Level with {self.name(leader)}", f"{why} · {size} rows{part}"

    def unranked(self) -> Iterator[Unranked]:
        """What has no place, by reason: conditions that differ, and no value for the metric."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in self.board.unlike:
            groups.setdefault(row.differs, []).append(row)
        for differs, group in groups.items():
            rows = tuple(self.row(row, difference(self.board, row)) for row in group[:MOST_UNRANKED])
            note = f"{_results(len(group), len(rows))}; {group_note(self.board, differs)}"
            yield Unranked(heading=group_heading(differs), note=note, rows=rows)
        if others := self.board.without:
            rows = tuple(self.row(row, _other_values(row)) for row in others[:MOST_UNRANKED])
            yield Unranked(heading=f"No value for {self.metric}", note=_results(len(others), len(rows)), rows=rows)


def row_link(board: str, name: str, anchor: str) -> str:
    """The link to a row from the URL of its board. The name of a ranked row is in the query, by which the page with
    the row is found."""
    return f"{board}{f'&row={name}' if name else ''}#{anchor}"


def _names(board: Board, described: Mapping[str, Described], shown: Iterable[Row]) -> dict[str, str]:
    """The names of the shown ranked rows by their claims, unique among all rows of the board."""
    models = {row.claim.model for row in shown}
    rows = [row for row in board.ranked if row.claim.model in models]
    slugs = {row.claim.slug: described[row.claim.slug].slug for row in rows}
    return dict(zip(slugs, anchors.names(rows, slugs), strict=True))


def _columns(board: Board, metrics: Iterable[Metric]) -> tuple[str, ...]:
    """The metrics of the board: the one it is ordered by, then the others as the benchmark has them."""
    listed = [metric.name for metric in metrics if metric.name in board.metrics]
    return tuple(dict.fromkeys((board.metric.name, *listed, *board.metrics)))


def _common(rows: Sequence[Row]) -> tuple[words.Slot, ...]:
    """The conditions that several rows all have."""
    if len(rows) < 2:
        return ()
    first, *others = (words.slots(row.claim, row.unknown) for row in rows)
    return tuple(slot for slot in first if all(slot in slots for slots in others))


def _place(row: Row) -> str:
    if row.place is None:
        return ""
    first, last = row.place.first, row.place.last
    return str(first) if first == last else f"{first}–{last}"


def _claim(claim: Claim, of: Described, slots: tuple[words.Slot, ...], *, shown: bool) -> ShownClaim:
    return ShownClaim(
        metric=claim.metric,
        text=f"{claim.number:f}",
        url=of.result_url,
        printed=of.printed,
        slots=slots,
        source=words.source(claim, of.source_url, of.source_note),
        reported_text=month(claim.reported_on),
        state=words.state(claim),
        shown=shown,
    )


def _results(count: int, shown: int) -> str:
    number = "1 result" if count == 1 else f"{count:,} results"
    return number if shown == count else f"{number}, the first {shown} of them here"


def _other_values(row: Row) -> str:
    return ", ".join(f"{name} {cell.shown.number:f}" for name, cell in row.cells.items())


def _bests(board: Board, metrics: Iterable[Metric]) -> dict[str, Decimal]:
    """The best number of each column whose direction is known, among the ranked rows."""
    bests: dict[str, Decimal] = {}
    for metric in metrics if board.has_places else ():
        numbers = [row.cells[metric.name].shown.number for row in board.ranked if metric.name in row.cells]
        if metric.direction and numbers:
            bests[metric.name] = min(numbers) if metric.direction == "lower" else max(numbers)
    return bests
