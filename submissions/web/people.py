"""The public page of a contributor or moderator, and account deletion."""

from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.confirming import require_second_factor
from accounts.methods import accepts
from accounts.rules import can_moderate, require_account
from catalog.kinds import KINDS
from catalog.models import Revision
from catalog.models.revision import RevisionQuerySet
from catalog.web.as_of import takes_as_of
from submissions import workflow

PAGE_SIZE = 25
FORGET_ALL_TAG = "*"
"""The message tag that makes the browser delete all unsent work (static/js/keep-form.js)."""


@takes_as_of
def person(request: HttpRequest, username: str) -> HttpResponse:
    """Show what somebody published, and how much they approved of others.

    An account that no history names is a 404 except for itself and moderators. What a merge or a restoration changed in
    the entries that refer to its own counts for nobody.
    """
    account = get_user_model().objects.filter(username=username).first()
    named = _is_named(account.pk) if account else False
    if account is None or not (named or request.user == account or can_moderate(request.user)):
        require_second_factor(request)
        raise Http404("Nothing is published under this name.")
    revisions = Revision.objects.filter(part_of_id=None)
    published = published_by(account.pk)
    approved = _counts(revisions.filter(Q(approver_id=account.pk) | Q(seconder_id=account.pk)))
    page = Paginator(published.latest_first().defer("snapshot"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "account": account,
        "named": named,
        "page": page,
        "published": _counts(published),
        "approved": approved,
        "approved_count": sum(count for _, count in approved),
    }
    return render(request, "submissions/person.html", context)


def published_by(account_id: int) -> RevisionQuerySet:
    """The changes that an account contributed itself."""
    return Revision.objects.filter(part_of_id=None, contributor_id=account_id)


def _is_named(account_id: int) -> bool:
    """Whether the history of an entry names an account, and so links to its page."""
    roles = ("contributor_id", "approver_id", "seconder_id")
    return any(Revision.objects.filter(**{role: account_id}).exists() for role in roles)


def _counts(revisions: QuerySet[Revision]) -> list[tuple[str, int]]:
    """The number of revisions of each kind that has any, by the kind's name in the plural."""
    count_by_kind = dict(revisions.order_by().values_list("kind").annotate(n=Count("pk")))
    return [(kind.label_plural, count_by_kind[name]) for name, kind in KINDS.items() if name in count_by_kind]


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
