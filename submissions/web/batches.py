"""A whole list at once: read, compared, chosen from, and then one proposal an entry under one batch."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.rules import can_moderate, require_account
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.intake.batch import AGAIN, DIFFERS, NEW, SAME, UNREADABLE, Compared, compare
from submissions.intake.drafts import Draft
from submissions.intake.lists import read_many
from submissions.limits import limit_posts
from submissions.models import Batch
from submissions.states import Status
from submissions.web.signing_in import signed_in
from submissions.workflow import Outcome, Target

MOST_BYTES = 1_000_000
MOST_ENTRIES = 2_000
A_PAGE = 100
TOLD = 20
GROUPS = {
    NEW: "New",
    DIFFERS: "Says something else",
    UNREADABLE: "Could not be read",
    AGAIN: "Twice in the list",
    SAME: "There already",
}
TAKEN = (NEW, DIFFERS)


@dataclass(frozen=True)
class Row:
    """One entry of the list as the preview shows it; `number` is its place among all that was read."""

    number: int
    one: Compared
    taken: bool
    fields: str


@dataclass(frozen=True)
class Group:
    """The rows of one state; those that can be taken stand open."""

    state: str
    title: str
    rows: list[Row]

    @property
    def takes(self) -> bool:
        return self.state in TAKEN


@signed_in
@limit_posts("paste")
def new_batch(request: HttpRequest) -> HttpResponse:
    """Paste or upload a list, see what is new, there already, different or unreadable, then submit what is ticked."""
    if not request.POST and not request.FILES:
        return render(request, "submissions/new_batch.html", {"may": rules.can_submit(request.user)})
    text, called, trouble = _given(request)
    found = [] if trouble else compare(read_many(text))
    if not trouble and not found:
        trouble = "Nothing in it looks like an entry of a list or of a BibTeX file."
    if len(found) > MOST_ENTRIES:
        trouble = f"That is {len(found):,} entries, more than {MOST_ENTRIES:,}: bring it in parts."
    name = request.POST.get("name", called).strip()
    source = request.POST.get("source", "").strip()
    context: dict[str, Any] = {"text": text, "name": name, "source": source, "trouble": trouble}
    context["may"] = rules.can_submit(request.user)
    if trouble:
        return render(request, "submissions/new_batch.html", context, status=400)
    chosen = set(request.POST.getlist("take")) if "chosen" in request.POST else None
    submitted = request.method == "POST" and "submit" in request.POST and chosen is not None
    errors = _missing(name, source, chosen or set()) if submitted else {}
    if submitted and not errors:
        taken = [one for number, one in enumerate(found) if str(number) in (chosen or ())]
        return _submit(request, taken, name, source)
    context |= {"groups": _groups(found, chosen), "errors": errors, "count": len(found)}
    return render(request, "submissions/new_batch.html", context, status=400 if errors else 200)


def _given(request: HttpRequest) -> tuple[str, str, str]:
    """The list that was pasted or uploaded, what it may be called, and what is wrong with it."""
    upload = request.FILES.get("file")
    too_large = f"That is more than {MOST_BYTES // 1000:,} kilobytes: bring it in parts."
    if upload is None:
        text = request.POST.get("text", "")
        if len(text.encode()) > MOST_BYTES:
            return "", "", too_large
        return text, "A pasted list", "" if text.strip() else "Paste a list, or pick a file."
    if (upload.size or 0) > MOST_BYTES:
        return "", "", too_large
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", "", "The file is not text in UTF-8."
    return text, (upload.name or "")[:200], "" if text.strip() else "The file is empty."


def _missing(name: str, source: str, chosen: set[str]) -> dict[str, str]:
    """What a batch still needs, by field."""
    sentences = {
        "name": "" if name else "Give the batch a name, for you and for the reviewers.",
        "source": "" if source else "Say where the list stands: an address, or words that lead there.",
        "take": "" if chosen else "Tick at least one entry.",
    }
    if len(source) > workflow.SOURCE_LENGTH:
        sentences["source"] = f"At most {workflow.SOURCE_LENGTH} characters."
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _groups(found: list[Compared], chosen: set[str] | None) -> list[Group]:
    """What was read by what the catalogue says to it; all that can be taken is ticked until somebody chose."""
    rows = [
        Row(number, one, one.state in TAKEN if chosen is None else str(number) in chosen, _labels(one))
        for number, one in enumerate(found)
    ]
    groups = [Group(state, title, [row for row in rows if row.one.state == state]) for state, title in GROUPS.items()]
    return [group for group in groups if group.rows]


def _labels(one: Compared) -> str:
    """The labels of the fields that differ."""
    return ", ".join(KINDS[one.read.kind].label_of(key) for key in one.keys) if isinstance(one.read, Draft) else ""


def _submit(request: HttpRequest, taken: list[Compared], name: str, source: str) -> HttpResponse:
    items = [
        (KINDS[one.read.kind], one.payload, Target.live(one.entry) if one.entry else None)
        for one in taken
        if isinstance(one.read, Draft) and one.state in TAKEN
    ]
    batch, outcomes = workflow.submit_batch(author=require_account(request.user), name=name, items=items, source=source)
    _tell(request, outcomes)
    return redirect("submissions:batch", batch.pk)


def _tell(request: HttpRequest, outcomes: list[Outcome]) -> None:
    refused = [outcome for outcome in outcomes if outcome.trouble]
    done = len(outcomes) - len(refused)
    if done:
        words = f"Thank you. {done:,} proposal{' is' if done == 1 else 's are'} in the queue."
        messages.success(request, words, extra_tags=f"{request.user.pk}/batch")
    for outcome in refused[:TOLD]:
        messages.error(request, f"{outcome.subject}: {outcome.trouble}")
    if len(refused) > TOLD:
        messages.error(request, f"{len(refused) - TOLD:,} more were refused, most likely for the same reasons.")


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
