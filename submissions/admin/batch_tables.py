"""The review of a batch as one table: a decision for each row or for all, sent once, each carried out by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from accounts.rules import require_account
from accounts.words import is_blank
from submissions import rules, workflow
from submissions.admin.bulk import with_posted_version
from submissions.bulk_decisions import BulkDecision
from submissions.models import Batch, Proposal
from submissions.review_tables import (
    MAX_ROWS,
    ProposalTable,
    TableRow,
    kind_with_table,
    proposal_table,
    shown_in_tables,
)
from submissions.states import OPEN, Status
from submissions.verbs import APPROVE, REJECT, REQUEST_CHANGES
from submissions.verbs.definitions import Verb
from submissions.workflow import Chosen, Outcome

DECISIONS = (APPROVE, REJECT, REQUEST_CHANGES)
"""What can be decided of a row; what is left waits."""
LABELS = {APPROVE.name: "Approve", REJECT.name: "Reject", REQUEST_CHANGES.name: "Ask", "": "Leave"}
ALL_PLAIN = "plain"
FIELD = "decision-"


@dataclass(frozen=True)
class Decision:
    """What a moderator chose for a row."""

    verb: Verb
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    """A decision that a row offers."""

    value: str
    label: str
    checked: bool
    disabled: bool


@dataclass(frozen=True)
class DecidedRow:
    """A row of the page: its choices, and why none of them can be made, or "". `why` is what was posted as reason."""

    row: TableRow
    choices: list[Choice]
    closed: str
    why: str
    error: str


def review_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the open proposals of a batch as rows; carry out the posted decisions and say what became of each."""
    batch = get_object_or_404(Batch.objects.select_related("author"), pk=pk)
    table = _table(batch, decided_ids(request))
    if table is None:
        raise Http404("Nothing of this batch waits for review as a table.")
    if request.method != "POST":
        return _render(request, batch, table, suggested(request, table))
    decisions = posted(request, table)
    errors = _errors(decisions)
    if errors or "preview" in request.POST:
        return _render(request, batch, table, decisions, errors)
    decision = carry_out(request, table, decisions)
    if not decision.finished_at:
        return redirect("admin:submissions_decision", decision.pk)
    return _render_outcomes(request, batch, decision)


def decided_ids(request: HttpRequest) -> set[int]:
    """The proposals that a posted page decides on: somebody else may have closed them meanwhile, which is told."""
    keys = [key.removeprefix(FIELD) for key, value in request.POST.items() if key.startswith(FIELD) and value]
    return {int(key) for key in keys[:MAX_ROWS] if key.isascii() and key.isdigit() and len(key) < 10}


def _table(batch: Batch, also: Collection[int]) -> ProposalTable | None:
    """The open proposals of a batch, and these, as a table; None if there are none that have one."""
    proposals = shown_in_tables(batch.proposals.filter(Q(status__in=OPEN) | Q(pk__in=also)))
    kind = kind_with_table(proposals)
    if kind is None:
        return None
    rows = proposals.filter(kind=kind.name).select_related("author", "batch", "claimed_by", "seconded_by")
    return proposal_table(kind, list(rows.order_by("pk")[:MAX_ROWS]))


def suggested(request: HttpRequest, table: ProposalTable) -> dict[int, Decision]:
    """What the page suggests: to approve what nothing speaks against. What contradicts the record stays undecided."""
    return {
        row.proposal.pk: Decision(APPROVE)
        for row in table.rows
        if row.shown.state.is_plain and not closed(request, row.proposal)
    }


def posted(request: HttpRequest, table: ProposalTable) -> dict[int, Decision]:
    """The decisions of a posted page; rows without one are left, and so are those that the page did not show, of which
    it has no version. With “all”, those that nothing speaks against are approved unless the page says otherwise of
    them, and the others are left."""
    verbs = {verb.name: verb for verb in DECISIONS}
    common = request.POST.get("reason", "").strip()
    decisions = {}
    for row in table.rows:
        pk = row.proposal.pk
        if f"version-{pk}" not in request.POST:
            continue
        name = request.POST.get(f"{FIELD}{pk}", "")
        if request.POST.get("all") == ALL_PLAIN:
            plain = row.shown.state.is_plain and name in ("", APPROVE.name) and not closed(request, row.proposal)
            name = APPROVE.name if plain else ""
        if verb := verbs.get(name):
            own = request.POST.get(f"reason-{pk}", "").strip()
            decisions[pk] = Decision(verb, common if is_blank(own) else own)
    return decisions


def closed(request: HttpRequest, proposal: Proposal) -> str:
    """Why this moderator cannot decide on a proposal, or ""."""
    if rules.is_author(request.user, proposal):
        return "Your own: somebody else decides."
    if proposal.status != Status.PENDING:
        return f"{proposal.get_status_display()}."
    return "" if rules.can_decide(request.user, proposal) else "You cannot decide on it."


def carry_out(request: HttpRequest, table: ProposalTable, decisions: Mapping[int, Decision]) -> BulkDecision:
    """Carry out each decision in its own transaction, at the version that the page showed, in the order of the rows."""
    chosen = [
        Chosen(
            with_posted_version(row.proposal, request),
            decision.verb,
            decision.reason if decision.verb.needs_message else "",
        )
        for row in table.rows
        if (decision := decisions.get(row.proposal.pk))
    ]
    return workflow.decide_many(actor=require_account(request.user), chosen=chosen)


def _errors(decisions: Mapping[int, Decision]) -> dict[int, str]:
    """The decisions that need a reason and have none, by proposal."""
    return {
        pk: "Say why: its author reads it."
        for pk, decision in decisions.items()
        if decision.verb.needs_message and is_blank(decision.reason)
    }


def _render(
    request: HttpRequest,
    batch: Batch,
    table: ProposalTable,
    decisions: Mapping[int, Decision],
    errors: Mapping[int, str] = MappingProxyType({}),
) -> HttpResponse:
    approved = {pk for pk, decision in decisions.items() if decision.verb is APPROVE}
    context = {
        **admin.site.each_context(request),
        "title": str(batch),
        "batch": batch,
        "table": table,
        "rows": [_decided(request, row, decisions.get(row.proposal.pk), errors) for row in table.rows],
        "boards": table.boards(approved),
        "counts": _counts(table.rows),
        "others": batch.proposals.open().count() - sum(row.proposal.is_open for row in table.rows),
        "presets": REJECT.presets,
        "reason": request.POST.get("reason", ""),
        "errors": errors,
        "plain": ALL_PLAIN,
    }
    template = "admin/submissions/batch_table.html"
    return TemplateResponse(request, template, context, status=400 if errors else 200)


def _decided(request: HttpRequest, row: TableRow, decision: Decision | None, errors: Mapping[int, str]) -> DecidedRow:
    proposal, chosen = row.proposal, decision.verb.name if decision else ""
    why_closed = closed(request, proposal)
    refused = not row.shown.state.can_be_approved or rules.has_agreed(request.user, proposal)
    names = ("", *(verb.name for verb in DECISIONS))
    choices = [
        Choice(name, LABELS[name], name == chosen, refused and name == APPROVE.name) for name in (*names[1:], "")
    ]
    why = request.POST.get(f"reason-{proposal.pk}", "")
    return DecidedRow(row, choices, why_closed, why, errors.get(proposal.pk, ""))


def _counts(rows: Sequence[TableRow]) -> list[tuple[str, int]]:
    """How many rows are in each state."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.shown.state.value] = counts.get(row.shown.state.value, 0) + 1
    return list(counts.items())


def _render_outcomes(request: HttpRequest, batch: Batch, decision: BulkDecision) -> HttpResponse:
    """The page that says of each decided row what became of it."""
    told = [(outcome, verb, _said(verb, outcome)) for verb, outcome in workflow.decided_rows(decision)]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{sum(not outcome.error_message for outcome, _, _ in told)} of {len(told)} decided",
        "batch": batch,
        "told": told,
        "refused": sum(bool(outcome.error_message) for outcome, _, _ in told),
        "waiting": batch.proposals.pending().count(),
    }
    return TemplateResponse(request, "admin/submissions/batch_table_outcomes.html", context)


def _said(verb: Verb, outcome: Outcome) -> str:
    """What became of a decision, in words."""
    if outcome.error_message:
        return outcome.error_message
    if workflow.is_agreement(verb, outcome):
        return "You agree; another moderator has to agree as well."
    return f"{verb.done}."
