r"""LaTeX tables: `tabular` and its like, with booktabs, \multicolumn and \multirow.

One pass over the pieces. Commands that only set type are marks; those whose argument is what one reads are replaced by
it; unknown ones likewise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.exchange.results.stated import UnreadableFile
from catalog.exchange.results.tables.cells import BOLD, ITALIC, UNDERLINED, Cell, plain_cell

MAX_DEPTH = 20
MAX_SPAN = 100
PIECE = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}&$^_~]|\n|[^\\{}&$^_~\n]+|\\", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
BEGIN = re.compile(r"\\begin\s?\{(tabular[xy]?\*?|tabulary|longtable\*?|array|NiceTabular\*?|tblr)\}")
END = re.compile(r"\\end\s?\{(?:tabular[xy]?\*?|tabulary|longtable\*?|array|NiceTabular\*?|tblr)\}")
WITH_WIDTH = {"tabular*", "tabularx", "tabulary", "NiceTabular*"}
MARKS = {
    **dict.fromkeys((r"\textbf", r"\mathbf", r"\bm", r"\boldsymbol", r"\bf", r"\bfseries"), BOLD),
    **dict.fromkeys((r"\underline", r"\uline", r"\ul"), UNDERLINED),
    **dict.fromkeys((r"\textit", r"\emph", r"\it", r"\itshape", r"\mathit"), ITALIC),
}
SYMBOLS = {
    r"\pm": "±",
    r"\textpm": "±",
    r"\dag": "†",
    r"\dagger": "†",
    r"\textdagger": "†",
    r"\ddag": "‡",
    r"\ddagger": "‡",
    r"\S": "§",
    r"\P": "¶",
    r"\ast": "*",
    r"\star": "⋆",
    r"\bigstar": "★",
    r"\uparrow": "↑",
    r"\downarrow": "↓",
    r"\checkmark": "✓",
    r"\xmark": "✗",
    r"\times": "×",
    r"\textasteriskcentered": "*",
    r"\%": "%",
    r"\&": "&",
    r"\_": "_",
    r"\#": "#",
    r"\$": "$",
    r"\{": "{",
    r"\}": "}",
    r"\textendash": "–",
    r"\alpha": "α",
    r"\beta": "β",
    r"\gamma": "γ",
    r"\textemdash": "—",
    r"\diamond": "◇",
    r"\circ": "◦",
}
DROPPED = {
    **dict.fromkeys((r"\cellcolor", r"\rowcolor", r"\color", r"\cmidrule", r"\cmidrule*", r"\cline"), 1),
    **dict.fromkeys((r"\hspace", r"\hspace*", r"\vspace", r"\phantom", r"\label", r"\footnote", r"\caption"), 1),
    **dict.fromkeys((r"\cite", r"\citep", r"\citet", r"\citealp", r"\citeyear", r"\ref", r"\cref"), 1),
    **dict.fromkeys((r"\textcolor", r"\colorbox", r"\href", r"\scalebox", r"\rotatebox"), 1),
    **dict.fromkeys((r"\rule", r"\fontsize", r"\setlength", r"\renewcommand", r"\resizebox"), 2),
    r"\specialrule": 3,
}
"""How many arguments of a command are not read: all of what prints nothing of the table, or those before the last."""
NOTES = (r"\textsuperscript", r"\tnote")
SPANNING = (r"\multicolumn", r"\multirow")
PLAIN = {"~": " ", "\n": " ", "$": ""}
BREAK = r"\\"


def is_latex(text: str) -> bool:
    """Whether a text is a LaTeX table, or the rows of one."""
    return bool(BEGIN.search(text)) or ("&" in text and BREAK in text)


def latex_rows(text: str) -> list[list[Cell]]:
    """The rows of the one table in a text. Raises UnreadableFile."""
    return _Reader(_body(COMMENT.sub(r"\1", text))).rows()


def _body(text: str) -> str:
    begins = list(BEGIN.finditer(text))
    if not begins:
        return text
    if len(begins) > 1:
        raise UnreadableFile("This is more than one table, or a table within a table. Paste one at a time.")
    rest = text[begins[0].end() :]
    end = END.search(rest)
    body = rest[: end.start()] if end else rest
    return _without_specification(body, 2 if begins[0][1] in WITH_WIDTH else 1)


def _without_specification(body: str, arguments: int) -> str:
    """What follows the arguments of \\begin{tabular}: [t]{lcc}."""
    body = re.sub(r"\A\s*\[[^\]]{0,200}\]", "", body)
    for _ in range(arguments):
        body = body.lstrip()
        if not body.startswith("{"):
            break
        depth = 0
        for at, letter in enumerate(body):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if not depth:
                body = body[at + 1 :]
                break
    return body


@dataclass
class _Open:
    """A cell that is being read."""

    text: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    columns: int = 1
    rows: int = 1


class _Reader:
    """Reads the pieces of a table once, from left to right."""

    def __init__(self, body: str) -> None:
        self.pieces: list[str] = PIECE.findall(body)
        self.at = 0

    def rows(self) -> list[list[Cell]]:
        """The rows, with what spans columns or rows in each of its places."""
        rows, below = list[list[Cell]](), dict[int, tuple[int, Cell]]()
        for row in self._read():
            read = [(one, plain_cell("".join(one.text), tuple(one.marks))) for one in row]
            if not any(cell.text for _, cell in read):
                continue
            cells = list[Cell]()
            for one, own in read:
                left, spanning = below.pop(len(cells), (1, own))
                cell, left = (own, one.rows) if own.text else (spanning, left)
                if left > 1:
                    below[len(cells)] = (left - 1, cell)
                cells += [cell] * one.columns
            rows.append(cells)
        return rows

    def _read(self) -> Iterator[list[_Open]]:
        row, cell = list[_Open](), _Open()
        while self.at < len(self.pieces):
            piece = self._next()
            if piece == "&":
                row.append(cell)
                cell = _Open()
            elif piece in (BREAK, r"\tabularnewline"):
                self._optional()
                yield [*row, cell]
                row, cell = [], _Open()
            elif piece == "}":
                raise UnreadableFile("A closing brace “}” has none that opens.")
            else:
                self._take(piece, cell, 0)
        yield [*row, cell]

    def _next(self) -> str:
        self.at += 1
        return self.pieces[self.at - 1]

    def _take(self, piece: str, cell: _Open, depth: int) -> None:
        """What a piece adds to a cell."""
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"More than {MAX_DEPTH} braces or commands within one another are not read.")
        if piece == "{":
            self._group(cell, depth + 1)
        elif piece == "^":
            self._note(cell, depth)
        elif piece == "_":
            self._index(cell, depth)
        elif piece.startswith("\\"):
            self._command(piece, cell, depth)
        else:
            cell.text.append(PLAIN.get(piece, piece))

    def _command(self, piece: str, cell: _Open, depth: int) -> None:
        if piece in SYMBOLS:
            cell.text.append(SYMBOLS[piece])
        elif piece in MARKS:
            cell.marks.append(MARKS[piece])
        elif piece in NOTES:
            self._note(cell, depth)
        elif piece in SPANNING:
            self._spanning(piece, cell, depth)
        else:
            self._optional()
            for _ in range(DROPPED.get(piece, 0)):
                self._argument(depth)
            if len(piece) == 2:  # a space: \, \;
                cell.text.append(" ")

    def _note(self, cell: _Open, depth: int) -> None:
        """A footnote's mark."""
        if note := self._argument(depth).strip():
            cell.marks.append(note)

    def _index(self, cell: _Open, depth: int) -> None:
        """An index: a deviation is a mark, all else belongs to the text."""
        note = self._argument(depth) if self.pieces[self.at : self.at + 1] == ["{"] else ""
        if "±" in note:
            cell.marks.append(" ".join(note.split()))
        else:
            cell.text.append(f"_{note}")

    def _spanning(self, piece: str, cell: _Open, depth: int) -> None:
        """\\multicolumn{3}{c}{what one reads}, \\multirow[t]{2}{*}{what one reads}; the last argument is read next."""
        self._optional()
        given = self._argument(depth).strip()
        if not re.fullmatch(r"-?[0-9]{1,3}", given) or not 0 < abs(int(given)) <= MAX_SPAN:
            raise UnreadableFile(f"{piece}: “{given[:20]}” is no number of columns or rows from 1 to {MAX_SPAN}.")
        if piece == r"\multicolumn":
            cell.columns = int(given) if int(given) > 0 else 1
        elif int(given) < 0:
            raise UnreadableFile(r"\multirow with a negative number is not read: write the name in each row.")
        else:
            cell.rows = int(given)
        self._optional()
        self._argument(depth)
        self._optional()

    def _group(self, cell: _Open, depth: int) -> None:
        """What stands between braces; a line break in it is a space."""
        while self.at < len(self.pieces):
            piece = self._next()
            if piece == "}":
                return
            if piece in (BREAK, "&"):
                cell.text.append(" ")
            else:
                self._take(piece, cell, depth)
        raise UnreadableFile("An opening brace “{” has none that closes it.")

    def _argument(self, depth: int) -> str:
        """The text of the next argument: a group, or one piece."""
        while self.at < len(self.pieces) and not self.pieces[self.at].strip():
            self.at += 1
        if self.at >= len(self.pieces) or self.pieces[self.at] in ("&", BREAK, "}"):
            return ""
        inner = _Open()
        piece = self._next()
        if len(piece) > 1 and not piece.startswith("\\"):  # of a text without braces the first letter alone
            self.at -= 1
            self.pieces[self.at] = piece[1:]
            return piece[0]
        self._take(piece, inner, depth + 1)
        return "".join([*inner.text, *[mark for mark in inner.marks if mark not in (BOLD, UNDERLINED, ITALIC)]])

    def _optional(self) -> None:
        """Skip [2pt], and the (lr) of \\cmidrule, that follow a command."""
        while self.at < len(self.pieces):
            text = self.pieces[self.at]
            closing = {"[": "]", "(": ")"}.get(text[:1], "")
            if not closing or closing not in text or (closing == ")" and self.pieces[self.at - 1] != r"\cmidrule"):
                return
            self.pieces[self.at] = text.partition(closing)[2]
            if self.pieces[self.at]:
                return
            self.at += 1
