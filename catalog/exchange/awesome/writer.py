"""Write an awesome list: unchanged lines stay as they are, changed ones follow the style of their neighbours."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from catalog.exchange.awesome.tables import split_row

Block = Mapping[str, Any]
EntryRef = tuple[str, int]


@dataclass(frozen=True)
class ListLine:
    """An entry as a list shows it. `link` is its first address; topics have an emoji and points instead."""

    kind: str
    id: int
    name: str
    year: int | None
    summary: str
    link: str
    section: str = ""
    emoji: str = ""
    points: list[str] = field(default_factory=list)

    def stated_values(self) -> dict[str, Any]:
        """The values that the list states, to be compared with those when it was read."""
        if self.kind == "topic":
            return {"name": self.name, "emoji": self.emoji, "points": self.points}
        return {"name": self.name, "year": self.year, "summary": self.summary, "link": self.link}


@dataclass(frozen=True)
class Heading:
    """A section, for entries that the layout has no place for."""

    slug: str
    name: str
    emoji: str
    kind: str
    level: int


COLUMN_HEADS = {"dataset": "Dataset", "benchmark": "Benchmark"}
ROW = ["name", "year", "description"]


def said_by(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`ListLine.stated_values` of an entry as it was read from a list."""
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
    """The list as Markdown. `lines` are the live entries by (kind, id); one that no block places is appended to its
    section, or at the end under its section's heading. An entry that is not live any more drops out."""
    pieces: list[str] = []
    ends: dict[str, tuple[int, Mapping[str, Any]]] = {}
    placed: set[EntryRef] = set()
    for block in blocks:
        if "text" in block:
            pieces.append(block["text"])
        elif "summary" in block:
            pieces.append(_summary(block["summary"], lines))
        else:
            slot = block["entry"]
            key = (slot["kind"], slot["id"])
            if line := lines.get(key):
                placed.add(key)
                pieces.append(slot["raw"] if line.stated_values() == slot["parsed"] else _rewritten(line, slot))
            ends[slot["section"] or ""] = (len(pieces), slot["style"])
    return "".join(_with_new(pieces, ends, [line for key, line in lines.items() if key not in placed], headings))


def _with_new(
    pieces: list[str],
    ends: Mapping[str, tuple[int, Mapping[str, Any]]],
    new: list[ListLine],
    headings: Iterable[Heading],
) -> list[str]:
    """The pieces with new entries behind the last entry of their sections, the rest in sections of their own."""
    inserted: dict[int, list[str]] = {}
    homeless: dict[str, list[ListLine]] = {}
    for line in new:
        if line.section in ends:
            at, style = ends[line.section]
            before = "\n" if style["form"] == "topic" else ""
            inserted.setdefault(at, []).append(before + _line(line, style))
        elif line.kind in ("paper", "dataset", "benchmark", "topic"):
            homeless.setdefault(line.section or line.kind, []).append(line)
    out = [*inserted.get(0, [])]
    for number, piece in enumerate(pieces, 1):
        out += [piece, *inserted.get(number, [])]
    known = {heading.slug: heading for heading in headings}
    for section, rows in homeless.items():
        out += _new_section(known.get(section), rows)
    return out


DEFAULT_HEADINGS = {"paper": "Papers and models", "dataset": "Datasets", "benchmark": "Benchmarks", "topic": "Topics"}


def _new_section(heading: Heading | None, rows: list[ListLine]) -> list[str]:
    kind = rows[0].kind
    title = f"{heading.emoji} {heading.name}".strip() if heading else DEFAULT_HEADINGS[kind]
    out = [f"\n{'#' * (heading.level if heading else 2)} {title}\n"]
    if kind in COLUMN_HEADS:
        out.append(f"| {COLUMN_HEADS[kind]} | Year | Description |\n|---|---|---|\n")
        return out + [_line(row, {"form": "row", "columns": ROW, "widths": []}) for row in rows]
    if kind == "topic":
        return out + ["\n" + _line(row, {"form": "topic"}) for row in rows]
    return [*out, "\n", *(_line(row, {"form": "bullet"}) for row in rows)]


def _rewritten(line: ListLine, slot: Mapping[str, Any]) -> str:
    """Rewrite an entry that differs from its lines. In a table, only the cells that differ are rewritten."""
    if slot["style"]["form"] != "row":
        return _line(line, slot["style"])
    before, after = slot["parsed"], line.stated_values()
    keys = {"name": "name", "year": "year", "description": "summary"}
    same = {meaning for meaning, key in keys.items() if before[key] == after[key]}
    return _row(line, slot["style"], split_row(slot["raw"]), {*same, "other"})


def _line(line: ListLine, style: Mapping[str, Any]) -> str:
    if style["form"] == "topic" or line.kind == "topic":
        return _topic(line, style)
    return _row(line, style) if style["form"] == "row" else _bullet(line)


def _bullet(line: ListLine) -> str:
    year = f" ({line.year})" if line.year else ""
    text = re.sub(r"([\[\]\\])", r"\\\1", one_line(line.summary))
    if line.link:
        return f"- **{one_line(line.name)}**{year} - [{text or line.link}]({line.link})\n"
    return f"- **{one_line(line.name)}**{year}" + (f" - {text}" if text else "") + "\n"


def _row(line: ListLine, style: Mapping[str, Any], stood: Sequence[str] = (), kept: Set[str] = frozenset()) -> str:
    """A table's row; `stood` are the cells it had, of which those of the meanings `kept` stay."""
    values = {"name": f"**{one_line(line.name)}**", "year": str(line.year or ""), "description": one_line(line.summary)}
    if line.link and "description" in style["columns"] and not line.summary:
        values["description"] = line.link
    old = [*stood, *[""] * len(style["columns"])]
    texts = [
        cell if meaning in kept else values.get(meaning, "")
        for meaning, cell in zip(style["columns"], old, strict=False)
    ]
    cells = [text.replace("|", "\\|") for text in texts]
    widths = [*style["widths"], *[0] * len(cells)]
    return "|" + "|".join(f" {cell} ".ljust(width) for cell, width in zip(cells, widths, strict=False)) + "|\n"


def _topic(line: ListLine, style: Mapping[str, Any]) -> str:
    hashes = re.match(r"#*", style.get("heading", ""))
    title = f"{line.emoji} {one_line(line.name)}".strip()
    return f"{hashes[0] if hashes and hashes[0] else '###'} {title}\n" + "".join(
        f"- {one_line(p)}\n" for p in line.points
    )


def _summary(row: Mapping[str, Any], lines: Mapping[EntryRef, ListLine]) -> str:
    """A row of the summary table: a view over the entries, so that a name that changed changes here too."""
    labels = []
    changed = False
    for member in row["members"]:
        line = lines.get((member["kind"], member["id"])) if member.get("id") else None
        gone = member.get("id") is not None and line is None
        renamed = line is not None and line.name != member["name"]
        changed = changed or gone or renamed
        if not gone:
            labels.append(line.name if line and renamed else member["label"])
    if not changed:
        return str(row["raw"])
    cells = [f"**{row['category']}**", ", ".join(labels).replace("|", "\\|")]
    return "|" + "|".join(f" {c} ".ljust(w) for c, w in zip(cells, [*row["widths"], 0, 0], strict=False)) + "|\n"


def one_line(text: str) -> str:
    """Text with its line breaks and runs of blanks folded."""
    return " ".join(text.split())
