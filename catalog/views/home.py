"""The front page and the page about the portal."""

from dataclasses import dataclass

from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog import markdown
from catalog.exchange.awesome.queries import list_notes, summary_table
from catalog.kinds import KINDS, Kind
from catalog.models import Paper, Topic
from catalog.views.log import corrections
from catalog.views.timeline import Timeline, timeline

ON_THE_TIMELINE = 120
OPEN_PROBLEMS = 6


@dataclass(frozen=True)
class Tally:
    kind: Kind
    count: int


def home(request: HttpRequest) -> HttpResponse:
    """What is here, what was corrected lately, and where to go."""
    context = {
        "tallies": tallies(),
        "timeline": released_models(),
        "log": corrections(),
        "problems": Topic.objects.order_by("section__position", "position", "slug")[:OPEN_PROBLEMS],
    }
    return render(request, "catalog/home.html", context)


def about(request: HttpRequest) -> HttpResponse:
    """What the portal is and how to read it."""
    context = {
        "tallies": tallies(),
        "summary": summary_table(),
        "notes": [markdown.inline(note) for note in list_notes()],
    }
    return render(request, "catalog/about.html", context)


def tallies() -> list[Tally]:
    """How many entries there are of each kind, in one query."""
    counts = [
        kind.model.objects.order_by()
        .annotate(kind_name=Value(kind.name))
        .values_list("kind_name")
        .annotate(n=Count("pk"))
        for kind in KINDS.values()
    ]
    found = dict(counts[0].union(*counts[1:], all=True).order_by())
    return [Tally(kind, found.get(kind.name, 0)) for kind in KINDS.values()]


def released_models() -> Timeline:
    """The newest models whose month of release is known, on a true scale."""
    rows = Paper.objects.filter(released__regex=r"^\d{4}-\d{2}").order_by("-released", "slug")
    return timeline(
        [
            (row.name, row.get_absolute_url(), row.released)
            for row in rows.only("name", "slug", "released")[:ON_THE_TIMELINE]
        ]
    )
