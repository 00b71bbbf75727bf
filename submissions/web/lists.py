"""Bring a list: paste or upload it, select entries, submit one proposal for each."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.methods import accepts
from accounts.rules import require_account
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.forms import ints_from_post
from submissions.intake.batch import (
    PRESELECTED_STATES,
    SELECTABLE_STATES,
    ComparedDraft,
    ListRefused,
    State,
    count_entries,
    read_and_compare,
)
from submissions.intake.drafts import Draft
from submissions.intake.lists import MAX_BYTES, MAX_ENTRIES, TOO_LARGE
from submissions.intake.merging import Change, in_words
from submissions.limits import limit_posts
from submissions.list_imports import ListImport
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import Invalid, NotAllowed, WorkflowError

TEMPLATE = "submissions/new_batch.html"
PART_SIZE = 250
"""How many rows of a group are shown at once; the others are folded, as many at a time."""
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
LIMITS = {"max_megabytes": MAX_BYTES // 1_000_000, "max_entries": MAX_ENTRIES, "max_here": workflow.MAX_HERE}
OPEN_STATES = (*SELECTABLE_STATES, State.UNREADABLE, State.REMOVED)
SENT_BEFORE = "You have sent exactly this before. It is here, and nothing was sent again."


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
        """Whether its rows can be submitted."""
        return self.state in SELECTABLE_STATES

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: what can be submitted, what could not be read, and what has left the list."""
        return self.state in OPEN_STATES

    @property
    def parts(self) -> list[list[PreviewRow]]:
        """The rows in parts of PART_SIZE."""
        return [self.rows[start : start + PART_SIZE] for start in range(0, len(self.rows), PART_SIZE)]


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("paste")
def new_batch(request: HttpRequest) -> HttpResponse:
    """Paste or upload a list, see which entries are new, different or unreadable, and submit the selected ones."""
    context: dict[str, Any] = {"can_submit": rules.can_submit(request.user), **LIMITS}
    if not request.POST and not request.FILES:
        return render(request, TEMPLATE, context)
    text, default_name, error = _read_upload(request)
    name = request.POST.get("name", default_name).strip()
    source = request.POST.get("source", "").strip()
    context |= {"text": text, "name": name, "source": source, "error": error}
    if error:
        return render(request, TEMPLATE, context, status=400)
    chosen = ints_from_post(request.POST, "take") if "chosen" in request.POST else None
    status = 200
    if request.method == "POST" and "submit" in request.POST and chosen is not None:
        try:
            return _submit(request, name=name, source=source, text=text, chosen=chosen)
        except Invalid as refusal:
            context["errors"], status = {field: found[0] for field, found in refusal.errors.items()}, 400
        except WorkflowError as refusal:
            context["refusal"], status = str(refusal), 403 if isinstance(refusal, NotAllowed) else 409
    try:
        compared = read_and_compare(text)
    except ListRefused as refusal:
        return render(request, TEMPLATE, {**context, "error": str(refusal)}, status=400)
    context |= _preview(compared, chosen)
    return render(request, TEMPLATE, context, status=status if context["count"] else 400)


def batch_preview(request: HttpRequest, text: str) -> HttpResponse:
    """The preview of a batch that was pasted where one thing is expected; it is read as it will be when it is sent."""
    context = {
        "text": text,
        "name": "Pasted lines",
        "source": "",
        "can_submit": rules.can_submit(request.user),
        **LIMITS,
    }
    return render(request, TEMPLATE, {**context, **_preview(read_and_compare(text), None)})


def _preview(compared: list[ComparedDraft], chosen: set[int] | None) -> dict[str, Any]:
    count = count_entries(compared)
    error = "" if count else "Nothing in it was read as an entry: below is why."
    return {"groups": _groups(compared, chosen), "count": count, "error": error}


def _read_upload(request: HttpRequest) -> tuple[str, str, str]:
    """The pasted or uploaded text, a default name for the batch, and an error message if there is one."""
    upload = request.FILES.get("file")
    if upload is None:
        text = request.POST.get("text", "")
        return text, "A pasted list", "" if text.strip() else "Paste a list, or pick a file."
    if (upload.size or 0) > MAX_BYTES:
        return "", "", TOO_LARGE
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", "", "The file is not text in UTF-8."
    return text, (upload.name or "")[:200], "" if text.strip() else "The file is empty."


def _groups(compared: list[ComparedDraft], chosen: set[int] | None) -> list[PreviewGroup]:
    """The entries grouped by how they compare with the catalogue; all are preselected but open questions."""
    groups = {state: PreviewGroup(state, title, []) for state, title in GROUP_TITLES.items()}
    for number, draft in enumerate(compared):
        selected = draft.state in PRESELECTED_STATES if chosen is None else number in chosen
        groups[draft.state].rows.append(PreviewRow(number, draft, selected, _labels(draft), _conflicts(draft)))
    return [group for group in groups.values() if group.rows]


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


def _submit(request: HttpRequest, **given: Any) -> HttpResponse:
    """Submit what is ticked and show its batch. Raises WorkflowError."""
    list_import, is_new = workflow.import_list(author=require_account(request.user), **given)
    if is_new:
        if thanks := _thanks(list_import):
            messages.success(request, thanks, extra_tags=f"{request.user.pk}/batch")
    else:
        messages.info(request, SENT_BEFORE)
    return redirect("submissions:batch", list_import.batch_id)


def _thanks(list_import: ListImport) -> str:
    """What is said when it was sent; "" if nothing of it was accepted."""
    if not list_import.finished_at:
        return "Thank you. It is kept, and is being submitted: you can leave this page."
    accepted = list_import.rows.submitted().count()
    return f"Thank you. {accepted:,} proposal{' is' if accepted == 1 else 's are'} in the queue." if accepted else ""
