"""A pasted table as the results that it states: one for each cell with a number."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from catalog.exchange.results.documents import shown, why_no_number
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.exchange.results.tables.cells import BOLD, ITALIC, UNDERLINED, Cell
from catalog.exchange.results.tables.grids import Grid
from catalog.exchange.results.tables.headings import Column, checkpoints_named, columns_named
from catalog.text.folding import compact
from catalog.text.scales import Scale

MAX_LABELS = 4
COUNTS = {"rank", "place", "no", "nr", "id", ""}
"""Headings, without punctuation, of columns that number the rows."""
AVERAGES = {"avg", "average", "mean", "averagescore", "avgscore", "meanscore"}
EMPHASIS = {BOLD, UNDERLINED, ITALIC}
SHOWN_HEADING = 60


class WhichWay(UnreadableFile):
    """It cannot be told whether models are rows or columns."""

    def __init__(self) -> None:
        super().__init__("It cannot be told from the names whether models are rows or columns: say which.")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says of a table, where it does not say it. `benchmark` is a slug, `models_in` is "rows", "columns"
    or "" where the names tell; `columns` is what headings stand for, by heading."""

    benchmark: str = ""
    split: str = ""
    part: str = ""
    setting: str = ""
    scale: str = ""
    place: str = ""
    models_in: str = ""
    columns: dict[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """A grid whose rows are models: the rows of headings on top, and the columns that name the models."""

    grid: Grid

    @cached_property
    def head(self) -> int:
        """How many rows of headings there are: those above the first number, one at least."""
        rows = self.grid.rows
        first = next((at for at, row in enumerate(rows) if any(cell.number for cell in row[1:])), len(rows))
        return max(first, 1)

    @cached_property
    def headings(self) -> list[tuple[Cell, ...]]:
        """The rows of headings, without those across the table."""
        return [row for row in self.grid.rows[: self.head] if not _is_section(row)]

    @cached_property
    def labels(self) -> list[int]:
        """The columns that name the models: the first ones without numbers."""
        body = self.grid.rows[self.head :]
        return [
            at
            for at in range(len(self.grid.rows[0]))
            if not any(row[at].number for row in body) and any(not row[at].is_empty for row in body)
        ][:MAX_LABELS]

    @cached_property
    def values(self) -> list[int]:
        """The columns with numbers."""
        body = self.grid.rows[self.head :]
        return [at for at in range(len(self.grid.rows[0])) if any(row[at].number for row in body)]

    @cached_property
    def body(self) -> list[tuple[list[str], tuple[Cell, ...]]]:
        """The labels and the cells of each row below the headings."""
        rows = self.grid.rows[self.head :]
        return [([row[at].text for at in self.labels] if self.labels else [""], row) for row in rows]

    def heading(self, column: int) -> str:
        """The headings of a column, from the top, each once; without those across the table."""
        texts = (row[column].text for row in self.headings)
        return " ".join(dict.fromkeys(text for text in texts if text))

    def known(self, names: KnownNames, own: str) -> tuple[int, int]:
        """How many rows name a model, and how many columns a benchmark or what it lists."""
        rows = sum(bool(labels[0] and checkpoints_named(labels, names)[1]) for labels, _ in self.body)
        return rows, sum(bool(columns_named(self.heading(at), names, own)) for at in self.values)


def read_table(grid: Grid, names: KnownNames, said: Said) -> Iterator[Stated]:
    """All that a table states, row by row. Headings that `names` does not know are stated as they are printed, so that
    matching reports them. What headings stand for is added to `names`. Raises UnreadableFile."""
    if not any(cell.number for row in grid.rows for cell in row):
        raise UnreadableFile("The table holds no numbers.")
    layout = layout_of(grid, names, said)
    columns, headings = dict[int, _About](), {at: layout.heading(at) for at in layout.values}
    for at, heading in headings.items():
        column = _column(heading, names, said)
        if isinstance(column, str):
            yield Skipped(f"column {_short(heading)}", column)
        else:
            columns[at] = column
    rows = [row for row in layout.body if not _is_section(row[1])]
    for number, (labels, cells) in enumerate(rows, 1):
        if not labels[0]:
            yield Skipped(f"row {number}", "names no model")
            continue
        model, _ = checkpoints_named(labels, names)
        for at, about in columns.items():
            heading = headings[at]
            locator = f"row {number}, column {_short(heading)}"
            yield from _stated(cells[at], locator, model, about, said, in_percent="%" in heading)


def layout_of(grid: Grid, names: KnownNames, said: Said) -> Layout:
    """The table with models as rows. Raises WhichWay."""
    as_rows, as_columns = Layout(grid), Layout(grid.transposed)
    if said.models_in:
        return as_rows if said.models_in == "rows" else as_columns
    one, other = sum(as_rows.known(names, said.benchmark)), sum(as_columns.known(names, said.benchmark))
    if one == other:
        raise WhichWay
    return as_rows if one > other else as_columns


@dataclass(frozen=True, slots=True)
class _About:
    """What a column says of its values."""

    benchmark: str
    metric: str = ""
    has_split: bool = False
    has_part: bool = False


def _column(heading: str, names: KnownNames, said: Said) -> _About | str:
    """What a column is about; why it is left out."""
    found = {said.columns[heading]} if heading in said.columns else columns_named(_bare(heading), names, said.benchmark)
    if len(found) == 1:
        column = found.pop()
        names.places.given[heading] = column.place
        return _About(heading, column.metric, bool(column.place.split), bool(column.place.part))
    if compact(heading) in COUNTS:
        return "numbers the rows"
    if compact(heading) in AVERAGES:
        return "an average of other columns"
    return _About(heading)


def _bare(heading: str) -> str:
    """A heading without the unit."""
    return heading.replace("(%)", " ").replace("[%]", " ").replace("%", " ")


def _is_section(cells: tuple[Cell, ...]) -> bool:
    """Whether a row is a heading across the table."""
    texts = {cell.text for cell in cells if cell.text}
    return len(texts) == 1 and bool(cells[0].text) and not any(cell.number for cell in cells)


def _stated(cell: Cell, locator: str, model: str, about: _About, said: Said, *, in_percent: bool) -> Iterator[Stated]:
    if cell.is_empty:
        return
    value = cell.number
    if value is None:
        yield Skipped(locator, why_no_number(cell.text))
        return
    percent = Scale.PERCENT.value if in_percent or cell.in_percent else ""
    yield StatedResult(
        model=(model,),
        benchmark=(about.benchmark,),
        metric=(about.metric,) if about.metric else (),
        part="" if about.has_part else said.part,
        split="" if about.has_split else said.split,
        value=value,
        scale=percent or said.scale,
        setting=said.setting,
        locator=", ".join(filter(None, (said.place, locator))),
        notes=_notes(cell),
        marks=cell.marks,
    )


def _notes(cell: Cell) -> str:
    """What the table prints beside the number and an entry keeps; not how it sets the best ones."""
    beside = [mark for mark in cell.marks if mark not in EMPHASIS]
    return f"The table prints beside it: {', '.join(beside)}." if beside else ""


def _short(heading: str) -> str:
    return shown(heading) if len(heading) <= SHOWN_HEADING else f"{shown(heading[:SHOWN_HEADING])}…"
