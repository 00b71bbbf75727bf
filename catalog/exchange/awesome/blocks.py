"""The blocks of a list: headings, tables, list items, lines that begin with a link, other text."""

from dataclasses import dataclass

from catalog.exchange.awesome import inline


@dataclass(frozen=True)
class Block:
    """Lines of the file, with their line endings. `line` is the number of the first, counted from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def tail(self) -> tuple[str, ...]:
        """The lines below that belong to the block if it is an entry; otherwise they are blocks of their own."""
        return ()

    @property
    def raw(self) -> str:
        return "".join(self.lines)


@dataclass(frozen=True)
class Text(Block):
    """A line that never is an entry: a blank line, a sentence, a line of code."""


@dataclass(frozen=True)
class LongLine(Block):
    """A line that is too long for an entry."""


@dataclass(frozen=True)
class Bullet:
    """The indent and the content of a list item's first line."""

    indent: str
    content: str


@dataclass(frozen=True)
class Heading(Block):
    """A heading. `bullets` are those directly below it, `list_lines` their lines and the blank ones before them."""

    level: int
    text: str
    bullets: tuple[Bullet, ...] = ()
    list_lines: tuple[str, ...] = ()

    @property
    def tail(self) -> tuple[str, ...]:
        return self.list_lines

    @property
    def points(self) -> list[str]:
        """The texts of the bullets if none has a link or an indent, else []."""
        found = [(bullet.indent, *inline.links(bullet.content)) for bullet in self.bullets]
        return [] if any(indent or links for indent, links, _ in found) else [text.strip() for _, _, text in found]


@dataclass(frozen=True)
class Paragraph(Block):
    """A line that begins with a bracket or with bold text. `link_lines` hold further links."""

    link_lines: tuple[str, ...]

    @property
    def tail(self) -> tuple[str, ...]:
        return self.link_lines

    @property
    def first_line(self) -> str:
        return self.lines[0]


@dataclass(frozen=True)
class ListItem(Paragraph):
    """A list item. `broken_end` is the line on which a link that its first line opens is closed; "" if none."""

    content: str
    broken_end: str

    @property
    def tail(self) -> tuple[str, ...]:
        return (self.broken_end, *self.link_lines) if self.broken_end else self.link_lines

    @property
    def first_line(self) -> str:
        """The first line, joined with that on which its link is closed."""
        return self.lines[0].rstrip("\r\n") + self.broken_end.lstrip() if self.broken_end else self.lines[0]


@dataclass(frozen=True)
class TableBlock(Block):
    """A table: the header, the separator and the rows."""
