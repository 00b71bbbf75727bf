"""Write an awesome list: unchanged entries keep their lines, changed and new ones are written in the list's style."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from catalog.exchange.awesome.tables import split_row

Block = Mapping[str, Any]
EntryRef = tuple[str, int]


@dataclass(frozen=True)
class ListLine:
    """What a list shows of an entry. `link` is its first URL; topics have an emoji, points and a family instead, and
    only tables that the portal begins itself have columns for modalities, size and licence."""

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
CARD_HEADS = "Year | Modalities | Size | License | Description"


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
    section_ends: dict[str, tuple[int, Mapping[str, Any]]] = {}
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
            section_ends[slot["section"] or ""] = (len(chunks), slot["style"])
    return "".join(
        _insert_new(chunks, section_ends, [line for key, line in lines.items() if key not in placed_refs], headings)
    )


def _insert_new(
    chunks: list[str],
    section_ends: Mapping[str, tuple[int, Mapping[str, Any]]],
    new: list[ListLine],
    headings: Iterable[Heading],
) -> list[str]:
    """Insert new entries after the last entry of their sections, and append the others in new sections."""
    insertions: dict[int, list[str]] = {}
    unplaced: dict[str, list[ListLine]] = {}
    for line in new:
        if line.section in section_ends:
            index, style = section_ends[line.section]
            before = "\n" if style["form"] == "topic" else ""
            insertions.setdefault(index, []).append(before + _line(line, style))
        elif line.kind in ("paper", "dataset", "benchmark", "topic"):
            unplaced.setdefault(line.section or line.family or line.kind, []).append(line)
    output = [*insertions.get(0, [])]
    for number, chunk in enumerate(chunks, 1):
        output += [chunk, *insertions.get(number, [])]
    known = {heading.slug: heading for heading in headings}
    for section, rows in unplaced.items():
        output += _new_section(known.get(section), rows)
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


def _new_section(heading: Heading | None, rows: list[ListLine]) -> list[str]:
    kind = rows[0].kind
    default = DEFAULT_HEADINGS.get(rows[0].family or kind, DEFAULT_HEADINGS[kind])
    title = f"{heading.emoji} {heading.name}".strip() if heading else default
    output = [f"\n{'#' * (heading.level if heading else 2)} {title}\n"]
    if kind in COLUMN_HEADS:
        is_card = any(row.modalities or row.size or row.licence for row in rows)
        heads, columns = (CARD_HEADS, CARD_COLUMNS) if is_card else ("Year | Description", DEFAULT_COLUMNS)
        output.append(f"| {COLUMN_HEADS[kind]} | {heads} |\n|{'---|' * len(columns)}\n")
        return output + [_line(row, {"form": "row", "columns": columns, "widths": []}) for row in rows]
    if kind == "topic":
        return output + ["\n" + _line(row, {"form": "topic"}) for row in rows]
    return [*output, "\n", *(_line(row, {"form": "bullet"}) for row in rows)]


def _rewritten(line: ListLine, slot: Mapping[str, Any]) -> str:
    """Write an entry that differs from its lines in the file. In a table, only the cells that differ are rewritten."""
    if slot["style"]["form"] == "heading":
        return _title_heading(line, slot)
    if slot["style"]["form"] == "html":
        return _html_row(line, slot["style"]["columns"])
    if slot["style"]["form"] != "row":
        return _line(line, slot["style"])
    before, after = slot["parsed"], line.stated_values()
    keys = {"name": "name", "year": "year", "description": "summary"}
    changed = {meaning for meaning, key in keys.items() if before[key] != after[key]}
    return _row(line, slot["style"], split_row(slot["raw"]), {*slot["style"]["columns"]} - changed)


def _line(line: ListLine, style: Mapping[str, Any]) -> str:
    if style["form"] == "topic" or line.kind == "topic":
        return _topic(line, style)
    return _row(line, style) if style["form"] == "row" else _bullet(line)


def _bullet(line: ListLine) -> str:
    year = f" ({line.year})" if line.year else ""
    name, text, link = escaped(line.name), escaped(line.summary, keep="*_`"), escaped_url(line.link)
    if link:
        return f"- **{name}**{year} - [{text or link}]({link})\n"
    return f"- **{name}**{year}" + (f" - {text}" if text else "") + "\n"


def _row(
    line: ListLine, style: Mapping[str, Any], old_cells: Sequence[str] = (), unchanged: Set[str] = frozenset()
) -> str:
    """A table row; of `old_cells`, those whose meaning is in `unchanged` are kept."""
    summary = escaped(line.summary, keep="*_`")
    values = {"name": f"**{escaped(line.name)}**", "year": str(line.year or ""), "description": summary}
    values |= {"modalities": escaped(", ".join(line.modalities)), "size": escaped(line.size)}
    values["licence"] = escaped(line.licence)
    if line.link and "description" in style["columns"] and not line.summary:
        values["description"] = escaped_url(line.link)
    old = [*old_cells, *[""] * len(style["columns"])]
    texts = [
        cell if meaning in unchanged else values.get(meaning, "")
        for meaning, cell in zip(style["columns"], old, strict=False)
    ]
    cells = [text.replace("|", "\\|") for text in texts]
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
