"""The buttons of the review page: the verbs that this moderator may use now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from submissions import rules
from submissions.admin.navigation import filter_query
from submissions.models import Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.verbs import APPROVE, verbs_with_rule
from submissions.verbs.definitions import ButtonPosition, Verb

STYLES = {
    ButtonPosition.DECISION: "button {}",
    ButtonPosition.STALE: "button",
    ButtonPosition.REASON: "button plain {}",
    ButtonPosition.ASIDE: "",
}


@dataclass(frozen=True)
class Button:
    """A button that posts a verb to `url`.

    `presets` are the preset reasons. `done` is the message while the browser holds the decision back. `is_partial`
    posts the ticked fields only, `needs_all_fields` disables it until all are ticked.
    """

    verb: Verb
    url: str
    label: str
    key: str
    done: str
    presets: tuple[str, ...] = ()
    is_partial: bool = False
    needs_all_fields: bool = False
    is_disabled: bool = False

    @property
    def style(self) -> str:
        """Its CSS classes."""
        return (
            STYLES[self.verb.position].format(self.verb.name)
            if self.verb.position and not self.is_partial
            else "button plain"
        )

    @property
    def is_held(self) -> bool:
        """Whether the browser holds the decision for some seconds before sending it."""
        return not self.verb.stays_on_page


@dataclass(frozen=True)
class Buttons:
    """The buttons by their position on the page, and `all` of them for the keyboard help."""

    all: tuple[Button, ...]

    def _at(self, position: ButtonPosition) -> list[Button]:
        return [button for button in self.all if button.verb.position is position]

    @property
    def decision(self) -> list[Button]:
        return self._at(ButtonPosition.DECISION)

    @property
    def reason(self) -> list[Button]:
        return self._at(ButtonPosition.REASON)

    @property
    def aside(self) -> list[Button]:
        return self._at(ButtonPosition.ASIDE)

    @property
    def stale(self) -> list[Button]:
        return self._at(ButtonPosition.STALE)

    @property
    def with_presets(self) -> list[Button]:
        """The buttons of verbs with preset reasons."""
        return [button for button in self.all if button.presets]


def buttons_for(request: HttpRequest, review: ProposalReview) -> Buttons:
    """The buttons for what this moderator may do now; none if they may not decide."""
    proposal = review.proposal
    if not rules.can_decide(request.user, proposal):
        return Buttons(())
    query = filter_query(request)
    buttons: list[Button] = []
    for verb in verbs_with_rule():
        if not verb.position or not verb.is_allowed(request.user, proposal) or not verb.offered(request.user, proposal):
            continue
        if verb.position is ButtonPosition.STALE and not review.can_be_rebased:
            continue
        url = reverse("admin:submissions_decide", args=[proposal.pk, verb.name]) + (f"?{query}" if query else "")
        button = Button(verb, url, verb.label, verb.key, verb.done, verb.presets_for([proposal]))
        buttons += _approvals(button, request, review) if verb is APPROVE else [button]
    return Buttons(tuple(buttons))


def _approvals(button: Button, request: HttpRequest, review: ProposalReview) -> Iterator[Button]:
    """Approve, or agree if two moderators are needed; for an edit also approve only the selected fields."""
    proposal: Proposal = review.proposal
    outdated = review.stale or review.entry_is_gone
    agreed = rules.has_agreed(request.user, proposal)
    refused = bool(review.taken_identifiers)
    complete = replace(button, needs_all_fields=True, is_disabled=agreed or outdated or refused)
    yield replace(complete, label="Agree", done="Agreed") if rules.needs_second_approval(proposal) else complete
    if proposal.action == ProposalAction.EDIT:
        yield replace(
            button,
            label="Only what is ticked",
            key="p",
            done="Approved in part",
            is_partial=True,
            is_disabled=outdated,
        )
