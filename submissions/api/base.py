"""Base view of the proposals API: permissions, throttling and errors of the workflow."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import allows
from accounts.rules import can_moderate, needs_second_factor
from accounts.tokens import Scope
from catalog.api.base import PortalView
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.api.throttles import QuotaUsage, TierThrottle
from submissions import rules
from submissions.api.bodies import JSONBody, MergePatchBody
from submissions.api.representing import RELATED, proposal_url
from submissions.limits import count
from submissions.models import Proposal
from submissions.workflow import AlreadyProposed, Invalid, NotAllowed, StaleProposal, WorkflowError

SECOND_FACTOR_MESSAGE = "A moderator's session reaches this once it has used the second factor: open the queue first."
FIELDS_OUTSIDE_PAYLOAD = frozenset({"source", "comment", "into", "reason", "fields", "patch", "additions", "__all__"})
"""Keys of the workflow's errors that are not fields of the payload."""


class HasScope(BasePermission):
    """Require an account, and a token scope as in the view's `scopes` for the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return False (401) for an anonymous client. Raises Problem (403) for a token without the scope."""
        if not request.user.is_authenticated:
            return False
        scope = view.scopes.get(request.method, Scope.READ)
        if not allows(request, scope):
            challenge = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
            raise Problem(
                403,
                f"This token may not {scope}; make one that may.",
                kind="insufficient-scope",
                headers={"WWW-Authenticate": challenge},
            )
        return True


class AccountThrottle(BaseThrottle):
    """Limit an account, or an IP address without one, to the rate that the view's `limits` name for the method; pages
    share the count."""

    usage: QuotaUsage

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return False (429) beyond settings.LIMITS."""
        name = view.limits.get(request.method)
        if name is None:
            return True
        client = str(request.user.pk) if request.user.is_authenticated else self.get_ident(request)
        self.usage = count(name, client)
        if self.usage.exceeded:
            request._request.rate_limit = self.usage  # type: ignore[attr-defined]  # for the headers
        return not self.usage.exceeded

    def wait(self) -> float:
        return float(self.usage.seconds_left - 1)


class ProposalView(PortalView):
    """Base view of the proposals API. `scopes` and `limits` give the token scope and the rate limit of each method."""

    permission_classes = [HasScope]
    throttle_classes = [TierThrottle, AccountThrottle]
    parser_classes = [JSONBody, MergePatchBody]
    body: bytes
    scopes: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Mapping[str, str]] = {}

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Read the body first, for the digest of an Idempotency-Key: the CSRF check of a session reads it as a stream,
        after which Django gives it to nobody."""
        self.body = request.body
        return super().initialize_request(request, *args, **kwargs)

    def get_params(self) -> tuple[Param, ...]:
        """Return no query parameters: the operations declare them."""
        return ()

    def handle_exception(self, exc: Exception) -> Response:
        """Turn errors of the workflow into problems."""
        return super().handle_exception(problem_of(exc) if isinstance(exc, WorkflowError) else exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.setdefault("Cache-Control", "private, no-store")
        return final


def problem_of(error: WorkflowError, payload: str = "fields") -> Problem:
    """Convert an error of the workflow to a problem: 422 by field, 403 or 409.

    `payload` is the member of the request body that held the payload.
    """
    match error:
        case Invalid():
            detail = "Some values are not right; see errors."
            return Problem(422, detail, kind="invalid-fields", errors=nested_errors(error.errors, payload))
        case NotAllowed():
            return Problem(403, str(error))
        case AlreadyProposed():
            return Problem(409, str(error), kind="already-proposed", proposal=proposal_url(error.proposal_id))
        case StaleProposal():
            return Problem(409, str(error), kind="stale-base", base=error.base, revision=error.live)
    return Problem(409, str(error))


def nested_errors(errors: Mapping[str, list[str]], payload: str = "fields") -> dict[str, Any]:
    """Nest the messages like the request body: those about the payload below its member."""
    outside = {name: messages for name, messages in errors.items() if name in FIELDS_OUTSIDE_PAYLOAD}
    fields = {name: messages for name, messages in errors.items() if name not in FIELDS_OUTSIDE_PAYLOAD}
    return {**outside, **({payload: fields} if fields else {})}


def can_see_queue(request: Request) -> bool:
    """Whether the account is a moderator's and the token, if there is one, has the scope to moderate.

    Raises Problem (403) for a moderator's session that has not used the second factor.
    """
    if request.auth is None and needs_second_factor(request.user):
        raise Problem(403, SECOND_FACTOR_MESSAGE, kind="second-factor")
    return can_moderate(request.user) and allows(request, Scope.MODERATE)


def proposal_for(request: Request, pk: int) -> Proposal:
    """Return a proposal that this request may see; raises Http404 for any other, so that existence does not leak."""
    proposal = Proposal.objects.select_related(*RELATED).filter(pk=pk).first()
    if proposal is None or not (rules.is_author(request.user, proposal) or can_see_queue(request)):
        raise Http404("There is no such proposal, or it is not yours.")
    return proposal
