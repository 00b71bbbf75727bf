"""An entry as of a past time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.history import as_of
from catalog.ledger.payloads import payload_of, readable_changes
from catalog.listing.fields import MomentField
from catalog.models import Revision, RevisionAction
from catalog.reading.sources import marks_of
from catalog.reading.values import SHOWN_ELSEWHERE, facts_of, names_for_payloads
from catalog.text.dates import is_end_of_day, moment_words, partial_date
from catalog.web.entry_lookup import EntryRetired, entry_of, retired_page
from catalog.web.parameters import BadQuery, bad_query


def entry_as_of(request: HttpRequest, kind: Kind, slug: str, text: str) -> HttpResponse:
    """Show the entry as of a time, even if it was retired since; redirect to the present page if the time is not past.

    Answer 400 if `text` is neither a day, which means its end, nor a time. Raises EntryMoved, and Http404 for a time
    before the entry's first revision.
    """
    try:
        moment: datetime = MomentField(end_of_day=True).clean([text])
    except ValidationError as error:
        return bad_query(request, BadQuery(f"as_of: {' '.join(error.messages)}"))
    if moment >= timezone.now():
        return redirect("catalog:detail", kind.plural, slug)
    try:
        entry_id = entry_of(kind, slug).pk
    except EntryRetired as retired:
        entry_id = retired.revision.entry_id
    revision = as_of(kind, entry_id, moment)
    if revision is None:
        name, first = Revision.objects.of(kind.name, entry_id).values_list("name", "at")[0]
        since = partial_date(first.date().isoformat()) if is_end_of_day(moment) else moment_words(first)
        raise Http404(f"{name} is here since {since}, not on {moment_words(moment)}.")
    if revision.action == RevisionAction.RETIRE:
        return retired_page(request, kind, revision)
    return render(request, "catalog/past.html", past_context(kind, revision, moment))


def past_context(kind: Kind, revision: Revision, moment: datetime) -> dict[str, object]:
    """Context of the page: the payload of that time, and nothing of today but the names of entries it refers to."""
    earlier = list(
        Revision.objects.of(kind.name, revision.entry_id).filter(number__lte=revision.number).defer("snapshot")
    )
    payload, only_listed = payload_of(revision), listed_fields(earlier)
    return {
        "kind": kind,
        "revision": revision,
        "moment": moment,
        "present_url": reverse("catalog:detail", args=[kind.plural, revision.slug]),
        "payload": payload,
        "facts": facts_of(kind, payload, names_for_payloads(kind, payload), only_listed, skip=SHOWN_ELSEWHERE),
        "summary_marks": marks_of("summary", payload["sources"], "summary" in only_listed),
    }


def listed_fields(revisions: list[Revision]) -> set[str]:
    """The fields that were last set by the seed list; `revisions` is the history, oldest first."""
    last = {field: revision.contributor for revision in revisions for field in readable_changes(revision)}
    return {field for field, contributor in last.items() if contributor == LIST_ACCOUNT}
