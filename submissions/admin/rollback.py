"""The pages that roll back an account's contributions since a day: preview, and a second moderator's confirmation."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from accounts.rules import require_account
from submissions import rules, workflow
from submissions.models import Rollback, RollbackStatus
from submissions.workflow import WorkflowError


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
        "waiting": Rollback.objects.filter(status=RollbackStatus.WAITING).select_related("account", "proposed_by"),
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/submissions/rollback.html", context, status=400 if errors else 200)


def proposed_rollback(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposed rollback with all that it would undo; confirm or decline it."""
    rows = Rollback.objects.select_related("account", "proposed_by", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    outcomes: Any = None
    error: WorkflowError | None = None
    if request.method == "POST":
        actor = require_account(request.user)
        try:
            if "confirm" in request.POST:
                outcomes = workflow.confirm_rollback(rollback=row, actor=actor)
            else:
                workflow.decline_rollback(rollback=row, actor=actor)
        except WorkflowError as refusal:
            error = refusal
        row = rows.get(pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": str(row),
        "rollback": row,
        "revisions": workflow.revisions_of(row),
        "can_confirm": rules.can_confirm_rollback(request.user, row),
        "can_decline": rules.can_decline_rollback(request.user, row),
        "is_own": row.proposed_by_id == request.user.pk,
        "error": error,
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/submissions/proposed-rollback.html", context, status=409 if error else 200)


def _parse_day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
