"""Parse a list: headings, bullets with bold names, tables, topics with points, notes, a summary table."""

from typing import Any

from catalog.exchange.awesome import headings, inline
from catalog.exchange.awesome.blocks import Block, Heading, ListItem, LongLine, Paragraph, TableBlock
from catalog.exchange.awesome.builder import ListBuilder
from catalog.exchange.awesome.outline import Outline
from catalog.exchange.awesome.parsed import ParsedList, Style
from catalog.exchange.awesome.payloads import (
    ComponentNames,
    bullet_payload,
    citation_payload,
    kind_named_in,
    row_payload,
)
from catalog.exchange.awesome.tables import Table, columns_of, split_row, widths_of
from catalog.exchange.awesome.tokenizer import MAX_LINE_LENGTH, Tokenizer


def parse(text: str) -> ParsedList:
    """Parse a list. Never raises; lines that cannot be parsed are in `problems`."""
    return _Reader(text).read()


class _Reader:
    """One pass over the blocks; every line ends up in exactly one block of the result."""

    def __init__(self, text: str) -> None:
        lines = text.removeprefix("\ufeff").splitlines(keepends=True)
        self.blocks = Tokenizer(lines)
        self.outline = Outline()
        self.builder = ListBuilder()
        if text.startswith("\ufeff"):
            self.builder.keep("\ufeff")
        self.definitions = inline.definitions(lines)

    def read(self) -> ParsedList:
        for block in self.blocks:
            self.read_block(block)
        return self.builder.finish()

    def read_block(self, block: Block) -> None:
        match block:
            case Heading():
                self.read_heading(block)
            case TableBlock():
                self.read_table(block)
            case ListItem():
                self.read_list_item(block)
            case Paragraph():
                self.read_paragraph(block)
            case LongLine():
                self.builder.add_problem(block.line, f"The line is longer than {MAX_LINE_LENGTH} characters.")
                self.keep_verbatim(block)
            case _:
                self.keep_verbatim(block)

    def keep_verbatim(self, block: Block) -> None:
        """Add a block to the verbatim text, without its tail."""
        self.builder.keep(block.raw)
        self.blocks.split(block)

    # -- headings

    def read_heading(self, block: Heading) -> None:
        """Begin the section of a heading, or add it as a topic."""
        emoji, name = headings.split_emoji(inline.plain_text(inline.links(block.text)[1]))
        self.outline.leave(block.level)
        points = [] if not self.outline.family or headings.NON_ENTRY_HEADING.search(name) else block.points
        if points:
            payload = {"name": name, "emoji": emoji, "family": self.outline.family, "points": points}
            style = Style("topic", heading=block.raw.rstrip("\r\n"))
            raw = block.raw + "".join(block.tail)
            self.builder.add_entry(self.outline.section, "topic", block.line, raw, style, payload)
        else:
            self.outline.enter(self.builder.add_section(block, emoji, name))
            self.keep_verbatim(block)

    def kind_here(self, first_column: str) -> str:
        """The kind of the entries here: named by the table's first column, else by the nearest heading with one."""
        return next(filter(None, map(kind_named_in, (first_column, *self.outline.names))), "paper")

    # -- list items

    def read_list_item(self, block: ListItem) -> None:
        """Add a list item as an entry or a note, else keep it."""
        section = self.outline.section
        if section is None or self.outline.is_outside_list:
            self.keep_verbatim(block)
        elif headings.NOTES_HEADING.match(section.name):
            self.builder.add_note(block.content.strip())
            self.keep_verbatim(block)
        else:
            if block.broken_end:
                self.builder.add_repair(block.line, "The link is broken over two lines; they were joined.")
            payload, components = bullet_payload(self.text_of(block))
            if payload is None and inline.links(block.first_line)[0]:
                self.builder.add_problem(block.line, f"No name found in “{block.first_line.strip()[:80]}”.")
            self.add_or_keep(block, payload, components)

    def read_paragraph(self, block: Paragraph) -> None:
        """Add a line without a bullet as an entry, else keep it."""
        if self.outline.section is None or self.outline.is_outside_list:
            self.keep_verbatim(block)
        else:
            self.add_or_keep(block, *citation_payload(self.text_of(block)))

    def text_of(self, block: Paragraph) -> str:
        """The block in one line, with its reference links expanded."""
        text = " ".join([block.first_line.rstrip(), *(line.strip() for line in block.link_lines)])
        return inline.with_reference_links_expanded(text, self.definitions)

    def add_or_keep(self, block: Paragraph, payload: dict[str, Any] | None, components: ComponentNames) -> None:
        """Add the block as an entry if it has a payload, else keep it."""
        if payload is None:
            self.keep_verbatim(block)
        else:
            raw = "".join([block.first_line, *block.link_lines])
            kind = self.kind_here("")
            self.builder.add_entry(self.outline.section, kind, block.line, raw, Style("bullet"), payload, components)

    # -- tables

    def read_table(self, block: TableBlock) -> None:
        """Add the rows of a table as entries or as rows of the summary, else keep them."""
        header, separator, *rows = block.lines
        table = Table(split_row(header), widths_of(header))
        self.builder.keep(header + separator)
        section = self.outline.section
        is_note = any(headings.NOTES_HEADING.match(name) for name in self.outline.names)
        for line, row in enumerate(rows, block.line + 2):
            if section is not None and headings.SUMMARY_HEADING.match(section.name):
                cells = [inline.plain_text(cell) for cell in split_row(row)]
                self.builder.add_summary_row(cells, row, table.widths)
            elif section is None or is_note or self.outline.is_outside_list:
                self.builder.keep(row)
            else:
                self.read_row(line, row, table)

    def read_row(self, line: int, raw: str, table: Table) -> None:
        """Add a row as an entry, else keep it."""
        meanings = columns_of(table.header)
        cells = split_row(inline.with_reference_links_expanded(raw, self.definitions))
        payload, components = row_payload(cells, meanings)
        if payload is None:
            self.builder.add_problem(line, f"No name found in the row “{raw.strip()[:80]}”.")
            self.builder.keep(raw)
        else:
            kind = self.kind_here(table.header[0] if table.header else "")
            self.builder.add_entry(
                self.outline.section, kind, line, raw, Style("row", meanings, table.widths), payload, components
            )
