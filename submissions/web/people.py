"""The public page of a contributor, and account deletion."""

from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.confirming import require_second_factor
from accounts.methods import accepts
from accounts.rules import can_moderate, require_account
from catalog.kinds import KINDS
from catalog.models import Revision
from catalog.web.as_of import takes_as_of
from submissions import workflow

PAGE_SIZE = 25
FORGET_ALL_TAG = "*"
"""The message tag that makes the browser delete all unsent work (static/js/keep-form.js)."""


@takes_as_of
def person(request: HttpRequest, username: str) -> HttpResponse:
    """Show what somebody published. An account without contributions is a 404 except for itself and moderators."""
    account = get_user_model().objects.filter(username=username).first()
    revisions = Revision.objects.filter(contributor_id=account.pk if account else 0)
    page = Paginator(revisions.latest_first().defer("snapshot"), PAGE_SIZE).get_page(request.GET.get("page"))
    if account is None or not (page.paginator.count or request.user == account or can_moderate(request.user)):
        require_second_factor(request)
        raise Http404("Nothing is published under this name.")
    count_by_kind = dict(revisions.order_by().values_list("kind").annotate(n=Count("pk")))
    counts = [(kind.label_plural, count_by_kind[name]) for name, kind in KINDS.items() if name in count_by_kind]
    return render(request, "submissions/person.html", {"account": account, "page": page, "counts": counts})


@login_required
@accepts("POST")
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete one's own account, if the box was ticked; the contributions stay under a pseudonym."""
    if not request.POST.get("confirm"):
        messages.error(request, "Tick the box to say that you mean it.")
        return redirect("accounts:settings")
    pseudonym = workflow.delete_account(actor=require_account(request.user))
    logout(request)
    message = f"Your account is deleted. What you contributed stays, under the name {pseudonym}."
    messages.success(request, message, extra_tags=FORGET_ALL_TAG)
    return redirect("catalog:home")
