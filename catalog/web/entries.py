"""The page of an entry."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, Kind
from catalog.ledger.history import differences
from catalog.ledger.payloads import payload_of
from catalog.models import Revision
from catalog.reading.pages import surroundings_of
from catalog.reading.sources import marks_of
from catalog.reading.values import SHOWN_ELSEWHERE, facts_of, names_for_payloads, one_line_text
from catalog.web.as_of import entry_as_of, listed_fields
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.log_lines import MINOR_FIELDS


@entry_view
def entry_detail(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """Show an entry with its sources and what refers to it; with ?as_of= as it was at that time."""
    kind = BY_PLURAL[plural]
    if day := request.GET.get("as_of"):
        return entry_as_of(request, kind, slug, day)
    entry = entry_of(kind, slug)
    revisions = list(Revision.objects.of(kind.name, entry.pk).defer("snapshot"))
    newest = list(Revision.objects.of(kind.name, entry.pk).filter(number__gte=len(revisions) - 1))
    payload = payload_of(newest[-1])
    names = names_for_payloads(kind, payload)
    if entry.section:
        names["section", entry.section.slug] = str(entry.section)
    only_listed = listed_fields(revisions)
    marks = {key: marks_of(key, payload["sources"], key in only_listed) for key in payload}
    context: dict[str, Any] = {
        "kind": kind,
        "entry": entry,
        "payload": payload,
        "facts": facts_of(kind, payload, names, only_listed, skip=SHOWN_ELSEWHERE | kind.shown_elsewhere),
        "marks": marks,
        "revision": newest[-1],
        "changes": last_changes(kind, newest, names),
        "revision_count": len(revisions),
        "contributors": list(dict.fromkeys(revision.contributor for revision in reversed(revisions))),
        **surroundings_of(kind)(entry, marks),
    }
    return render(request, [f"kinds/{kind.name}/page.html", "catalog/detail.html"], context)


def last_changes(kind: Kind, newest: list[Revision], names: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """The changes of the newest revision in short; none for a first revision."""
    if len(newest) < 2:
        return []
    return [
        {
            "label": change.label,
            "before": one_line_text(kind, change.field, change.before, names),
            "after": one_line_text(kind, change.field, change.after, names),
        }
        for change in sorted(differences(kind, newest[0], newest[1]), key=lambda change: change.field in MINOR_FIELDS)
        if change.field != "sources"
    ]
