"""Batches: paste or upload a list, select entries, submit one proposal for each."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.confirming import require_second_factor
from accounts.methods import accepts
from accounts.rules import can_moderate, require_account
from accounts.words import is_blank
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.intake.batch import ComparedDraft, State, compare_with_catalogue
from submissions.intake.drafts import Draft, ParsedItem
from submissions.intake.list_base import base_in_layouts
from submissions.intake.lists import read_many
from submissions.intake.merging import Change, in_words
from submissions.limits import limit_posts
from submissions.models import Batch, Proposal, ProposalAction
from submissions.review_tables import ProposalTable, proposal_table
from submissions.states import Status
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import Outcome, Target

MAX_BYTES = 1_000_000
MAX_ENTRIES = 2_000
PAGE_SIZE = 100
MAX_MESSAGES = 20
GROUP_TITLES = {
    State.NEW: "New",
    State.DIFFERS: "Says something else",
    State.CONFLICT: "Changed in the list and in the catalogue",
    State.QUESTION: "There under another name?",
    State.UNREADABLE: "Could not be read",
    State.REPEATED: "Twice in the list",
    State.REMOVED: "No longer in the list",
    State.BEHIND: "Changed in the catalogue since",
    State.SAME: "There already",
    State.SKIPPED: "Not entries",
}
SELECTABLE_STATES = (State.NEW, State.DIFFERS, State.CONFLICT, State.QUESTION)
PRESELECTED_STATES = (State.NEW, State.DIFFERS)


@dataclass(frozen=True)
class ShownConflict:
    """The label of a field, and its values in words."""

    label: str
    listed: str
    live: str
    base: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview; `number` is its position in the list, `fields` the labels of the fields that differ, and
    `conflicts` the values of those that list and catalogue changed."""

    number: int
    draft: ComparedDraft
    selected: bool
    fields: str
    conflicts: list[ShownConflict]


@dataclass(frozen=True)
class PreviewGroup:
    """The rows of one state."""

    state: str
    title: str
    rows: list[PreviewRow]

    @property
    def selectable(self) -> bool:
        """Whether its rows can be submitted; such groups are shown open."""
        return self.state in SELECTABLE_STATES


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("paste")
def new_batch(request: HttpRequest) -> HttpResponse:
    """Paste or upload a list, see which entries are new, different or unreadable, and submit the selected ones."""
    if not request.POST and not request.FILES:
        return render(request, "submissions/new_batch.html", {"can_submit": rules.can_submit(request.user)})
    text, default_name, error = _read_upload(request)
    items = [] if error else read_many(text)  # what is pasted on the page of one thing is read alike
    count = sum(isinstance(item, Draft) for item in items)
    if not error and not items:
        error = "Nothing in it looks like an entry of a list or of a BibTeX file."
    if count > MAX_ENTRIES:
        error = f"That is {count:,} entries, more than {MAX_ENTRIES:,}: bring it in parts."
    name = request.POST.get("name", default_name).strip()
    source = request.POST.get("source", "").strip()
    context: dict[str, Any] = {"text": text, "name": name, "source": source, "error": error}
    context["can_submit"] = rules.can_submit(request.user)
    if error:
        return render(request, "submissions/new_batch.html", context, status=400)
    compared = compare_with_catalogue(items, base_in_layouts(text))
    chosen = set(request.POST.getlist("take")) if "chosen" in request.POST else None
    submitted = request.method == "POST" and "submit" in request.POST and chosen is not None
    errors = _form_errors(name, source, chosen or set()) if submitted else {}
    if submitted and not errors:
        selected = [draft for number, draft in enumerate(compared) if str(number) in (chosen or ())]
        return _submit(request, selected, name, source)
    context |= {"groups": _groups(compared, chosen), "errors": errors, "count": count}
    context["error"] = "" if count else "Nothing in it was read as an entry: below is why."
    return render(request, "submissions/new_batch.html", context, status=200 if count and not errors else 400)


def batch_preview(request: HttpRequest, items: list[ParsedItem], text: str) -> HttpResponse:
    """The preview of a batch that was pasted where one thing is expected."""
    context = {
        "text": text,
        "name": "Pasted lines",
        "source": "",
        "can_submit": rules.can_submit(request.user),
        "groups": _groups(compare_with_catalogue(items), None),
        "count": sum(isinstance(item, Draft) for item in items),
    }
    return render(request, "submissions/new_batch.html", context)


def _read_upload(request: HttpRequest) -> tuple[str, str, str]:
    """The pasted or uploaded text, a default name for the batch, and an error message if there is one."""
    upload = request.FILES.get("file")
    too_large = f"That is more than {MAX_BYTES // 1000:,} kilobytes: bring it in parts."
    if upload is None:
        text = request.POST.get("text", "")
        if len(text.encode()) > MAX_BYTES:
            return "", "", too_large
        return text, "A pasted list", "" if text.strip() else "Paste a list, or pick a file."
    if (upload.size or 0) > MAX_BYTES:
        return "", "", too_large
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", "", "The file is not text in UTF-8."
    return text, (upload.name or "")[:200], "" if text.strip() else "The file is empty."


def _form_errors(name: str, source: str, chosen: set[str]) -> dict[str, str]:
    """The errors of the form, by field."""
    sentences = {
        "name": workflow.batch_name_error(name) if name else "Give the batch a name, for you and for the reviewers.",
        "source": "Say where the list stands: an address, or words that lead there." if is_blank(source) else "",
        "take": "" if chosen else "Tick at least one entry.",
    }
    if len(source) > workflow.SOURCE_LENGTH:
        sentences["source"] = f"At most {workflow.SOURCE_LENGTH} characters."
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _groups(compared: list[ComparedDraft], chosen: set[str] | None) -> list[PreviewGroup]:
    """The entries grouped by how they compare with the catalogue; all are preselected but open questions."""
    rows = [
        PreviewRow(
            number,
            draft,
            draft.state in PRESELECTED_STATES if chosen is None else str(number) in chosen,
            _labels(draft),
            _conflicts(draft),
        )
        for number, draft in enumerate(compared)
    ]
    groups = [
        PreviewGroup(state, title, [row for row in rows if row.draft.state == state])
        for state, title in GROUP_TITLES.items()
    ]
    return [group for group in groups if group.rows]


def _labels(draft: ComparedDraft) -> str:
    """The labels of the fields that differ."""
    parsed = draft.parsed
    return ", ".join(KINDS[parsed.kind].label_of(key) for key in draft.fields) if isinstance(parsed, Draft) else ""


def _conflicts(draft: ComparedDraft) -> list[ShownConflict]:
    parsed = draft.parsed
    return [
        ShownConflict(
            KINDS[parsed.kind].label_of(one.key), in_words(one.listed), in_words(one.live), in_words(one.base)
        )
        for one in draft.changes
        if isinstance(parsed, Draft) and one.change == Change.BOTH
    ]


def _submit(request: HttpRequest, selected: list[ComparedDraft], name: str, source: str) -> HttpResponse:
    items = [
        (KINDS[draft.parsed.kind], draft.payload, Target.live(draft.entry) if draft.entry else None)
        for draft in selected
        if isinstance(draft.parsed, Draft) and draft.state in SELECTABLE_STATES
    ]
    batch, outcomes = workflow.submit_batch(author=require_account(request.user), name=name, items=items, source=source)
    add_messages(request, outcomes, about="batch")
    return redirect("submissions:batch", batch.pk)


def add_messages(request: HttpRequest, outcomes: list[Outcome], *, about: str) -> None:
    """Say how many proposals are in the queue, and what was refused and why. `about` names the form whose unsent work
    the browser can delete now."""
    refused = [outcome for outcome in outcomes if outcome.error_message]
    accepted = len(outcomes) - len(refused)
    if accepted:
        sentence = f"Thank you. {accepted:,} proposal{' is' if accepted == 1 else 's are'} in the queue."
        messages.success(request, sentence, extra_tags=f"{request.user.pk}/{about}")
    for outcome in refused[:MAX_MESSAGES]:
        messages.error(request, f"{outcome.subject}: {outcome.error_message}")
    if len(refused) > MAX_MESSAGES:
        messages.error(request, f"{len(refused) - MAX_MESSAGES:,} more were refused, most likely for the same reasons.")


@login_required
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposals of a batch by status, for its author and for moderators."""
    shown_batch = Batch.objects.select_related("author").filter(pk=pk).first()
    if shown_batch is None or not (shown_batch.author_id == request.user.pk or can_moderate(request.user)):
        require_second_factor(request)
        raise Http404("There is no such batch, or it is not yours.")
    counted = dict(shown_batch.proposals.order_by().values_list("status").annotate(n=Count("pk")))
    counts = [(label, counted[value]) for value, label in Status.choices if value in counted]
    page = Paginator(shown_batch.proposals.order_by("pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"batch": shown_batch, "page": page, "counts": counts, "table": _table(list(page))}
    return render(request, "submissions/batch.html", context)


def _table(proposals: list[Proposal]) -> ProposalTable | None:
    """The proposals of a page as a table; None unless all are new entries of one kind that has one."""
    kinds = {proposal.kind for proposal in proposals}
    if len(kinds) != 1 or any(one.action != ProposalAction.CREATE or one.additions for one in proposals):
        return None
    return proposal_table(KINDS[kinds.pop()], proposals)
