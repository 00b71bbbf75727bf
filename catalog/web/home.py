"""The front page and the page about the portal."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalog.exchange.awesome.queries import list_notes, summary_table
from catalog.kinds import KINDS, Kind
from catalog.kinds.paper.model import Paper
from catalog.kinds.topic.model import Topic
from catalog.ledger.catalogue_version import version_of_request
from catalog.listing.facets import totals
from catalog.listing.filterset import QueryForm
from catalog.models import Revision, RevisionAction
from catalog.reading.boards.firsts import notes_of_first
from catalog.reading.boards.words import board_line, short_number
from catalog.reading.results.overview import First, firsts
from catalog.text.variants import names_beside
from catalog.web import markdown
from catalog.web.as_of import takes_as_of, value_of_day
from catalog.web.log_lines import LogLine, corrections, log_lines
from catalog.web.parameters import form_notices
from catalog.web.timeline import Timeline, timeline

MAX_TIMELINE_MODELS = 120
MAX_PROBLEMS = 6
MAX_LEADERS = 8
MAX_NEW_ENTRIES = 6


@dataclass(frozen=True)
class KindCount:
    kind: Kind
    count: int

    @property
    def text(self) -> str:
        """The number as pages show it: "19,562"."""
        return f"{self.count:,}"


@takes_as_of
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    context = {
        "notices": form_notices(QueryForm(request.GET), request.GET, also=()),
        "tallies": kind_counts(),
        "timeline": released_models(),
        **cached_news(request),
        "problems": Topic.objects.order_by("order_section", "position", "slug")[:MAX_PROBLEMS],
    }
    return render(request, "catalog/home.html", context)


def cached_news(request: HttpRequest) -> dict[str, list[Any]]:
    """Corrections, leaders and new entries, cached until the catalogue changes."""
    key = f"front-page:{version_of_request(request).text}:{value_of_day(request)}"
    context: dict[str, list[Any]] | None = cache.get(key)
    if context is None:
        context = {"log": corrections(), "leaders": board_leaders(), "added": new_entries()}
        cache.set(key, context, 3600)
    return context


def new_entries() -> list[LogLine]:
    """The newest entries of the kinds that are announced: results and components come by the dozen."""
    kinds = [kind.name for kind in KINDS.values() if kind.announced]
    rows = Revision.objects.filter(
        kind__in=kinds, action__in=(RevisionAction.CREATE, RevisionAction.RESTORE)
    ).latest_first()
    return log_lines(list(rows[:MAX_NEW_ENTRIES]))


@dataclass(frozen=True)
class Leader:
    """The first row of a board, `of` how many rows are ranked; `notes` say what must be known of its number."""

    board: str
    board_url: str
    protocol: str
    model: str
    model_url: str
    variant: str
    value: str
    of: int
    notes: tuple[str, ...]


def board_leaders() -> list[Leader]:
    """The first rows of the boards on which the most models were measured."""
    return [leader(first) for first in firsts(MAX_LEADERS)]


def leader(first: First) -> Leader:
    """The first row of a board as the front page shows it."""
    key, board = first.view.key, first.view.board
    model, variant = names_beside(first.row.claim.variant, first.model)
    return Leader(
        first.benchmark.name,
        f"{first.benchmark.get_absolute_url()}#results",
        board_line(key, board.metric.name),
        model,
        reverse("catalog:detail", args=[Paper.plural, first.model_slug]),
        variant,
        short_number(first.row.claim.number),
        len(board.ranked),
        notes_of_first(first.view, first.measured),
    )


@takes_as_of
def about(request: HttpRequest) -> HttpResponse:
    """The page about the portal."""
    context = {
        "tallies": kind_counts(),
        "summary": summary_table(),
        "notes": [markdown.inline(note) for note in list_notes()],
    }
    return render(request, "catalog/about.html", context)


def kind_counts() -> list[KindCount]:
    """The number of entries of each kind, without kinds that are neither in the menu nor in use."""
    counted = totals()
    return [KindCount(kind, counted[kind.name]) for kind in KINDS.values() if kind.in_menu or counted[kind.name]]


def released_models() -> Timeline:
    """A timeline of the newest models whose month of release is known."""
    rows = Paper.objects.filter(released__regex=r"^\d{4}-\d{2}").order_by("-released", "slug")
    return timeline(
        [
            (row.name, row.get_absolute_url(), row.released)
            for row in rows.only("name", "slug", "released")[:MAX_TIMELINE_MODELS]
        ]
    )
