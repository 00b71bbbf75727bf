"""An entry as it stood on a day."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.kinds import Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.history import as_of
from catalog.ledger.payloads import payload_of, readable_changes
from catalog.models import Revision, RevisionAction
from catalog.reading.sources import marks_of
from catalog.reading.values import SHOWN_ELSEWHERE, facts_of, names_for_payloads
from catalog.text.dates import partial_date
from catalog.web.fetch import EntryRetired, entry_of, retired_page


def entry_as_of(request: HttpRequest, kind: Kind, slug: str, text: str) -> HttpResponse:
    """The entry as it stood at the end of a day, also one that was retired since; the present page for today.

    400 where `text` is not a day (YYYY-MM-DD). Raises EntryMoved, and Http404 for a day before the entry's first
    revision.
    """
    day = day_of(text)
    if day is None:
        words = f"“{text[:40]}” is not a day. as_of takes one as 2025-03-31."
        return render(request, "400.html", {"told": words}, status=400)
    if day >= datetime.now(UTC).date():
        return redirect("catalog:detail", kind.plural, slug)
    try:
        entry_id = entry_of(kind, slug).pk
    except EntryRetired as retired:
        entry_id = retired.revision.entry_id
    revision = as_of(kind, entry_id, day)
    if revision is None:
        first = Revision.objects.of(kind.name, entry_id).values_list("name", "at")[0]
        raise Http404(
            f"{first[0]} is here since {partial_date(first[1].date().isoformat())}, not on {partial_date(str(day))}."
        )
    if revision.action == RevisionAction.RETIRE:
        return retired_page(request, kind, revision)
    return render(request, "catalog/past.html", past_context(kind, revision, day))


def day_of(text: str) -> date | None:
    """A day as YYYY-MM-DD; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None


def past_context(kind: Kind, revision: Revision, day: date) -> dict[str, object]:
    """What the page of a past day shows: the payload of that day, and nothing of today but the names it refers to."""
    earlier = list(
        Revision.objects.of(kind.name, revision.entry_id).filter(number__lte=revision.number).defer("snapshot")
    )
    payload, only_listed = payload_of(revision), listed_fields(earlier)
    return {
        "kind": kind,
        "revision": revision,
        "day": day,
        "now": reverse("catalog:detail", args=[kind.plural, revision.slug]),
        "payload": payload,
        "facts": facts_of(kind, payload, names_for_payloads(kind, payload), only_listed, skip=SHOWN_ELSEWHERE),
        "summary_marks": marks_of("summary", payload["sources"], "summary" in only_listed),
    }


def listed_fields(revisions: list[Revision]) -> set[str]:
    """The fields that nobody but the list has ever set: `revisions` is the whole history, oldest first."""
    last = {field: revision.contributor for revision in revisions for field in readable_changes(revision)}
    return {field for field, contributor in last.items() if contributor == LIST_ACCOUNT}
