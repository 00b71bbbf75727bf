"""The pages that roll back an account's contributions since a day: preview, and a second moderator's confirmation."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from accounts.rules import require_account
from background.models import Worker
from background.status import NO_WORKER
from submissions import rules, workflow
from submissions.rollbacks import Rollback, RollbackStatus
from submissions.workflow import WorkflowError

BUTTONS = {"confirm": workflow.confirm_rollback, "continue": workflow.continue_rollback}
"""What the buttons of a proposed rollback do, by their names; without one of these it is declined."""


def rollback(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the day, show what would be undone, then undo or propose it."""
    values = request.POST if request.method == "POST" else request.GET
    name = values.get("account", "").replace("\x00", "")
    account = get_user_model().objects.filter(username=name).first()
    since = _parse_day(values.get("since", ""))
    errors = []
    if values.get("account") and account is None:
        errors.append(f"There is no account “{values['account']}”.")
    if values.get("since") and since is None:
        errors.append("Write the day as 2026-01-31.")
    outcomes: Any = None
    if request.method == "POST" and account and since:
        try:
            outcomes = workflow.roll_back(
                account_id=account.pk, since=since, actor=require_account(request.user), reason=values.get("reason", "")
            )
        except WorkflowError as error:
            errors.append(str(error))
    if isinstance(outcomes, Rollback):
        return redirect("admin:submissions_proposed_rollback", outcomes.pk)
    revisions = workflow.revisions_since(account.pk, since) if account and since and outcomes is None else None
    context = {
        **admin.site.each_context(request),
        "title": "Roll back one account's work",
        "account": values.get("account", ""),
        "since": values.get("since", ""),
        "reason": values.get("reason", ""),
        "errors": errors,
        "revisions": revisions,
        "takes_two": bool(account and revisions and workflow.rollback_takes_two(account, revisions)),
        "unfinished": Rollback.objects.unfinished().select_related("account", "proposed_by"),
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/submissions/rollback.html", context, status=400 if errors else 200)


def proposed_rollback(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposed rollback with all that it would undo, then what became of it; confirm, decline or continue it."""
    rows = Rollback.objects.select_related("account", "proposed_by", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    error: WorkflowError | None = None
    if request.method == "POST":
        verb = next((verb for name, verb in BUTTONS.items() if name in request.POST), workflow.decline_rollback)
        try:
            verb(rollback=row, actor=require_account(request.user))
        except WorkflowError as refusal:
            error, row = refusal, rows.get(pk=pk)
        else:
            return redirect("admin:submissions_proposed_rollback", pk)
    context = {
        **admin.site.each_context(request),
        "title": str(row),
        "rollback": row,
        "revisions": workflow.revisions_of(row),
        "can_confirm": rules.can_confirm_rollback(request.user, row),
        "can_decline": rules.can_decline_rollback(request.user, row),
        "is_own": row.proposed_by_id == request.user.pk,
        "error": error,
        **(_progress(row) if row.status == RollbackStatus.CONFIRMED else {}),
    }
    return TemplateResponse(request, "admin/submissions/proposed-rollback.html", context, status=409 if error else 200)


def _progress(rollback: Rollback) -> dict[str, Any]:
    """How far a confirmed rollback is, what became of each revision (what could not be undone comes first), and what it
    waits for."""
    outcomes = workflow.outcomes_of(rollback)
    refused = sum(bool(outcome.error_message) for outcome in outcomes)
    is_under_way = workflow.is_under_way(rollback)
    return {
        "outcomes": sorted(outcomes, key=lambda outcome: not outcome.error_message),
        "refused": refused,
        "undone": len(outcomes) - refused,
        "left": len(rollback.revisions) - len(outcomes),
        "is_under_way": is_under_way,
        "interrupted": workflow.tried_without_outcome(rollback),
        "stopped_by": workflow.reason_to_stop(rollback),
        "no_worker": "" if not is_under_way or Worker.objects.alive().exists() else NO_WORKER,
    }


def _parse_day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
