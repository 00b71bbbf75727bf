"""The awesome list of the live catalogue: its README, its summary table and its notes."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.exchange.awesome.writer import EntryRef, Heading, ListLine, render
from catalog.kinds import KINDS
from catalog.kinds.shared.cards import Card
from catalog.kinds.topic.model import Topic
from catalog.models import ListLayout, Section

LISTED = ("paper", "dataset", "benchmark", "topic")
PREAMBLE = (
    "# Vision-Language Models (VLMs)\n\nPapers and models, datasets, benchmarks and open problems, "
    "written from the catalogue.\n"
)


@dataclass(frozen=True)
class Member:
    """A name in the summary table and its URL; "" for a name that no entry has."""

    name: str
    url: str


@dataclass(frozen=True)
class SummaryRow:
    category: str
    members: list[Member]


def awesome_readme() -> str:
    """The complete list as Markdown, in six queries."""
    layout = ListLayout.objects.order_by("pk").first()
    headings = [Heading(row.slug, row.name, row.emoji, row.kind, row.level) for row in Section.objects.all()]
    blocks = layout.blocks if layout else [{"text": PREAMBLE}]
    return render(blocks, _lines(), headings)


def _lines() -> dict[EntryRef, ListLine]:
    """The live entries of the listed kinds, in the order of the list."""
    lines: dict[EntryRef, ListLine] = {}
    for name in LISTED:
        rows = KINDS[name].model.objects.select_related("section").order_by("order_section", "position", "slug")
        for row in rows:
            more: dict[str, Any] = {}
            if isinstance(row, Topic):
                more = {"emoji": row.emoji, "points": row.points, "family": row.family}
            elif isinstance(row, Card):
                more = {"modalities": row.modalities, "size": row.size, "licence": row.licence}
            link = row.links[0]["url"] if row.links else ""
            more["section"] = row.section.slug if row.section else ""
            more["page"] = f"{settings.SITE_URL}{row.get_absolute_url()}"
            lines[name, row.pk] = ListLine(name, row.pk, row.name, row.year, row.summary, link, **more)
    return lines


def summary_table() -> list[SummaryRow]:
    """The list's summary table with the live entries; empty if no list was imported."""
    layout = ListLayout.objects.order_by("pk").first()
    rows = [block["summary"] for block in layout.blocks if "summary" in block] if layout else []
    ids_by_kind: dict[str, set[int]] = {}
    for row in rows:
        for member in row["members"]:
            ids_by_kind.setdefault(member["kind"], set()).add(member["id"])
    live = {
        (kind, entry.pk): Member(entry.name, reverse("catalog:detail", args=[entry.plural, entry.slug]))
        for kind, ids in ids_by_kind.items()
        if kind
        for entry in KINDS[kind].model.objects.filter(pk__in=ids)
    }
    return [
        SummaryRow(
            row["category"],
            [
                live.get((member["kind"], member["id"]), Member(member["label"], ""))
                for member in row["members"]
                if not member["kind"] or (member["kind"], member["id"]) in live
            ],
        )
        for row in rows
    ]


def list_notes() -> list[str]:
    """The notes of the list, as Markdown."""
    layout = ListLayout.objects.order_by("pk").first()
    return list(layout.notes) if layout else []
