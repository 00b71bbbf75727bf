"""Text as a grid of cells: the four formats read alike, and what each adds is taken away and told."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.results.stated import UnreadableFile
from catalog.exchange.results.tables.cells import Cell
from catalog.exchange.results.tables.grids import MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS, Grid, read_grid

LETTERS = "abcxyzABCXYZ"
LONGER_NAMES = st.tuples(
    st.sampled_from(LETTERS), st.text(f"{LETTERS}019.-+/() ", max_size=10), st.sampled_from(f"{LETTERS}019")
).map(lambda parts: " ".join("".join(parts).split()))
NAMES = st.one_of(st.sampled_from(LETTERS), LONGER_NAMES)
NUMBERS = st.decimals(0, 100, places=2).map(str)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.tuples(
        st.lists(NAMES, min_size=width, max_size=width),
        st.lists(st.tuples(NAMES, st.lists(NUMBERS, min_size=width - 1, max_size=width - 1)), min_size=1, max_size=6),
    )
)
BOOKTABS = r"""
\begin{table}[t]
\caption{Results of \emph{owls} & others.}
\begin{tabular}{l|cc c}
\toprule
\multirow{2}{*}{Model} & \multicolumn{2}{c}{MMMU} & POPE $\uparrow$ \\ \cmidrule(lr){2-3}
 & val & test & \\
\midrule
\rowcolor{gray!10} \multicolumn{4}{c}{\textit{Open models}} \\
\multirow{2}{*}{Owl~\cite{owl2024}} & \textbf{36.4}$^\dagger$ & \underline{33.1} & 64.5\,$\pm$\,0.3 \\[2pt]
 & {\bf 37.0} & - & $64.5_{\pm 0.1}$ \\ % a remark & more
Owl-\textcolor{gray}{72B} & 70.2\% & -- & \textbf{\underline{\textcolor{red}{12}}} \\
\bottomrule
\end{tabular}
\end{table}
"""


def written(rows: list[list[str]], style: str) -> str:
    """A table in one of the four formats."""
    if style in ("tsv", "csv"):
        out = io.StringIO()
        csv.writer(out, delimiter="\t" if style == "tsv" else ",").writerows(rows)
        return out.getvalue()
    if style == "markdown":
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
    body = "\\\\\n".join(" & ".join(row) for row in rows)
    return f"\\begin{{tabular}}{{{'l' * len(rows[0])}}}\n\\toprule\n{body}\\\\\n\\bottomrule\n\\end{{tabular}}"


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


@given(TABLES)
def test_a_table_reads_as_the_same_grid_in_each_of_the_four_formats(
    table: tuple[list[str], list[tuple[str, list[str]]]],
) -> None:
    head, body = table
    rows = [head, *([name, *numbers] for name, numbers in body)]

    grids = [read_grid(written(rows, style)) for style in ("tsv", "csv", "markdown", "latex")]

    assert [texts(grid) for grid in grids] == [rows] * 4
    assert len(set(grids)) == 1


@given(st.text('|-:&\\{}$^_%~\t,;"\n *abc1.()[]<>†±', max_size=200))
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    try:
        grid = read_grid(text)
    except UnreadableFile as error:
        assert str(error).endswith(".") or "Line" in str(error)  # noqa: PT017 -- both outcomes are right
    else:
        assert len({len(row) for row in grid.rows}) == 1


def test_latex_with_spans_rules_comments_and_marks() -> None:
    grid = read_grid(BOOKTABS)

    assert texts(grid) == [
        ["Model", "MMMU", "MMMU", "POPE"],
        ["Model", "val", "test", ""],
        ["Open models"] * 4,
        ["Owl", "36.4", "33.1", "64.5"],
        ["Owl", "37.0", "-", "64.5"],
        ["Owl-72B", "70.2%", "--", "12"],
    ]
    marks = [cell.marks for row in grid.rows[3:] for cell in row[1:]]
    assert marks == [
        *(("bold", "†"), ("underlined",), ("± 0.3",)),
        *(("bold",), (), ("± 0.1",)),
        *((), (), ("bold", "underlined")),
    ]


def test_rows_of_latex_without_their_environment_are_a_table() -> None:
    assert texts(read_grid("Model & MMMU \\\\ \\hline\nOwl\\_1 & 61.0 \\\\")) == [["Model", "MMMU"], ["Owl_1", "61.0"]]


def test_markdown_with_links_emphasis_tags_and_footnotes() -> None:
    grid = read_grid(
        "The results:\n\n| Model | **MMMU** |\n|:--|--:|\n| [Owl](https://owl.example.org) | **61.0**<sup>†</sup> |\n"
        "| A \\| B[^2] | *58.0* ± 0.3 |\n| <u>C</u>&nbsp;1 | 57.1 (+1.2) |\n\nThe end."
    )

    assert grid.rows == (
        (Cell("Model"), Cell("MMMU", ("bold",))),
        (Cell("Owl"), Cell("61.0", ("†", "bold"))),
        (Cell("A | B", ("2",)), Cell("58.0", ("italic", "± 0.3"))),
        (Cell("C 1", ("underlined",)), Cell("57.1", ("(+1.2)",))),
    )


@pytest.mark.parametrize(
    ("text", "number", "in_percent"),
    [("64.50", "64.50", False), ("64.5 %", "64.5", True), ("−3.1", "-3.1", False), ("64,5", None, False)],
)
def test_a_number_is_a_number_and_nothing_else(text: str, number: str | None, in_percent: bool) -> None:
    cell = read_grid(f"Model\tMMMU\nOwl\t{text}").rows[1][1]

    assert (cell.number, cell.in_percent) == (number, in_percent)


@pytest.mark.parametrize("text", ["-", "–", "—", "--", "n/a", "N/A", "NaN", "✗"])
def test_what_stands_for_nothing_is_empty(text: str) -> None:
    assert read_grid(f"Model\tMMMU\tPOPE\nOwl\t{text}\t1").rows[1][1].is_empty


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n", "There is no table."),
        ("Just a sentence.", "This is no table with a row of headings and a column of names"),
        ("x" * (MAX_CHARACTERS + 1), "The table has 200,001 characters; at most 200,000 are read."),
        ("a\tb\n" * (MAX_ROWS + 1), "The table has 501 rows; at most 500 are read."),
        ("a\t" * MAX_COLUMNS + "b\nc\td", "The table has 101 columns; at most 100 are read."),
        ("a\tb\nc\t" + "d" * 501, "Row 2: “" + "d" * 100 + "…” has more than 500 characters."),
        ("a\tb\nc\td\x07", "Row 2: “d�” holds a control character."),
        ("|a|b|\n|-|-|\n|c|1|\n|d|e|\n|-|-|\n", "Line 5: here a second table begins. Paste one at a time."),
        (r"\begin{tabular}{l}\begin{tabular}{l}a&b\\", "This is more than one table, or a table within a table."),
        (r"a & b \\ c} & 1 \\", "A closing brace “}” has none that opens."),
        (r"a & b \\ {c & 1 \\", "An opening brace “{” has none that closes it."),
        (r"a & b \\ \multicolumn{x}{c}{d} \\", r"\multicolumn: “x” is no number of columns or rows from 1 to 100."),
        (r"a & b \\ \multirow{-2}{*}{d} & 1 \\", r"\multirow with a negative number is not read"),
        (
            r"a & b \\ " + "{" * 30 + "}" * 30 + r"& 1 \\",
            "More than 20 braces or commands within one another are not read.",
        ),
        (r"a & b \\ " + "^" * 500 + r" & 1 \\", "More than 20 braces or commands within one another are not read."),
        (
            r"a & b \\ " + r"\cite" * 3000 + r" & 1 \\",
            "More than 20 braces or commands within one another are not read.",
        ),
        ('a,b\n"c,1', "Line 2: unexpected end of data"),
    ],
)
def test_what_is_no_table_says_why(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_grid(text)

    assert str(refused.value).startswith(message)
