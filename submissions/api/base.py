"""What the views of the way in share: who may come, how often, and how a refusal is told."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import allows
from accounts.rules import can_moderate
from accounts.tokens import Scope
from catalog.api.base import PortalView
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.api.throttles import Spent, Tier
from submissions import rules
from submissions.api.bodies import JSONBody, MergePatchBody
from submissions.api.representing import ROWS, address
from submissions.limits import count
from submissions.models import Proposal
from submissions.workflow import AlreadyProposed, Invalid, NotAllowed, StaleProposal, WorkflowError

WORDS = frozenset({"source", "comment", "into", "reason", "fields", "patch", "__all__"})
"""What the workflow's errors are about besides fields of the payload."""


class MayAct(BasePermission):
    """Somebody signed in whose credentials reach as far as the view's `scopes` say for the method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False (401) for a visitor; raises Problem (403) for a token that was not made for this."""
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


class Often(BaseThrottle):
    """How often one account may do what the view's `limits` name for the method: the pages' own counts."""

    spent: Spent

    def allow_request(self, request: Request, view: Any) -> bool:
        """False (429) beyond settings.LIMITS."""
        name = view.limits.get(request.method)
        if name is None:
            return True
        self.spent = count(name, str(request.user.pk))
        if self.spent.exceeded:
            request._request.rate_limit = self.spent  # type: ignore[attr-defined]  # for the headers
        return not self.spent.exceeded

    def wait(self) -> float:
        return float(self.spent.seconds_left - 1)


class ProposalView(PortalView):
    """A view of the way in. `scopes` and `limits` say for each method what it needs and how it is counted."""

    permission_classes = [MayAct]
    throttle_classes = [Tier, Often]
    parser_classes = [JSONBody, MergePatchBody]
    scopes: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Mapping[str, str]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Besides DRF's checks: no body beyond settings.DATA_UPLOAD_MAX_MEMORY_SIZE is read. Raises Problem (413)."""
        super().initial(request, *args, **kwargs)
        length, most = request.META.get("CONTENT_LENGTH") or "0", settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not length.isdecimal() or int(length) > most:
            raise Problem(413, f"The body is larger than {most:,} bytes.", kind="too-large")

    def declared(self) -> tuple[Param, ...]:
        """Nothing besides what the operations declare."""
        return ()

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal of the workflow as a problem."""
        return super().handle_exception(problem_of(exc) if isinstance(exc, WorkflowError) else exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.setdefault("Cache-Control", "private, no-store")
        return answer


def problem_of(error: WorkflowError, payload: str = "fields") -> Problem:
    """What the workflow refused, as a problem: 422 by field, 403, or 409; `payload` is the member that held the
    payload."""
    match error:
        case Invalid():
            words = "Some values are not right; see errors."
            return Problem(422, words, kind="invalid-fields", errors=nested(error.errors, payload))
        case NotAllowed():
            return Problem(403, str(error))
        case AlreadyProposed():
            return Problem(409, str(error), kind="already-proposed", proposal=address(error.proposal_id))
        case StaleProposal():
            return Problem(409, str(error), kind="stale-base", base=error.base, revision=error.live)
    return Problem(409, str(error))


def nested(errors: Mapping[str, list[str]], payload: str = "fields") -> dict[str, Any]:
    """Messages where the client sent the values: those about the payload below its member."""
    words = {name: messages for name, messages in errors.items() if name in WORDS}
    fields = {name: messages for name, messages in errors.items() if name not in WORDS}
    return {**words, **({payload: fields} if fields else {})}


def sees_all(request: Request) -> bool:
    """Whether the queue is open to this request: a moderator, whose token (if it is one) was made to moderate."""
    return can_moderate(request.user) and allows(request, Scope.MODERATE)


def proposal_for(request: Request, pk: int) -> Proposal:
    """A proposal that this request may see; to others it does not exist (404), so that nothing leaks."""
    found = Proposal.objects.select_related(*ROWS).filter(pk=pk).first()
    if found is None or not (rules.is_author(request.user, found) or sees_all(request)):
        raise Http404("There is no such proposal, or it is not yours.")
    return found
