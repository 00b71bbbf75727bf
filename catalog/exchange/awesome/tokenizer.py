"""Cut a list into blocks, by the rules of CommonMark where lists keep to them."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalog.exchange.awesome.blocks import Block, Heading, HtmlTable, ListItem, Paragraph, TableBlock, Text
from catalog.exchange.awesome.html_tables import find_tables
from catalog.exchange.awesome.inline import links
from catalog.exchange.awesome.lines import Lines
from catalog.exchange.awesome.payloads import citation_payload
from catalog.exchange.awesome.tables import is_separator

MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
MARKDOWN.disable(["code", "fence", "html_block", "inline", "text_join"], ignoreInvalid=True)
"""Blocks only. Code and comments are blank already; what HTML stands around does not keep Markdown from being read, and
what is indented is seldom meant as code."""
HTML_ITEM = re.compile(r"^\s*+<li\b[^<>]*>\s*+(.*?)(?:</li>\s*+)?$", re.IGNORECASE)
HTML_HEADING = re.compile(
    r"^\s*+(?:<(?:details|summary|div|center|a|b|strong)\b[^<>]{0,200}>\s*+)*+"
    r"<h([2-6])\b[^<>]{0,200}>(.*?)(?:</h[2-6]>(?:\s*+</\w{1,10}>)*+\s*+)?$",
    re.IGNORECASE,
)
HTML_HEADING_ALONE = re.compile(r"^\s*+<h[2-6]\b[^<>]{0,200}>\s*+$", re.IGNORECASE)
HTML_PART = re.compile(r"^\s*+</?(?:details|summary|p|div|center|ul|ol|dl|dt|dd|h[1-6]|blockquote|hr)\b", re.IGNORECASE)
QUOTED = re.compile(r"^(?:\s*+>)++\s?+")
NO_HEADING = "-*+>|#=[<!"
MAX_HEADING_LINES = 4
MAX_LINES = 50
"""Of a paragraph that is read as one entry."""


def blocks_of(lines: Lines) -> list[Block]:
    """The blocks of a list, in order; every line is in exactly one."""
    tables = find_tables(lines.shown, lines.raw)
    shown = list(lines.shown)
    for table in tables:
        shown[table.start : table.end] = [""] * (table.end - table.start)
    found: list[Block] = [
        HtmlTable(table.start + 1, tuple(lines.raw[table.start : table.end]), table.rows) for table in tables
    ]
    found += _markdown_blocks(shown, lines.raw)
    return list(_with_gaps_filled(sorted(found, key=lambda block: block.line), lines.raw))


def _with_gaps_filled(found: Sequence[Block], raw: Sequence[str]) -> Iterator[Block]:
    position = 0
    for block in found:
        if block.line - 1 > position:
            yield Text(position + 1, tuple(raw[position : block.line - 1]))
        if block.line > position:
            yield block
            position = block.last_line
    if position < len(raw):
        yield Text(position + 1, tuple(raw[position:]))


def _markdown_blocks(shown: Sequence[str], raw: Sequence[str]) -> Iterator[Block]:
    tokens = MARKDOWN.parse("\n".join(shown), {})
    for before, token, inline in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        start, end = token.map or (0, 0)
        if inline is None:
            continue
        if token.type == "table_open":
            texts = tuple(QUOTED.sub("", line) for line in shown[start:end])
            yield from _table(texts, start, raw)
        elif token.type == "heading_open":
            yield from _heading(token, inline.content, start, raw[start:end], raw)
        elif token.type == "paragraph_open":
            is_item = before is not None and before.type == "list_item_open"
            texts = tuple(inline.content.split("\n"))
            yield from _paragraphs(texts, start, raw, token.level, is_item=is_item)


def _heading(token: Token, content: str, start: int, lines: Sequence[str], raw: Sequence[str]) -> Iterator[Block]:
    """A heading; underlined lines that begin like something else are a paragraph, as their authors mean them."""
    is_underlined = not token.markup.startswith("#")
    if is_underlined and ("\n" in content or content.startswith(tuple(NO_HEADING))):
        yield from _paragraphs(tuple(content.split("\n")), start, raw, token.level, is_item=False)
    elif content:
        yield Heading(start + 1, tuple(lines), int(token.tag[1]), content)


def _table(texts: tuple[str, ...], start: int, raw: Sequence[str]) -> Iterator[Block]:
    """A table, which ends where a line has no bar; the lines below it are a paragraph."""
    end = next((number for number, text in enumerate(texts) if number > 1 and "|" not in text), len(texts))
    yield TableBlock(start + 1, tuple(raw[start : start + end]), texts[:end])
    if end < len(texts):
        yield from _paragraphs(texts[end:], start + end, raw, 0, is_item=False)


def _paragraphs(
    texts: tuple[str, ...], start: int, raw: Sequence[str], depth: int, *, is_item: bool
) -> Iterator[Block]:
    """The paragraphs, items in HTML, headings in HTML and tables that the lines of one paragraph are meant as."""
    begun = 0
    number = 0
    while number < len(texts):
        following = texts[number + 1] if number + 1 < len(texts) else ""
        before = texts[begun:number]
        if before and (_begins_block(texts[number], following, len(before)) or _begins_entry(texts[number], before)):
            yield _paragraph(texts[begun:number], start + begun, raw, depth, is_item=is_item and not begun)
            begun = number
        if number == begun and "|" in texts[number] and is_separator(following):
            end = next((n for n in range(number + 2, len(texts)) if "|" not in texts[n]), len(texts))
            yield TableBlock(start + begun + 1, tuple(raw[start + begun : start + end]), texts[begun:end])
            begun = number = end
        else:
            number += 1
    if begun < len(texts):
        yield _paragraph(texts[begun:], start + begun, raw, depth, is_item=is_item and not begun)


def _begins_block(text: str, following: str, length: int) -> bool:
    """Whether a line within a paragraph begins another one, or a table."""
    if length >= MAX_LINES or HTML_PART.match(text) or HTML_ITEM.match(text):
        return True
    return "|" in text and is_separator(following)


def _begins_entry(text: str, before: Sequence[str]) -> bool:
    """Whether a line within a paragraph is an entry of its own, and not the rest of one that the lines `before` began:
    they hold no link, and it does not begin with one."""
    is_rest = not text.lstrip().startswith(("[", "**[", "<a ")) and not any(links(line)[0] for line in before)
    return not is_rest and bool(citation_payload(text)[0])


def _paragraph(texts: tuple[str, ...], start: int, raw: Sequence[str], depth: int, *, is_item: bool) -> Block:
    lines = tuple(raw[start : start + len(texts)])
    shown = " ".join(map(str.strip, texts[:MAX_HEADING_LINES])) if HTML_HEADING_ALONE.match(texts[0]) else texts[0]
    if heading := HTML_HEADING.match(shown) if len(texts) == 1 or shown != texts[0] else None:
        return Heading(start + 1, lines, int(heading[1]), heading[2])
    if item := HTML_ITEM.match(texts[0]):
        return ListItem(start + 1, lines, (item[1], *texts[1:]), depth + 1)
    return (ListItem if is_item else Paragraph)(start + 1, lines, texts, depth)
