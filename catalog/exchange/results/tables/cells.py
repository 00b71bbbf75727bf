"""The cells of a table: what stands there without its markup, and what the markup was."""

import re
from dataclasses import dataclass

from catalog.exchange.results.documents import NO_VALUE, printed, shown
from catalog.exchange.results.stated import UnreadableFile

MAX_CELL = 2_000
"""Characters of a cell with its markup."""
BOLD, UNDERLINED, ITALIC = "bold", "underlined", "italic"
SIGNS = "†‡§¶*∗⋆★☆✝△▲▽▼◦♯♠♣♥♦↑↓⬆⬇¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ"
"""Marks of footnotes and directions that stand before or after a number or a name."""
EMPTY = {*NO_VALUE, "--", "---", "−", "/", "\\", "✗", "✘", "×", "?", "tbd"}
DIFFERENCE = re.compile(r"\(([+-]\s?[0-9]{1,6}(?:\.[0-9]{1,6})?)\s?%?\)\Z")
"""How far a number is from another one of the table."""
DEVIATION = re.compile(r"(±\s*[0-9]{1,6}(?:\.[0-9]{1,10})?)\s?%?\Z")
PERCENT = re.compile(r"\(?\s?%\s?\)?\Z")
CITATION = re.compile(r"\[[0-9, –-]{1,30}\]\Z")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without its markup. `marks` are what was taken away: "bold", "underlined", "†", "± 0.3"."""

    text: str = ""
    marks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.text.casefold() in EMPTY

    @property
    def number(self) -> str | None:
        """The printed number, if the cell holds one and nothing else but a percent sign."""
        return printed(PERCENT.sub("", self.text).strip())

    @property
    def in_percent(self) -> bool:
        return bool(self.text) and bool(PERCENT.search(self.text))


def require_short(text: str) -> None:
    """Raise UnreadableFile for a cell that is too long to be taken apart sign by sign."""
    if len(text) > MAX_CELL:
        raise UnreadableFile(f"The cell “{shown(text)}” has {len(text):,} characters; at most {MAX_CELL:,} are read.")


def plain_cell(text: str, marks: tuple[str, ...] = ()) -> Cell:
    """A cell of a text whose markup is gone: without the marks of footnotes, deviations and citations."""
    require_short(text)
    text = " ".join(text.replace("−", "-").split())
    found = list(marks)
    while text:
        if text[-1] in SIGNS:
            found.append(text[-1])
            text = text[:-1].rstrip()
        elif text[0] in SIGNS:
            found.append(text[0])
            text = text[1:].lstrip()
        elif match := DEVIATION.search(text[-40:]) or DIFFERENCE.search(text[-40:]) or CITATION.search(text[-40:]):
            found.append(" ".join(match[0].split()))
            text = text[: len(text) - len(match[0])].rstrip()
        else:
            break
    return Cell(text, tuple(dict.fromkeys(found)))
