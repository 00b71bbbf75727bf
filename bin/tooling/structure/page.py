"""Updating docs/structure.md: the measured column and the table of the apps; everything else stays."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tooling.base import ScriptError

COLUMN = "now"  # the heading of the measured column
BLOCK = "<!-- {0} -->\n{1}<!-- /{0} -->"


def with_column(page: str, values: Mapping[str, str]) -> str:
    """Fill the column "now" of the table between the markers "comparison" with the values, by name of the row.

    Rows without a value stay as they are. Raises ScriptError when a value has no row, or the table no such column.
    """
    lines = between(page, "comparison").splitlines(keepends=True)
    heading = next((cells(line) for line in lines if COLUMN in cells(line)), None)
    missing = sorted(values.keys() - {cells(line)[0] for line in lines})
    if heading is None or missing:
        missing_items = ", ".join(missing) or f"the column {COLUMN}"
        raise ScriptError(f"docs/structure.md: the comparison lacks {missing_items}; add it there.")
    index = heading.index(COLUMN)
    return replaced(page, "comparison", "".join(with_value(line, index, values) for line in lines))


def with_value(line: str, index: int, values: Mapping[str, str]) -> str:
    """A line of the table with its value in the cell at `place`."""
    row = cells(line)
    if row[0] not in values:
        return line
    return as_row([*row[:index], values[row[0]], *row[index + 1 :]]) + "\n"


def with_apps(page: str, table: str) -> str:
    """Put the table of the apps and today's date between the markers "apps"."""
    return replaced(page, "apps", f"Measured on {datetime.now(UTC):%-d %B %Y}.\n\n{table}")


def table(headings: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """A Markdown table; its first column are the names of the rows."""
    ruler = "|".join(["---", *["--:"] * (len(headings) - 1)])
    lines = [as_row(headings), f"|{ruler}|", *(as_row([name, *values]) for name, values in rows.items())]
    return "\n".join(lines) + "\n"


def cells(line: str) -> list[str]:
    """The cells of a table's line."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def as_row(values: Sequence[str]) -> str:
    """A line of a table."""
    return f"|{'|'.join(f' {value} ' if value else ' ' for value in values)}|"


def between(page: str, name: str) -> str:
    """The text between two markers. Raises ScriptError if they are missing."""
    match = re.search(BLOCK.format(name, "(.*?)"), page, re.DOTALL)
    if match is None:
        raise ScriptError(f"docs/structure.md: the markers <!-- {name} --> and <!-- /{name} --> are missing.")
    return match[1]


def replaced(page: str, name: str, text: str) -> str:
    """Replace the text between two markers."""
    return page.replace(BLOCK.format(name, between(page, name)), BLOCK.format(name, text))
