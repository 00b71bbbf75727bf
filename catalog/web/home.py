"""The front page and the page about the portal."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.exchange.awesome.queries import list_notes, summary_table
from catalog.kinds import KINDS, Kind
from catalog.kinds.paper.model import Paper
from catalog.kinds.topic.model import Topic
from catalog.ledger.version import version_for
from catalog.listing.facets import totals
from catalog.listing.filterset import QueryForm
from catalog.models import Revision, RevisionAction
from catalog.reading.leaderboards import leaders
from catalog.web import markdown
from catalog.web.log_lines import LogLine, corrections, log_lines
from catalog.web.parameters import form_notices
from catalog.web.timeline import Timeline, timeline

ON_THE_TIMELINE = 120
OPEN_PROBLEMS = 6
BOARDS = 8
ADDED = 6


@dataclass(frozen=True)
class KindCount:
    kind: Kind
    count: int


def home(request: HttpRequest) -> HttpResponse:
    """What is here, what was corrected lately, and where to go."""
    context = {
        "notices": form_notices(QueryForm(request.GET), request.GET, also=()),
        "tallies": kind_counts(),
        "timeline": released_models(),
        **news(request),
        "problems": Topic.objects.order_by("order_section", "position", "slug")[:OPEN_PROBLEMS],
    }
    return render(request, "catalog/home.html", context)


def news(request: HttpRequest) -> dict[str, list[Any]]:
    """What was corrected, who leads, what is new; kept until the catalogue changes."""
    key = f"news:{version_for(request).text}"
    found: dict[str, list[Any]] | None = cache.get(key)
    if found is None:
        found = {"log": corrections(), "leaders": glance(), "added": added()}
        cache.set(key, found, 3600)
    return found


def added() -> list[LogLine]:
    """The newest entries; results and components come by the dozen, and are left to the change log."""
    kinds = [kind.name for kind in KINDS.values() if kind.announced]
    rows = Revision.objects.filter(
        kind__in=kinds, action__in=(RevisionAction.CREATE, RevisionAction.RESTORE)
    ).latest_first()
    return log_lines(list(rows[:ADDED]))


@dataclass(frozen=True)
class Leader:
    """The first of a board: who, with what, among how many."""

    board: str
    board_url: str
    told: str
    model: str
    model_url: str
    variant: str
    value: str
    of: int


def glance() -> list[Leader]:
    """The first of each of the fullest boards."""
    return [
        Leader(
            first.subset or first.benchmark.name,
            first.benchmark.get_absolute_url(),
            " · ".join(filter(None, [first.split, first.metric, first.setting])),
            first.paper.name,
            first.paper.get_absolute_url(),
            first.variant,
            first.value,
            of,
        )
        for first, of in leaders(BOARDS)
    ]


def about(request: HttpRequest) -> HttpResponse:
    """What the portal is and how to read it."""
    context = {
        "tallies": kind_counts(),
        "summary": summary_table(),
        "notes": [markdown.inline(note) for note in list_notes()],
    }
    return render(request, "catalog/about.html", context)


def kind_counts() -> list[KindCount]:
    """How many entries there are of each kind."""
    counted = totals()
    return [KindCount(kind, counted[kind.name]) for kind in KINDS.values()]


def released_models() -> Timeline:
    """The newest models whose month of release is known, on a true scale."""
    rows = Paper.objects.filter(released__regex=r"^\d{4}-\d{2}").order_by("-released", "slug")
    return timeline(
        [
            (row.name, row.get_absolute_url(), row.released)
            for row in rows.only("name", "slug", "released")[:ON_THE_TIMELINE]
        ]
    )
