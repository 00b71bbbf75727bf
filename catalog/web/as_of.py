"""An entry as of a past time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import Kind
from catalog.ledger.blame import blame
from catalog.ledger.history import as_of
from catalog.ledger.merges import live_entry
from catalog.ledger.payloads import readable_payload
from catalog.listing.fields import MomentField
from catalog.models import REMOVED_ACTIONS, Revision, RevisionAction
from catalog.reading.values import SHOWN_ELSEWHERE, facts_of, names_for_payloads, sources_by_field
from catalog.text.dates import is_end_of_day, moment_words, partial_date
from catalog.web.entry_lookup import EntryMoved, ledger_entry_of, retired_page
from catalog.web.parameters import BadQuery, bad_query


def entry_as_of(request: HttpRequest, kind: Kind, slug: str, text: str) -> HttpResponse:
    """Show the entry as of a time, even if it was retired or merged since; redirect to the present page if the time is
    not past.

    Answer 400 if `text` is neither a day, which means its end, nor a time. Raises EntryMoved, also for an entry that
    was merged by then, and Http404 for a time before the entry's first revision.
    """
    try:
        moment: datetime = MomentField(end_of_day=True).clean([text])
    except ValidationError as error:
        return bad_query(request, BadQuery(f"as_of: {' '.join(error.messages)}"))
    if moment >= timezone.now():
        return redirect("catalog:detail", kind.plural, slug)
    entry = ledger_entry_of(kind, slug)
    revision = as_of(kind, entry.pk, moment)
    if revision is None:
        name, first = Revision.objects.of(kind.name, entry.pk).values_list("name", "at")[0]
        since = partial_date(first.date().isoformat()) if is_end_of_day(moment) else moment_words(first)
        raise Http404(f"{name} is here since {since}, not on {moment_words(moment)}.")
    if revision.action == RevisionAction.MERGE and (into := live_entry(kind, revision.into_id)):
        raise EntryMoved(into.slug)
    if revision.action in REMOVED_ACTIONS:
        return retired_page(request, kind, revision)
    return render(request, "catalog/past.html", past_context(kind, revision, moment))


def past_context(kind: Kind, revision: Revision, moment: datetime) -> dict[str, object]:
    """Context of the page: the payload of that time, and nothing of today but the names of entries it refers to."""
    earlier = list(Revision.objects.of(kind.name, revision.entry_id).filter(number__lte=revision.number))
    payload, damaged = readable_payload(revision)
    names = names_for_payloads(kind, payload)
    sources = sources_by_field(kind, blame(kind, earlier), names)
    return {
        "kind": kind,
        "revision": revision,
        "moment": moment,
        "present_url": reverse("catalog:detail", args=[kind.plural, revision.slug]),
        "payload": payload,
        "damaged": [kind.label_of(key) for key in damaged],
        "facts": facts_of(kind, payload, names, sources, skip=SHOWN_ELSEWHERE),
        "sources": sources,
    }
