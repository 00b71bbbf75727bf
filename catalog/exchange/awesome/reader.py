"""Parse a list: headings, bullets with bold names, tables, topics with points, notes, a summary table."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from catalog.exchange.awesome import headings, inline, venues
from catalog.exchange.awesome.below import MAX_BLOCKS, MAX_PARAGRAPHS, Below, read_below
from catalog.exchange.awesome.blocks import Block, Heading, HtmlTable, ListItem, Paragraph, TableBlock, Text
from catalog.exchange.awesome.builder import ListBuilder
from catalog.exchange.awesome.html_tables import header_rows
from catalog.exchange.awesome.kind_words import kind_named_in
from catalog.exchange.awesome.lines import LONG, read_lines
from catalog.exchange.awesome.names import (
    SUMMARY,
    description_of,
    is_no_name,
    labelled_links,
    title_alone,
    title_of,
    words_before_labels,
)
from catalog.exchange.awesome.outline import Outline
from catalog.exchange.awesome.parsed import READ, SKIPPED, ParsedList, Style
from catalog.exchange.awesome.payloads import (
    ComponentNames,
    Read,
    citation_payload,
    entry_payload,
    is_paper,
    item_payload,
    title_heading_payload,
    title_payload,
    with_links,
)
from catalog.exchange.awesome.repairs import mended
from catalog.exchange.awesome.rows import is_entry, row_payload
from catalog.exchange.awesome.tables import Table, split_row, widths_of
from catalog.exchange.awesome.tokenizer import blocks_of
from catalog.exchange.awesome.unread import leads_to_list_itself, titles_of_several, why_not_read

MIN_TITLE_LEVEL = 3


def parse(text: str) -> ParsedList:
    """Parse a list. Never raises; lines that cannot be parsed are in `problems`."""
    return _Reader(text).read()


class _Reader:
    """One pass over the blocks; every line ends up in exactly one block of the result."""

    def __init__(self, text: str) -> None:
        lines = read_lines(text.removeprefix("\ufeff"))
        self.blocks = blocks_of(lines)
        self.position = 0
        self.outline = Outline()
        self.builder = ListBuilder(lines)
        if text.startswith("\ufeff"):
            self.builder.keep("\ufeff")
        for index, reason in lines.hidden.items():
            if reason == LONG:
                self.builder.add_problem(index + 1, f"The line is {LONG}.")
        self.told: dict[int, str] = {}
        """The names of entries of which lines below them say something, by the first line."""
        self.definitions = inline.definitions(lines.shown)
        self.has_headings = any(isinstance(block, Heading) for block in self.blocks)

    def read(self) -> ParsedList:
        while self.position < len(self.blocks):
            block = self.blocks[self.position]
            self.position += 1
            self.read_block(block)
        return self.builder.finish()

    def read_block(self, block: Block) -> None:
        if name := self.told.get(block.line):
            self.builder.keep(block.raw)
            self.builder.account(block.line, block.last_line, READ, f"details of “{name}”")
            return
        match block:
            case Heading():
                self.read_heading(block)
            case TableBlock():
                self.read_table(block)
            case HtmlTable():
                self.read_html_table(block)
            case Paragraph():
                self.read_paragraph(block)
            case _:
                self.builder.keep(block.raw)

    def skip(self, block: Block, reason: str) -> None:
        """Keep a block as it is, and say why it is no entry."""
        self.builder.keep(block.raw)
        self.builder.account(block.line, block.last_line, SKIPPED, reason)

    # -- headings

    def read_heading(self, block: Heading) -> None:
        """Begin the section of a heading, or add it as a topic."""
        emoji, name = headings.split_emoji(inline.plain_text(inline.links(block.text)[1]))
        self.outline.leave(block.level)
        is_topic = self.outline.holds_topics and not headings.is_about_list(name) and not self.leads_to_paper(block)
        points = self.points_below() if is_topic else []
        if points:
            texts = [inline.unescaped(" ".join(inline.links(point.content)[1].split())) for point in points]
            payload = {"name": name, "emoji": emoji, "family": self.outline.family, "points": texts}
            style = Style("topic", heading=block.raw.rstrip("\r\n"))
            taken = self.take(points[-1])
            raw = block.raw + "".join(one.raw for one in taken)
            lines = (block.line, points[-1].last_line)
            self.builder.add_entry(self.outline.section, "topic", lines, raw, style, payload)
        elif not self.read_title_heading(block, emoji, name):
            self.outline.enter(self.builder.add_section(block, emoji, name))
            self.skip(block, "a heading")

    def leads_to_paper(self, block: Heading) -> bool:
        """Whether a heading itself is a link to a paper."""
        text = inline.with_reference_links_expanded(block.text, self.definitions)
        return any(is_paper(link.url) for link in inline.links(text)[0])

    def read_title_heading(self, block: Heading, emoji: str, name: str) -> bool:
        """Add a heading that is the title of a paper as an entry; False for others.

        It is one, from the third level on, if it is a link to the paper or has such a link, behind its label, below it.
        The lines below stay as they are.
        """
        own, _ = inline.links(inline.with_reference_links_expanded(block.text, self.definitions))
        if is_no_name(name) or headings.is_about_list(name):
            return False
        if self.outline.holds_topics and not self.leads_to_paper(block):
            return False
        name = words_before_labels(name, block.text)
        if block.level < MIN_TITLE_LEVEL:
            return self.read_title_of_section(block, emoji, name, own)
        if self.why_outside():
            return False
        words = 0 if own or self.holds_entries_below() else MAX_PARAGRAPHS
        heading = Paragraph(block.line, block.lines, ())
        below = read_below(heading, self.blocks_ahead(), self.text_of, has_links=bool(own), words=words)
        payload, components = title_heading_payload(name, [*own, *below.links], below.year, below.venue)
        if payload is None:
            return False
        self.add_heading(block, emoji, payload, components)
        for one in self.take(below.taken[-1]) if below.taken else []:
            self.builder.keep(one.raw)
            self.builder.account(one.line, one.last_line, READ, f"links of “{name}”")
        self.told |= {one.line: name for one in below.told}
        return True

    def read_title_of_section(self, block: Heading, emoji: str, name: str, own: list[inline.Link]) -> bool:
        """Add a heading of the first levels that is itself a link to a paper as an entry and as a section."""
        links = [link for link in own if link.text and link.text in name]
        payload, components = title_heading_payload(name, links) if links else (None, {})
        if payload is None:
            return False
        self.outline.enter(self.builder.add_section(block, emoji, name))
        self.add_heading(block, emoji, payload, components)
        return True

    def add_heading(self, block: Heading, emoji: str, payload: dict[str, Any], components: ComponentNames) -> None:
        """Add a heading as an entry."""
        style = Style("heading", heading="#" * block.level + (f" {emoji}" if emoji else ""))
        lines = (block.line, block.last_line)
        payload = self.with_heading_year(payload)
        self.builder.add_entry(self.outline.section, self.kind_here(""), lines, block.raw, style, payload, components)

    def holds_entries_below(self) -> bool:
        """Whether there is a table or an item with a named link before the next heading."""
        for block in self.blocks_from_here():
            if isinstance(block, Heading):
                return False
            if isinstance(block, TableBlock | HtmlTable):
                return True
            if isinstance(block, ListItem):
                content = self.text_of(block)
                if inline.links(content)[0] and not labelled_links(content):
                    return True
        return False

    def points_below(self) -> list[ListItem]:
        """The items directly below, if none of them has a link or an indent."""
        found: list[ListItem] = []
        for block in self.blocks_from_here():
            if isinstance(block, ListItem) and (not found or block.line == found[-1].last_line + 1):
                found.append(block)
            elif found or not isinstance(block, Text) or block.raw.strip():
                break
        is_plain = all(point.depth == found[0].depth and not inline.links(point.content)[0] for point in found)
        return found if is_plain else []

    def take(self, last: Block) -> list[Block]:
        """The blocks from here to this one, which are read with the one before them."""
        end = next(n for n in range(self.position, len(self.blocks)) if self.blocks[n] is last) + 1
        taken, self.position = self.blocks[self.position : end], end
        return taken

    def kind_here(self, column: str) -> str:
        """The kind of the entries here: named by the table's column, else by the nearest heading with one."""
        return next(filter(None, map(kind_named_in, (column, *self.outline.names))), "paper")

    def why_outside(self) -> str:
        """Why nothing is an entry here; "" where entries stand."""
        if self.outline.section is None and self.has_headings:
            return "before the first heading"
        about = self.outline.outside
        return f"about the list itself, below “{about}”" if about else ""

    # -- items and paragraphs

    def read_paragraph(self, block: Paragraph) -> None:
        """Add an item or a paragraph as an entry or a note, else keep it."""
        section = self.outline.section
        if reason := self.why_outside():
            if not (section and self.outline.may_hold_entries and self.read_titled_link(block)):
                self.skip(block, reason)
        elif section is not None and headings.is_of_notes(section.name):
            if isinstance(block, ListItem):
                self.builder.add_note(" ".join(block.content.split()))
                self.builder.account(block.line, block.last_line, READ, "a note")
                self.builder.keep(block.raw)
            else:
                self.skip(block, "a note")
        elif self.read_title(block):
            pass
        else:
            self.read_entry(block)

    def text_of(self, block: Paragraph) -> str:
        return inline.with_reference_links_expanded(block.content, self.definitions)

    def read_title(self, block: Paragraph) -> bool:
        """Add a title with the links below it, each behind its label, as one entry; False if there are none."""
        content = self.text_of(block)
        title = title_alone(content) or (title_of(content) if isinstance(block, ListItem) else "")
        if not title:
            return False
        below = read_below(block, self.blocks_ahead(), self.text_of, has_links=False)
        if not below.links or (SUMMARY.match(content) and not any(is_paper(link.url) for link in below.links)):
            return False
        plain = inline.plain_text(content).replace(title, "", 1)
        venue = venues.venue_in(plain) or venues.venue_of_mark(plain)
        year = next(filter(None, map(inline.year_in, (venue, plain, title))), None) or below.year
        venue = venue or below.venue
        self.add(block, *entry_payload(title, year, "", below.links, venue), below)
        return True

    def blocks_ahead(self) -> Iterator[Block]:
        """The next blocks, as many as one entry may have below it."""
        return islice(self.blocks_from_here(), MAX_BLOCKS)

    def blocks_from_here(self) -> Iterator[Block]:
        """The next blocks, by their numbers: a slice would copy all of them, and islice pass all those before."""
        return (self.blocks[number] for number in range(self.position, len(self.blocks)))

    def read_titled_link(self, block: Paragraph) -> bool:
        """Add an item as an entry if it begins with the title of a paper; False for others, such as news of one."""
        payload, components = title_payload(self.text_of(block)) if isinstance(block, ListItem) else (None, {})
        if payload is not None:
            self.add(block, payload, components, Below())
        return payload is not None

    def read_entry(self, block: Paragraph) -> None:
        content = self.text_of(block)
        is_item = isinstance(block, ListItem)
        if several := titles_of_several(content):
            self.builder.keep(block.raw)
            reason = f"{several} papers in one item: give each a line of its own."
            self.builder.add_problem(block.line, reason, block.last_line)
            return
        payload, components = item_payload(content) if is_item else citation_payload(content)
        if is_item and leads_to_list_itself(content):
            payload = None
        if payload is None and not is_item and title_alone(content.partition("\n")[0]):
            payload, components = _titled(content)
        if payload is not None:
            below = read_below(block, self.blocks_ahead(), self.text_of, has_links=True) if is_item else Below()
            self.add(block, payload, components, below)
            return
        self.builder.keep(block.raw)
        reason, refused = why_not_read(content, is_item=is_item)
        if refused:
            self.builder.add_problem(block.line, reason, block.last_line)
        else:
            self.builder.account(block.line, block.last_line, SKIPPED, reason)

    def add(self, block: Paragraph, payload: dict[str, Any], components: ComponentNames, below: Below) -> None:
        """Add a block as an entry, with what stands below it."""
        taken = self.take(below.taken[-1]) if below.taken else []
        payload = with_links(payload, below.links)
        payload = {**payload, "year": payload.get("year") or below.year}
        if venue := payload.get("venue") or below.venue:
            payload["venue"] = venue
        self.told |= {one.line: str(payload["name"]) for one in below.told}
        raw = mended(block.lines)
        if raw != block.raw:
            self.builder.add_repair(block.line, "The link is broken over two lines; they were joined.")
        raw += "".join(one.raw for one in taken)
        lines = (block.line, taken[-1].last_line if taken else block.last_line)
        section, kind = self.outline.section, self.kind_here("")
        payload = self.with_heading_year(payload)
        self.builder.add_entry(section, kind, lines, raw, Style("bullet"), payload, components)

    def with_heading_year(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A payload with the year and the venue of the nearest heading that is about one, if it states none itself."""
        if payload.get("year"):
            return payload
        for name in self.outline.names:
            if year := venues.year_stated(name):
                venue = payload.get("venue") or venues.venue_in(name)
                return {**payload, "year": year, **({"venue": venue} if venue else {})}
        return payload

    # -- tables

    def read_table(self, block: TableBlock) -> None:
        """Add the rows of a table as entries or as rows of the summary, else keep them."""
        header, separator, *rows = block.lines
        titles = split_row(block.texts[0])
        texts = [inline.with_reference_links_expanded(text, self.definitions) for text in block.texts[2:]]
        table = Table.of(titles, "row", [split_row(text) for text in texts], widths_of(block.texts[0]))
        self.builder.account(block.line, block.line + 1, SKIPPED, "the header of a table")
        if not self.why_no_rows() and is_entry(titles):
            self.read_row((block.line, block.line), header, titles, table)
            self.builder.keep(separator)
        else:
            self.builder.keep(header + separator)
        section = self.outline.section
        is_summary = section is not None and headings.is_of_summary(section.name)
        reason = self.why_no_rows()
        if not reason and table.is_unnamed and not any(inline.links(text)[0] for text in block.texts):
            reason = "a table without links and without a column of names"
        for line, (raw, text) in enumerate(zip(rows, texts, strict=True), block.line + 2):
            cells = split_row(text)
            if is_summary:
                self.builder.add_summary_row(line, [inline.plain_text(cell) for cell in cells], raw, table.widths)
            elif reason:
                self.builder.keep(raw)
                self.builder.account(line, line, SKIPPED, reason)
            else:
                self.read_row((line, line), raw, cells, table)

    def why_no_rows(self) -> str:
        if any(map(headings.is_of_notes, self.outline.names)):
            return "a table among the notes"
        return self.why_outside()

    def read_row(
        self, lines: tuple[int, int], raw: str, cells: list[str], table: Table, own: Sequence[int] | None = None
    ) -> None:
        """Add a row as an entry, else keep it. `own` are the columns of the cells that stand in the row itself."""
        if table.has_linked_names and len([cell for cell in cells if cell]) == 1 and not inline.links(raw)[0]:
            self.builder.keep(raw)
            self.builder.account(*lines, SKIPPED, "a heading within a table")
            return
        payload, components = row_payload(cells, table.meanings)
        if payload is None:
            shown = " | ".join(inline.plain_text(inline.links(cell)[1]) for cell in cells)
            self.builder.add_problem(lines[0], f"No name found in the row “{' '.join(shown.split())[:80]}”.", lines[1])
            self.builder.keep(raw)
            return
        columns = table.meanings if own is None else [table.meanings[n] for n in own if n < len(table.meanings)]
        style = Style(table.form, columns, table.widths)
        self.builder.add_entry(
            self.outline.section,
            self.kind_here(table.name_title),
            lines,
            raw,
            style,
            self.with_heading_year(payload),
            components,
        )

    def read_html_table(self, block: HtmlTable) -> None:
        """Add the rows of a table in HTML as entries, else keep them."""
        headers = header_rows(block.rows)
        reason = self.why_no_rows() or ("" if headers else "a table in HTML without a header")
        if reason:
            self.skip(block, reason if block.rows else "a table without rows")
            return
        rows = block.rows[len(headers) :]
        table = Table.of([inline.plain_text(cell) for cell in headers[-1].cells], "html", [row.cells for row in rows])
        self.builder.account(block.line, block.last_line, SKIPPED, "a part of a table that is no row")
        position = 0
        for row in rows:
            self.builder.keep(block.raw[position : row.start])
            lines = (block.line + row.line, block.line + row.last)
            cells = [" ".join(inline.html_bold_to_markdown(cell).split()) for cell in row.cells]
            self.read_row(lines, block.raw[row.start : row.end], cells, table, row.own)
            position = row.end
        self.builder.keep(block.raw[position:])


def _titled(content: str) -> Read:
    """The payload of a paragraph whose first line is a title in bold and whose others hold links with labels."""
    first, _, rest = content.partition("\n")
    links, text = inline.links(rest)
    links = links if all(link.is_generic or is_no_name(link.text) for link in links) else labelled_links(rest)
    if not links:
        return None, {}
    plain = inline.plain_text(text)
    venue = venues.venue_in(f"{first} {plain}")
    year = inline.year_in(venue) or inline.year_in(f"{first} {plain}")
    shown = [description_of(line, "") for line in text.split("\n")]
    summary = " ".join(line for line in shown if line and not venues.is_place_and_time(line))
    return entry_payload(title_alone(first), year, summary, links, venue)
