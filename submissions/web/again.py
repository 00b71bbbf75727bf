"""Propose again what was rejected or withdrawn: the forms, filled with what they held then."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.rules import Visitor
from catalog.kinds import Kind
from catalog.models import Entry
from submissions import diff, rules
from submissions.forms import int_from_post
from submissions.models import Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.states import Status
from submissions.web.shortcuts import get_visible_proposal
from submissions.workflow import without_consequences

PARAMETER = "again"
NOTHING_TO_BEGIN_WITH = "There is no such proposal to begin with."
FORMS = {
    ProposalAction.EDIT: "submissions:edit",
    ProposalAction.RETIRE: "submissions:retire",
    ProposalAction.MERGE: "submissions:retire",
    ProposalAction.FLAG: "submissions:flag",
}
"""The forms about a live entry."""


def again_url(user: Visitor, review: ProposalReview) -> str:
    """The address of the form filled with a rejected or withdrawn proposal; "" if this person cannot propose it."""
    proposal, plural = review.proposal, review.kind.plural
    if not _is_repeatable(user, proposal) or not rules.can_submit(user) or not review.is_readable:
        return ""
    if proposal.action == ProposalAction.CREATE:
        address = reverse("submissions:new", args=[plural])
    elif proposal.action == ProposalAction.RESTORE:
        address = reverse("submissions:restore", args=[plural, proposal.target_slug])
    elif review.entry:
        address = reverse(FORMS[ProposalAction(proposal.action)], args=[plural, review.entry.slug])
    else:
        return ""
    return f"{address}?{PARAMETER}={proposal.pk}"


def earlier_proposal(request: HttpRequest) -> Proposal | None:
    """The proposal that a form begins with, as ?again= names it; None without the parameter.

    Raises Http404 unless it is one's own, and rejected or withdrawn.
    """
    if PARAMETER not in request.GET:
        return None
    proposal = get_visible_proposal(request, int_from_post(request.GET, PARAMETER) or 0)
    if not _is_repeatable(request.user, proposal):
        raise Http404(NOTHING_TO_BEGIN_WITH)
    return proposal


def earlier_reasons(request: HttpRequest) -> dict[str, Any]:
    """The source and the comment of the proposal that a form begins with; empty without one."""
    proposal = earlier_proposal(request)
    return {"source": proposal.source, "comment": proposal.comment} if proposal else {}


def earlier_payload(proposal: Proposal, kind: Kind, entry: Entry | None = None) -> dict[str, Any]:
    """What an earlier proposal of a new entry holds; of an edit, the entry's payload with its changes.

    For fields that collide, the proposed value. What its source brought is left out, because another one may be given
    now. Raises Http404 if it is about something else, or damaged.
    """
    review = ProposalReview(proposal)
    is_about_it = (proposal.kind, proposal.target_id) == (kind.name, entry.pk if entry else None)
    if not proposal.has_payload or not is_about_it or not review.is_readable:
        raise Http404(NOTHING_TO_BEGIN_WITH)
    proposed: dict[str, Any] = without_consequences(proposal, review.proposed, review.base)
    if entry is None:
        return proposed
    return diff.rebased_as_far_as_possible(review.base, proposed, kind.dump(entry), kind.described_by)


def _is_repeatable(user: Visitor, proposal: Proposal) -> bool:
    return rules.is_author(user, proposal) and proposal.status in (Status.REJECTED, Status.WITHDRAWN)
