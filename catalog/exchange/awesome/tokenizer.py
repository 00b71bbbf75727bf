"""Cut the lines of a list into blocks."""

import re
from collections.abc import Iterator, Sequence

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.blocks import Block, Bullet, Heading, ListItem, LongLine, Paragraph, TableBlock, Text
from catalog.exchange.awesome.payloads import citation_payload, match_bullet
from catalog.exchange.awesome.tables import is_separator

HEADING = re.compile(r"^(#{1,6})\s*+(\S.*)$")
OPEN_LINK = re.compile(r"\]\([^()\s]*$")
UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
MAX_LINE_LENGTH = 5_000  # a longer line is an embedded image, not an entry
MAX_LINK_LINES = 5  # lines of links below an entry
FENCE = re.compile(r"^\s*(```|~~~)")


class Tokenizer:
    """The blocks of a list, in order.

    Where a block ends can depend on what it means, which only its reader knows: bullets below a heading are the points
    of a topic or entries. So a block claims its tail, and a reader that has no use for that gives it back with `split`.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.position = 0
        self.is_fenced = False

    def __iter__(self) -> Iterator[Block]:
        while self.position < len(self.lines):
            block = self.next_block()
            self.position += len(block.lines) + len(block.tail)
            yield block

    def split(self, block: Block) -> None:
        """Make the tail of the block that was read last blocks of their own, which follow."""
        self.position -= len(block.tail)

    def next_block(self) -> Block:
        """The block that begins at the current line."""
        line, number = self.lines[self.position], self.position + 1
        is_fence = bool(FENCE.match(line))
        if is_fence:
            self.is_fenced = not self.is_fenced
        elif len(line) > MAX_LINE_LENGTH:
            return LongLine(number, (line,))
        return Text(number, (line,)) if is_fence or self.is_fenced else _block_at(self.lines, self.position)


def _block_at(lines: Sequence[str], index: int) -> Block:
    """The block that begins at this index, outside code."""
    line, number = lines[index], index + 1
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if heading := HEADING.match(line):
        return Heading(number, (line,), len(heading[1]), _title(heading[2]), *_bullets_at(lines, index + 1))
    if level := _underlined_level(line, following):
        return Heading(number, (line, following), level, line.strip())
    if "|" in line and is_separator(following):
        return TableBlock(number, (line, following, *_rows_at(lines, index + 2)))
    if bullet := match_bullet(line):
        broken_end = following if _is_broken_link(line, following) else ""
        link_lines = _link_lines_at(lines, index + (2 if broken_end else 1))
        return ListItem(number, (line,), link_lines, bullet[2], broken_end)
    if line.startswith(("[", "**")):
        return Paragraph(number, (line,), _link_lines_at(lines, index + 1))
    return Text(number, (line,))


def _title(text: str) -> str:
    """The text of a heading without the blanks and hashes that close it; at least one character."""
    return text[0] + text[1:].rstrip().rstrip("#").rstrip()


def _underlined_level(line: str, following: str) -> int:
    """The level of a heading that is underlined with = or -; 0 for other lines."""
    rule = UNDERLINE.match(following) if line.strip() and line[0] not in " \t-*+>|#=[<" else None
    return (1 if rule[1][0] == "=" else 2) if rule else 0


def _is_broken_link(line: str, following: str) -> bool:
    """Whether a link that `line` opens is closed at the beginning of the next."""
    return bool(OPEN_LINK.search(line.rstrip("\r\n"))) and following.lstrip().startswith(")")


def _bullets_at(lines: Sequence[str], start: int) -> tuple[tuple[Bullet, ...], tuple[str, ...]]:
    """The bullets from this index on, without a gap, and their lines with the blank ones before them."""
    bullets: list[Bullet] = []
    end = start
    for end in range(start, len(lines) + 1):
        bullet = match_bullet(lines[end]) if end < len(lines) else None
        if bullet:
            bullets.append(Bullet(bullet[1], bullet[2]))
        elif bullets or end == len(lines) or lines[end].strip():
            break
    return tuple(bullets), tuple(lines[start:end]) if bullets else ()


def _link_lines_at(lines: Sequence[str], start: int) -> tuple[str, ...]:
    """The lines from this index on that hold further links of the entry above."""
    link_lines: list[str] = []
    for line in lines[start : start + MAX_LINK_LINES]:
        if not inline.starts_with_link(line) or citation_payload(line)[0]:
            break
        link_lines.append(line)
    return tuple(link_lines)


def _rows_at(lines: Sequence[str], start: int) -> tuple[str, ...]:
    """The rows of a table from this index on."""
    end = next((index for index in range(start, len(lines)) if "|" not in lines[index]), len(lines))
    return tuple(lines[start:end])
