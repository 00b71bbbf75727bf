"""Write an awesome list: unchanged entries keep their lines, changed and new ones are written in the list's style."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from catalog.exchange.awesome.contents import with_contents
from catalog.exchange.awesome.lines import MAX_LINE_LENGTH
from catalog.exchange.awesome.tables import split_row

Block = Mapping[str, Any]
EntryRef = tuple[str, int]


@dataclass(frozen=True)
class ListLine:
    """What a list shows of an entry. `link` is its first URL, `page` that of its page on the portal, to which an item
    leads that has no other; topics have an emoji, points and a family instead, and only tables that the portal begins
    itself have columns for modalities, size and licence."""

    kind: str
    id: int
    name: str
    year: int | None
    summary: str
    link: str
    section: str = ""
    emoji: str = ""
    points: list[str] = field(default_factory=list)
    family: str = ""
    modalities: list[str] = field(default_factory=list)
    size: str = ""
    licence: str = ""
    page: str = ""

    def stated_values(self) -> dict[str, Any]:
        """The values that the list states, to compare with those at the time of its import."""
        if self.kind == "topic":
            return {"name": self.name, "emoji": self.emoji, "points": self.points}
        return {"name": self.name, "year": self.year, "summary": self.summary, "link": self.link}


@dataclass(frozen=True)
class Heading:
    """A section, for entries that are not in the layout."""

    slug: str
    name: str
    emoji: str
    kind: str
    level: int


COLUMN_HEADS = {"dataset": "Dataset", "benchmark": "Benchmark"}
DEFAULT_COLUMNS = ["name", "year", "description"]
CARD_COLUMNS = ["name", "year", "modalities", "size", "licence", "description"]
DEFAULT_HEADS = ["Year", "Description"]
CARD_HEADS = ["Year", "Modalities", "Size", "License", "Description"]


def stated_values_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same as `ListLine.stated_values`, for a payload that was read from a list."""
    if "points" in payload:
        return {"name": payload["name"], "emoji": payload.get("emoji", ""), "points": payload["points"]}
    links = payload.get("links") or [{"url": ""}]
    return {
        "name": payload["name"],
        "year": payload.get("year"),
        "summary": payload.get("summary", ""),
        "link": links[0]["url"],
    }


def render(blocks: Iterable[Block], lines: Mapping[EntryRef, ListLine], headings: Iterable[Heading] = ()) -> str:
    """The list as Markdown. `lines` are the live entries by (kind, id).

    An entry that is in no block is appended to its section, or at the end under its section's heading. Entries that are
    no longer live are left out.
    """
    chunks: list[str] = []
    section_ends: dict[str, tuple[int, Block]] = {}
    placed_refs: set[EntryRef] = set()
    for block in blocks:
        if "text" in block:
            chunks.append(block["text"])
        elif "summary" in block:
            chunks.append(_summary(block["summary"], lines))
        else:
            slot = block["entry"]
            key = (slot["kind"], slot["id"])
            if line := lines.get(key):
                placed_refs.add(key)
                is_kept = slot.get("kept") or line.stated_values() == slot["parsed"]
                chunks.append(slot["raw"] if is_kept else _rewritten(line, slot))
            section_ends[slot["section"] or ""] = (len(chunks), slot)
    return "".join(
        _insert_new(chunks, section_ends, [line for key, line in lines.items() if key not in placed_refs], headings)
    )


def _insert_new(
    chunks: list[str],
    section_ends: Mapping[str, tuple[int, Block]],
    new: list[ListLine],
    headings: Iterable[Heading],
) -> list[str]:
    """Insert new entries after the last entry of their sections, and append the others in new sections."""
    insertions: dict[int, list[str]] = {}
    unplaced: dict[str, list[ListLine]] = {}
    for line in new:
        if line.section in section_ends:
            index, slot = section_ends[line.section]
            before = "\n" if slot["style"]["form"] == "topic" else ""
            added = insertions.setdefault(index, [])
            added.append(_like(slot["raw"], before + _line(line, slot["style"]), number=len(added) + 1))
        elif line.kind in ("paper", "dataset", "benchmark", "topic"):
            unplaced.setdefault(line.section or line.family or line.kind, []).append(line)
    output = [*insertions.get(0, [])]
    for number, chunk in enumerate(chunks, 1):
        added = insertions.get(number, [])
        output += [chunk, *(["\n"] if added and chunk and not chunk.endswith("\n") else []), *added]
    known = {heading.slug: heading for heading in headings}
    sections = [(_section_heading(known.get(section), rows[0]), rows) for section, rows in unplaced.items()]
    output = with_contents(output, [title for (level, title), _ in sections if level == 2])
    all_bullets = "".join(chunks) if sections else ""
    for (level, title), rows in sections:
        text = "".join(_section_lines(rows))
        output += [f"\n{'#' * level} {title}\n", _with_bullets(text, all_bullets)]
    return output


DEFAULT_HEADINGS = {
    "paper": "Papers and models",
    "dataset": "Datasets",
    "benchmark": "Benchmarks",
    "topic": "Topics",
    "research-directions": "Research directions",
    "current-challenges": "Current challenges",
    "emerging-areas": "Emerging areas",
    "ethics-and-practice": "Ethics and best practice",
}


def _section_heading(heading: Heading | None, first: ListLine) -> tuple[int, str]:
    """The level and the title of a new section, which begins with this line."""
    default = DEFAULT_HEADINGS.get(first.family or first.kind, DEFAULT_HEADINGS[first.kind])
    return (heading.level, f"{heading.emoji} {heading.name}".strip()) if heading else (2, default)


def _section_lines(rows: Sequence[ListLine]) -> list[str]:
    """What stands below the heading of a new section: a table for cards, else items."""
    kind = rows[0].kind
    if kind in COLUMN_HEADS:
        is_card = any(row.modalities or row.size or row.licence for row in rows)
        heads, columns = (CARD_HEADS, CARD_COLUMNS) if is_card else (DEFAULT_HEADS, DEFAULT_COLUMNS)
        return ["\n", *_table([COLUMN_HEADS[kind], *heads], columns, rows)]
    if kind == "topic":
        return ["\n" + _line(row, {"form": "topic"}) for row in rows]
    return ["\n", *(_line(row, {"form": "bullet"}) for row in rows)]


def _table(heads: Sequence[str], columns: Sequence[str], rows: Sequence[ListLine]) -> list[str]:
    """A table whose bars stand below each other, unless its lines would be too long to be read again."""
    cells = [list(heads), *(_cells(row, columns) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    if sum(widths) + 3 * len(widths) >= MAX_LINE_LENGTH:
        widths = [3] * len(widths)
    head, *body = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in cells)
    return [f"| {' | '.join(line)} |\n" for line in (head, ["-" * max(3, width) for width in widths], *body)]


def _rewritten(line: ListLine, slot: Mapping[str, Any]) -> str:
    """Write an entry that differs from its lines in the file. In a table, only the cells that differ are rewritten."""
    if slot["style"]["form"] == "heading":
        return _title_heading(line, slot)
    if slot["style"]["form"] == "html":
        return _html_row(line, slot["style"]["columns"])
    if slot["style"]["form"] != "row":
        return _like(slot["raw"], _line(line, slot["style"]))
    before, after = slot["parsed"], line.stated_values()
    keys = {"name": "name", "year": "year", "description": "summary"}
    changed = {meaning for meaning, key in keys.items() if before[key] != after[key]}
    row = _row(line, slot["style"], split_row(slot["raw"]), {*slot["style"]["columns"]} - changed)
    return _like(slot["raw"], row)


ITEM = re.compile(r"^([ \t]*+(?:>[ \t]?+)*+)(?:([-*+])|(\d{1,9})([.)]))([ \t]++)")
"""What is before the text of a list item: indent and quotation, bullet or number, space."""


def _like(raw: str, text: str, number: int = 0) -> str:
    """A text with the bullet and the line ends of other lines of the list; in a numbered list the item `number` items
    further on."""
    item = ITEM.match(raw)
    if item and text.startswith("- "):
        mark = item[2] or f"{int(item[3]) + number}{item[4]}"
        text = f"{item[1]}{mark}{item[5]}{text[2:]}"
    else:
        text = _with_bullets(text, raw)
    return text.replace("\n", "\r\n") if "\r\n" in raw else text


BULLET, POINT = re.compile(r"^[ \t]*+([-*+])[ \t]", re.MULTILINE), re.compile(r"^- ", re.MULTILINE)


def _with_bullets(text: str, other: str) -> str:
    """A text with the bullet that another has first."""
    bullet = BULLET.search(other)
    return POINT.sub(f"{bullet[1]} ", text) if bullet else text


def _line(line: ListLine, style: Mapping[str, Any]) -> str:
    if style["form"] == "topic" or line.kind == "topic":
        return _topic(line, style)
    return _row(line, style) if style["form"] == "row" else _bullet(line)


def _bullet(line: ListLine) -> str:
    year = f" ({line.year})" if line.year else ""
    name, text, link = escaped(line.name), escaped(line.summary, keep="*_`"), escaped_url(line.link or line.page)
    if link:
        return f"- **{name}**{year} - [{text or link}]({link})\n"
    return f"- **{name}**{year}" + (f" - {text}" if text else "") + "\n"


def _cells(line: ListLine, columns: Sequence[str]) -> list[str]:
    """The cells of a table row, by the meanings of its columns."""
    summary = escaped(line.summary, keep="*_`")
    values = {"name": f"**{escaped(line.name)}**", "year": str(line.year or ""), "description": summary}
    values |= {"modalities": escaped(", ".join(line.modalities)), "size": escaped(line.size)}
    values["licence"] = escaped(line.licence)
    if line.link and not line.summary:
        values["description"] = escaped_url(line.link)
    return [values.get(meaning, "").replace("|", "\\|") for meaning in columns]


def _row(
    line: ListLine, style: Mapping[str, Any], old_cells: Sequence[str] = (), unchanged: Set[str] = frozenset()
) -> str:
    """A table row; of `old_cells`, those whose meaning is in `unchanged` are kept."""
    old = [*old_cells, *[""] * len(style["columns"])]
    cells = [
        before.replace("|", "\\|") if meaning in unchanged else cell
        for meaning, before, cell in zip(style["columns"], old, _cells(line, style["columns"]), strict=False)
    ]
    widths = [*style["widths"], *[0] * len(cells)]
    return "|" + "|".join(f" {cell} ".ljust(width) for cell, width in zip(cells, widths, strict=False)) + "|\n"


def _title_heading(line: ListLine, slot: Mapping[str, Any]) -> str:
    """A heading that is the title of an entry, linked if it was."""
    name = escaped(line.name)
    name = f"[{name}]({escaped_url(line.link)})" if line.link and "](" in slot["raw"] else name
    return f"{slot['style']['heading']} {name}\n"


def _html_row(line: ListLine, columns: Sequence[str]) -> str:
    """A row of a table in HTML."""
    name = f"<b>{escape(one_line(line.name))}</b>"
    if line.link:
        name = f'<a href="{escape(line.link)}">{name}</a>'
    values = {"name": name, "year": str(line.year or ""), "description": escape(one_line(line.summary))}
    cells = [f"<td>{values.get(meaning, '')}</td>" for meaning in columns]
    return f"<tr>{''.join(cells)}</tr>"


def _topic(line: ListLine, style: Mapping[str, Any]) -> str:
    hashes = re.match(r"#*", style.get("heading", ""))
    title = f"{escaped(line.emoji)} {escaped(line.name)}".strip()
    return f"{hashes[0] if hashes and hashes[0] else '###'} {title}\n" + "".join(
        f"- {escaped(p, keep='*_`')}\n" for p in line.points
    )


def _summary(row: Mapping[str, Any], lines: Mapping[EntryRef, ListLine]) -> str:
    """A row of the summary table, with the present names of its entries."""
    labels = []
    changed = False
    for member in row["members"]:
        line = lines.get((member["kind"], member["id"])) if member.get("id") else None
        is_removed = member.get("id") is not None and line is None
        is_renamed = line is not None and line.name != member["name"]
        changed = changed or is_removed or is_renamed
        if not is_removed:
            labels.append(escaped(line.name) if line and is_renamed else member["label"])
    if not changed:
        return str(row["raw"])
    cells = [f"**{row['category']}**", ", ".join(labels).replace("|", "\\|")]
    return "|" + "|".join(f" {c} ".ljust(w) for c, w in zip(cells, [*row["widths"], 0, 0], strict=False)) + "|\n"


SYNTAX = re.compile(r"[\\`*\[\]<>~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,32};)|^(?:[#+-]|=(?==))(?=\s|[=#-]|$)")
"""What CommonMark may read as markup within a line, or at its start. An underscore within a word is none."""


def escaped(text: str, keep: str = "") -> str:
    """Text in one line, as Markdown that shows it; the marks in `keep` stay, for a text that may be Markdown itself.

    A text of a list or a summary keeps its emphasis and code, and has no links, images or HTML.
    """
    shown = SYNTAX.sub(lambda match: match[0] if match[0] in keep else f"\\{match[0]}", one_line(text))
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", shown)


BALANCED = re.compile(r"(?:[^()]++|\([^()]*+\))*+")
"""A URL whose brackets are pairs, which CommonMark takes as part of a link's target."""

UNSAFE, UNSAFE_WITH_BRACKETS = re.compile(r"[\s<>\\`]"), re.compile(r"[\s<>\\`()]")


def escaped_url(url: str) -> str:
    """A URL as the target of a link: what could end the target is percent-encoded."""
    unsafe = UNSAFE if BALANCED.fullmatch(url) else UNSAFE_WITH_BRACKETS
    return unsafe.sub(lambda match: quote(match[0]), url)


def one_line(text: str) -> str:
    """The text with each run of white space replaced by one space."""
    return " ".join(text.split())
