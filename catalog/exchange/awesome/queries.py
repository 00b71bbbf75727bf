"""The list over what is published: its README, its summary table, its notes."""

from dataclasses import dataclass

from django.urls import reverse

from catalog.exchange.awesome.writer import EntryRef, Heading, ListLine, render
from catalog.kinds import KINDS
from catalog.kinds.topic.model import Topic
from catalog.models import ListLayout, Section

LISTED = ("paper", "dataset", "benchmark", "topic")
PREAMBLE = (
    "# Vision-Language Models (VLMs)\n\nPapers and models, datasets, benchmarks and open problems, "
    "written from the catalogue.\n"
)


@dataclass(frozen=True)
class Member:
    """A name in the summary table, and where it leads; no address for a name that no entry has."""

    name: str
    url: str


@dataclass(frozen=True)
class SummaryRow:
    category: str
    members: list[Member]


def awesome_readme() -> str:
    """The whole list as Markdown, in six queries."""
    layout = ListLayout.objects.order_by("pk").first()
    headings = [Heading(row.slug, row.name, row.emoji, row.kind, row.level) for row in Section.objects.all()]
    blocks = layout.blocks if layout else [{"text": PREAMBLE}]
    return render(blocks, _lines(), headings)


def _lines() -> dict[EntryRef, ListLine]:
    """The live entries that a list shows, in the list's order."""
    found: dict[EntryRef, ListLine] = {}
    for name in LISTED:
        rows = KINDS[name].model.objects.select_related("section").order_by("order_section", "position", "slug")
        for row in rows:
            topic = {"emoji": row.emoji, "points": row.points} if isinstance(row, Topic) else {}
            link = row.links[0]["url"] if row.links else ""
            section = row.section.slug if row.section else ""
            found[name, row.pk] = ListLine(name, row.pk, row.name, row.year, row.summary, link, section, **topic)
    return found


def summary_table() -> list[SummaryRow]:
    """The list's summary table, as a view over the live entries; empty where no list was imported."""
    layout = ListLayout.objects.order_by("pk").first()
    rows = [block["summary"] for block in layout.blocks if "summary" in block] if layout else []
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for member in row["members"]:
            wanted.setdefault(member["kind"], set()).add(member["id"])
    live = {
        (kind, entry.pk): Member(entry.name, reverse("catalog:detail", args=[entry.plural, entry.slug]))
        for kind, ids in wanted.items()
        if kind
        for entry in KINDS[kind].model.objects.filter(pk__in=ids)
    }
    return [
        SummaryRow(
            row["category"],
            [
                live.get((m["kind"], m["id"]), Member(m["label"], ""))
                for m in row["members"]
                if not m["kind"] or (m["kind"], m["id"]) in live
            ],
        )
        for row in rows
    ]


def list_notes() -> list[str]:
    """The notes of the list, as Markdown."""
    layout = ListLayout.objects.order_by("pk").first()
    return list(layout.notes) if layout else []
