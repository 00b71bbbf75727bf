"""A whole list at once: read, compared, chosen from, and then one proposal an entry under one batch."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.rules import can_moderate
from catalog.history import label_of
from catalog.kinds import KINDS
from submissions import workflow
from submissions.intake.batch import DIFFERS, NEW, Compared, compare
from submissions.intake.drafts import Draft
from submissions.intake.lists import read_many
from submissions.limits import limited
from submissions.models import Batch
from submissions.states import Status
from submissions.workflow import Target

MOST_BYTES = 2_000_000
MOST_ENTRIES = 2_000
A_PAGE = 100
TAKEN = frozenset({NEW, DIFFERS})


@login_required
@limited("paste")
def new_batch(request: HttpRequest) -> HttpResponse:
    """Paste or upload a list, see what is new, there already, different or unreadable, then submit what is ticked."""
    if request.method != "POST":
        return render(request, "submissions/new_batch.html", {})
    text, trouble = _text(request)
    found = [] if trouble else compare(read_many(text))
    if not trouble and not found:
        trouble = "Nothing in it looks like an entry of a list or of a BibTeX file."
    if len(found) > MOST_ENTRIES:
        trouble = f"That is more than {MOST_ENTRIES:,} entries; bring it in parts."
    name = request.POST.get("name", "").strip()
    source = request.POST.get("source", "").strip()
    context: dict[str, Any] = {"text": text, "name": name, "source": source, "trouble": trouble}
    if trouble:
        return render(request, "submissions/new_batch.html", context, status=400)
    chosen = set(request.POST.getlist("take"))
    if "submit" in request.POST:
        if name and source and chosen:
            return _submit(request, [one for one in found if str(one.read.line) in chosen], name, source)
        context["trouble"] = "Give the batch a name and a source, and tick at least one entry."
    rows = [(one, str(one.read.line) in chosen if chosen else one.state in TAKEN, _keys(one)) for one in found]
    counts = {state: sum(one.state == state for one in found) for state in ("new", "differs", "same", "again")}
    context |= {"rows": rows, "counts": counts, "unreadable": sum(one.state == "unreadable" for one in found)}
    return render(request, "submissions/new_batch.html", context, status=400 if context["trouble"] else 200)


def _submit(request: HttpRequest, taken: list[Compared], name: str, source: str) -> HttpResponse:
    items = [
        (KINDS[one.read.kind], one.payload, Target.live(one.entry) if one.entry else None)
        for one in taken
        if isinstance(one.read, Draft) and one.state in TAKEN
    ]
    batch, outcomes = workflow.submit_batch(author=request.user, name=name, items=items, source=source)
    done = sum(not outcome.trouble for outcome in outcomes)
    messages.success(request, f"Thank you. {done} proposals are in the queue.", extra_tags="batch")
    for outcome in outcomes:
        if outcome.trouble:
            messages.error(request, f"{outcome.subject}: {outcome.trouble}")
    return redirect("submissions:batch", batch.pk)


def _text(request: HttpRequest) -> tuple[str, str]:
    """The list that was pasted or uploaded, or what is wrong with it."""
    upload = request.FILES.get("file")
    if upload is None:
        text = request.POST.get("text", "")
        return text, "" if text.strip() else "Paste a list, or pick a file."
    if (upload.size or 0) > MOST_BYTES:
        return "", "The file is larger than two megabytes."
    try:
        return upload.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "The file is not text in UTF-8."


def _keys(one: Compared) -> str:
    """The labels of the fields that differ."""
    return ", ".join(label_of(KINDS[one.read.kind], key) for key in one.keys) if isinstance(one.read, Draft) else ""


@login_required
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each proposal of a batch: for its author and for moderators."""
    found = get_object_or_404(Batch.objects.select_related("author"), pk=pk)
    if found.author_id != request.user.pk and not can_moderate(request.user):
        raise Http404("There is no such batch, or it is not yours.")
    counted = dict(found.proposals.order_by().values_list("status").annotate(n=Count("pk")))
    counts = [(label, counted[value]) for value, label in Status.choices if value in counted]
    page = Paginator(found.proposals.order_by("pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "submissions/batch.html", {"batch": found, "page": page, "counts": counts})
