"""The pages of an account's webhooks: subscribe, see deliveries, redeliver, resume, delete."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.methods import accepts
from accounts.rules import can_contribute, require_account
from catalog.models import Revision
from submissions.notifications.webhooks import subscriptions
from submissions.notifications.webhooks.destination import BadDestination
from submissions.notifications.webhooks.forms import WebhookForm
from submissions.notifications.webhooks.models import Delivery, Webhook

PAGE_SIZE = 25


@login_required
@never_cache
@accepts("GET", "POST")
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the webhooks and create new ones. The secret is shown once, in the response to the POST."""
    if request.method == "POST" and not can_contribute(request.user):
        return render(request, "accounts/suspended.html", status=403)
    form = WebhookForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "can_contribute": can_contribute(request.user)}
    if request.method == "POST" and form.is_valid():
        try:
            context |= {
                "new_webhook": subscriptions.subscribe(owner=require_account(request.user), **form.subscription()),
                "form": WebhookForm(),
            }
        except (subscriptions.SubscriptionError, BadDestination) as error:
            form.add_error("url" if isinstance(error, BadDestination) else None, str(error))
    context["webhooks"] = Webhook.objects.filter(owner_id=request.user.pk)
    return render(request, "submissions/webhooks.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one webhook and its deliveries, newest first."""
    hook = _get_own_webhook(request, pk)
    page = Paginator(hook.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    changes = Revision.objects.defer("snapshot").in_bulk([row.revision_id for row in page if row.revision_id])
    rows = [(row, changes.get(row.revision_id or 0)) for row in page]
    return render(request, "submissions/webhook.html", {"webhook": hook, "page": page, "rows": rows})


@login_required
@accepts("POST")
def test_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message."""
    hook = _get_own_webhook(request, pk)
    return _run_and_redirect(request, hook, "A test is on its way.", subscriptions.send_test, webhook=hook)


@login_required
@accepts("POST")
def resume_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Resume a paused webhook."""
    hook = _get_own_webhook(request, pk)
    return _run_and_redirect(request, hook, "It goes on where it stood.", subscriptions.resume, webhook=hook)


@login_required
@accepts("POST")
def delete_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a webhook."""
    subscriptions.unsubscribe(webhook=_get_own_webhook(request, pk))
    messages.success(request, "The webhook is deleted.")
    return redirect("submissions:webhooks")


@login_required
@accepts("POST")
def redeliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one delivery again."""
    delivery = get_object_or_404(Delivery.objects.select_related("webhook__owner"), pk=pk)
    hook = _get_own_webhook(request, delivery.webhook_id)
    return _run_and_redirect(request, hook, "It is sent again.", subscriptions.redeliver, delivery=delivery)


def _get_own_webhook(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("owner"), pk=pk, owner_id=request.user.pk)


def _run_and_redirect(
    request: HttpRequest, hook: Webhook, success: str, verb: Callable[..., object], **arguments: Any
) -> HttpResponse:
    try:
        verb(**arguments)
        messages.success(request, success)
    except subscriptions.SubscriptionError as error:
        messages.error(request, str(error))
    return redirect(hook)
