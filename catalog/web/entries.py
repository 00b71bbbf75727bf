"""The page of an entry."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, Kind
from catalog.ledger.blame import blame
from catalog.ledger.history import differences
from catalog.ledger.own_slugs import Slugs, own_slugs
from catalog.ledger.payloads import payload_of, readable_payload
from catalog.models import Revision
from catalog.reading.pages import surroundings_of
from catalog.reading.values import SHOWN_ELSEWHERE, facts_of, names_for_payloads, one_line_change, sources_by_field
from catalog.web.as_of import takes_as_of
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.log_lines import MINOR_FIELDS

SHORT_LINE = 80  # characters of a value beside the entry


@takes_as_of
@entry_view
def entry_detail(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """Show an entry with its sources and what refers to it."""
    kind = BY_PLURAL[plural]
    entry = entry_of(kind, slug)
    revisions = list(Revision.objects.of(kind.name, entry.pk))
    payload, damaged = readable_payload(revisions[-1])
    if damaged:
        payload |= {key: value for key, value in kind.dump(entry).items() if key in damaged}
    names = names_for_payloads(kind, payload)
    if entry.section:
        names["section", entry.section.slug] = str(entry.section)
    slugs = own_slugs((kind, payload_of(revision)) for revision in revisions)
    sources = sources_by_field(kind, blame(kind, revisions, slugs), names)
    around = surroundings_of(kind)(entry, sources)
    elsewhere = SHOWN_ELSEWHERE | kind.shown_elsewhere | around.get("in_sections", frozenset())
    context: dict[str, Any] = {
        "kind": kind,
        "entry": entry,
        "payload": payload,
        "damaged": [kind.label_of(key) for key in damaged],
        "facts": facts_of(kind, payload, names, sources, skip=elsewhere),
        "sources": sources,
        "revision": revisions[-1],
        "changes": last_changes(kind, revisions[-2:], slugs, names, damaged),
        "revision_count": len(revisions),
        "contributors": contributors_of(revisions),
        **around,
    }
    return render(request, [f"kinds/{kind.name}/page.html", "catalog/detail.html"], context)


def contributors_of(revisions: list[Revision]) -> list[str]:
    """Who changed an entry, the last one first; merging or restoring what it refers to does not count."""
    own = [revision.contributor for revision in reversed(revisions) if revision.part_of_id is None]
    return list(dict.fromkeys(own))


def last_changes(
    kind: Kind,
    newest: list[Revision],
    slugs: Slugs,
    names: dict[tuple[str, str], str],
    damaged: Sequence[str],
) -> list[dict[str, str]]:
    """The changes of the newest revision in short; none for a first revision, nor of damaged values. `slugs` are the
    `own_slugs` of both."""
    if len(newest) < 2:
        return []
    changes = differences(kind, newest[0], newest[1], slugs=slugs)
    lines = []
    for change in sorted(changes, key=lambda change: change.field in MINOR_FIELDS):
        if change.field not in ("sources", *damaged):
            before, after = one_line_change(kind, change, names, SHORT_LINE)
            lines.append({"label": change.label, "before": before, "after": after})
    return lines
