"""The page that rolls back an account's contributions since a day, with a preview."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.rules import require_account
from submissions import workflow
from submissions.workflow import WorkflowError


def rollback(request: HttpRequest) -> HttpResponse:
    """Ask for the account and the day, show what would be undone, then undo it."""
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
    context = {
        **admin.site.each_context(request),
        "title": "Roll back one account's work",
        "account": values.get("account", ""),
        "since": values.get("since", ""),
        "reason": values.get("reason", ""),
        "errors": errors,
        "revisions": workflow.revisions_since(account.pk, since) if account and since and outcomes is None else None,
        "outcomes": outcomes,
    }
    return TemplateResponse(request, "admin/submissions/rollback.html", context, status=400 if errors else 200)


def _parse_day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
