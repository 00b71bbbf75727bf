"""One's webhooks: subscribe, see what was delivered, send again, resume, delete."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import can_contribute, require_account
from catalog.models import Revision
from submissions.notifications.webhooks import subscriptions
from submissions.notifications.webhooks.destination import BadDestination
from submissions.notifications.webhooks.forms import WebhookForm
from submissions.notifications.webhooks.models import Delivery, Webhook

PAGE_SIZE = 25


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the webhooks and create new ones. The secret is shown once, in the response to the POST."""
    if request.method == "POST" and not can_contribute(request.user):
        return render(request, "accounts/suspended.html", status=403)
    form = WebhookForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "may": can_contribute(request.user)}
    if request.method == "POST" and form.is_valid():
        try:
            context |= {
                "made": subscriptions.subscribe(owner=require_account(request.user), **form.wanted()),
                "form": WebhookForm(),
            }
        except (subscriptions.SubscriptionError, BadDestination) as error:
            form.add_error("url" if isinstance(error, BadDestination) else None, str(error))
    context["webhooks"] = Webhook.objects.filter(owner_id=request.user.pk)
    return render(request, "submissions/webhooks.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and its deliveries, newest first."""
    found = _get_own_webhook(request, pk)
    page = Paginator(found.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    changes = Revision.objects.defer("snapshot").in_bulk([row.revision_id for row in page if row.revision_id])
    rows = [(row, changes.get(row.revision_id or 0)) for row in page]
    return render(request, "submissions/webhook.html", {"webhook": found, "page": page, "rows": rows})


@login_required
@require_POST
def test_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message."""
    found = _get_own_webhook(request, pk)
    return _run_and_redirect(request, found, "A test is on its way.", subscriptions.send_test, webhook=found)


@login_required
@require_POST
def resume_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Resume a paused webhook."""
    found = _get_own_webhook(request, pk)
    return _run_and_redirect(request, found, "It goes on where it stood.", subscriptions.resume, webhook=found)


@login_required
@require_POST
def delete_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a webhook."""
    subscriptions.unsubscribe(webhook=_get_own_webhook(request, pk))
    messages.success(request, "The webhook is deleted.")
    return redirect("submissions:webhooks")


@login_required
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one delivery again."""
    delivery = get_object_or_404(Delivery.objects.select_related("webhook__owner"), pk=pk)
    found = _get_own_webhook(request, delivery.webhook_id)
    return _run_and_redirect(request, found, "It is sent again.", subscriptions.send_again, delivery=delivery)


def _get_own_webhook(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("owner"), pk=pk, owner_id=request.user.pk)


def _run_and_redirect(
    request: HttpRequest, found: Webhook, success: str, verb: Callable[..., object], **arguments: Any
) -> HttpResponse:
    try:
        verb(**arguments)
        messages.success(request, success)
    except subscriptions.SubscriptionError as error:
        messages.error(request, str(error))
    return redirect(found)
