"""A list of hundreds of thousands of lines is read in proportion to them: no block is looked at for each other one.

Counted, since what a line costs hides this from a clock in texts that are short enough to be timed."""

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.exchange.awesome import reader
from catalog.exchange.awesome.blocks import Block
from catalog.exchange.awesome.lines import Lines
from catalog.exchange.awesome.tokenizer import blocks_of

UNITS = {
    "items without links": ("", "- x\n"),
    "links": ("", "- [a](https://b.c)\n"),
    "headings below topics": ("## Topics\n\n", "### T\n"),
    "topics with points": ("## Topics\n\n", "### T\n- x\n"),
    "headings with words": ("", "### a\n\nb\n\n"),
    "titles with links below": ("", "**a**\n- Paper: https://b.c\n"),
    "items with links within": ("", "- a\n  - [Paper](https://b.c)\n"),
    "tables": ("", "| a | b |\n|---|---|\n| c | d |\n\n"),
}
NUMBER = 1_000
MOST = 20.0
"""How often a block may be looked at: by itself, and from the titles near it."""


class Counted(list[Block]):
    """Blocks that count how many of them are handed out, also in passing."""

    handed = 0

    def __iter__(self) -> Iterator[Block]:
        for block in super().__iter__():
            self.handed += 1
            yield block

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        self.handed += len(found) if isinstance(index, slice) else 1
        return found


@pytest.mark.parametrize("shape", UNITS)
def test_a_block_is_looked_at_a_few_times(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Counted] = []

    def counted(lines: Lines) -> Counted:
        made.append(Counted(blocks_of(lines)))
        return made[-1]

    monkeypatch.setattr(reader, "blocks_of", counted)
    beginning, unit = UNITS[shape]

    reader.parse("# L\n\n" + beginning + unit * NUMBER)

    assert made[0].handed <= MOST * len(made[0])
