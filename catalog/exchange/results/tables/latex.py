r"""LaTeX tables: `tabular` and its like, with booktabs, \multicolumn and \multirow.

One pass over the tokens. Commands that only set type are marks; those whose argument is what one reads are replaced by
it; unknown ones likewise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.exchange.results.stated import UnreadableFile
from catalog.exchange.results.tables.cells import BOLD, ITALIC, UNDERLINED, Cell, plain_cell

MAX_DEPTH = 20
MAX_SPAN = 100
TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}&$^_~]|\n|[^\\{}&$^_~\n]+|\\", re.DOTALL)
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
    **{r"\pm": "±", r"\textpm": "±", r"\dag": "†", r"\dagger": "†", r"\textdagger": "†", r"\ddag": "‡"},
    **{r"\ddagger": "‡", r"\S": "§", r"\P": "¶", r"\ast": "*", r"\star": "⋆", r"\bigstar": "★", r"\uparrow": "↑"},
    **{r"\downarrow": "↓", r"\checkmark": "✓", r"\xmark": "✗", r"\times": "×", r"\textasteriskcentered": "*"},
    **{r"\%": "%", r"\&": "&", r"\_": "_", r"\#": "#", r"\$": "$", r"\{": "{", r"\}": "}", r"\textendash": "–"},
    **{r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\textemdash": "—", r"\diamond": "◇", r"\circ": "◦"},
}
DROPPED = {
    **{r"\cellcolor": 1, r"\rowcolor": 1, r"\color": 1, r"\cmidrule": 1, r"\cline": 1, r"\specialrule": 3},
    **{r"\hspace": 1, r"\vspace": 1, r"\phantom": 1, r"\label": 1, r"\footnote": 1, r"\rule": 2, r"\addlinespace": 0},
    **{r"\fontsize": 2, r"\setlength": 2, r"\renewcommand": 2, r"\caption": 1, r"\cmidrule*": 1, r"\hspace*": 1},
    **dict.fromkeys((r"\cite", r"\citep", r"\citet", r"\citealp", r"\citeyear", r"\ref", r"\cref", r"\footnotemark"), 1),
}
"""Commands that print nothing of the table, by the number of their arguments."""
LAST_OF = {r"\textcolor": 2, r"\colorbox": 2, r"\href": 2, r"\scalebox": 2, r"\rotatebox": 2, r"\resizebox": 3}
"""Commands of whose arguments one reads the last."""
NOTES = (r"\textsuperscript", r"\tnote", r"^")
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
    """Reads the tokens of a table once, from left to right."""

    def __init__(self, body: str) -> None:
        self.tokens: list[str] = TOKEN.findall(body)
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
        while self.at < len(self.tokens):
            token = self._next()
            if token == "&":
                row.append(cell)
                cell = _Open()
            elif token in (BREAK, r"\tabularnewline"):
                self._optional()
                yield [*row, cell]
                row, cell = [], _Open()
            elif token == "}":
                raise UnreadableFile("A closing brace “}” has none that opens.")
            else:
                self._take(token, cell, 0)
        yield [*row, cell]

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _take(self, token: str, cell: _Open, depth: int) -> None:
        """What a token adds to a cell."""
        if token == "{":
            self._group(cell, depth + 1)
        elif token in NOTES:
            note = self._argument(depth).strip()
            if note:
                cell.marks.append(note)
        elif token == "_":
            if self.tokens[self.at : self.at + 1] == ["{"]:
                self._note_below(cell, depth)
            else:
                cell.text.append("_")
        elif token in SYMBOLS:
            cell.text.append(SYMBOLS[token])
        elif token in MARKS:
            cell.marks.append(MARKS[token])
        elif token in (r"\multicolumn", r"\multirow"):
            self._spanning(token, cell, depth)
        elif token in DROPPED:
            self._optional()
            for _ in range(DROPPED[token]):
                self._argument(depth)
        elif token in LAST_OF:
            for _ in range(LAST_OF[token] - 1):
                self._argument(depth)
        elif token.startswith("\\"):
            self._optional()
            if len(token) == 2:
                cell.text.append(" ")
        else:
            cell.text.append(" " if token in ("~", "\n") else "" if token == "$" else token)

    def _note_below(self, cell: _Open, depth: int) -> None:
        """An index: a deviation is a mark, all else belongs to the text."""
        note = self._argument(depth)
        if "±" in note:
            cell.marks.append(" ".join(note.split()))
        else:
            cell.text.append(f"_{note}")

    def _spanning(self, token: str, cell: _Open, depth: int) -> None:
        """\\multicolumn{3}{c}{what one reads}, \\multirow[t]{2}{*}{what one reads}; the last argument is read next."""
        self._optional()
        given = self._argument(depth).strip()
        if not re.fullmatch(r"-?[0-9]{1,3}", given) or not 0 < abs(int(given)) <= MAX_SPAN:
            raise UnreadableFile(f"{token}: “{given[:20]}” is no number of columns or rows from 1 to {MAX_SPAN}.")
        if token == r"\multicolumn":
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
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"More than {MAX_DEPTH} braces within one another are not read.")
        while self.at < len(self.tokens):
            token = self._next()
            if token == "}":
                return
            if token in (BREAK, "&"):
                cell.text.append(" ")
            else:
                self._take(token, cell, depth)
        raise UnreadableFile("An opening brace “{” has none that closes it.")

    def _argument(self, depth: int) -> str:
        """The text of the next argument: a group, or one token."""
        while self.at < len(self.tokens) and not self.tokens[self.at].strip():
            self.at += 1
        if self.at >= len(self.tokens) or self.tokens[self.at] in ("&", BREAK, "}"):
            return ""
        inner = _Open()
        token = self._next()
        if len(token) > 1 and not token.startswith("\\"):  # of a text without braces the first letter alone
            self.at -= 1
            self.tokens[self.at] = token[1:]
            return token[0]
        self._take(token, inner, depth + 1)
        return "".join([*inner.text, *[mark for mark in inner.marks if mark not in (BOLD, UNDERLINED, ITALIC)]])

    def _optional(self) -> None:
        """Skip [2pt], and the (lr) of \\cmidrule, that follow a command."""
        while self.at < len(self.tokens):
            text = self.tokens[self.at]
            closing = {"[": "]", "(": ")"}.get(text[:1], "")
            if not closing or closing not in text or (closing == ")" and self.tokens[self.at - 1] != r"\cmidrule"):
                return
            self.tokens[self.at] = text.partition(closing)[2]
            if self.tokens[self.at]:
                return
            self.at += 1
