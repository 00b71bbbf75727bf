"""What every read shares: strict parameters, validators, caching and rate-limit headers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api import conditional, throttles
from catalog.api.conditional import Validators
from catalog.api.params import Param, read
from catalog.api.schema import Operation
from catalog.kinds import KINDS, Kind


class PortalView(APIView):
    """A view of the API: problems for errors, and what is left of the client's tier in the headers. `operations` says
    for each method what the schema tells of it."""

    operations: ClassVar[Mapping[str, Operation]] = {}

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        throttles.tell(request._request, answer)
        if answer.status_code >= 400 and "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        return answer


class ReadView(PortalView):
    """A read: `params` are all that its query may hold. A subclass gives `state` (what tells one answer from another,
    cheaply; None where only the body tells) and `answer`."""

    permission_classes = [AllowAny]
    params: ClassVar[Sequence[Param]] = ()
    caching = conditional.ANONYMOUS

    def get(self, request: Request, **kwargs: Any) -> Response:
        """304 where the client holds the present state, else the answer with its validators."""
        values = self.read_query(request, **kwargs)
        validators = self.state(request, values, **kwargs)
        if validators and conditional.not_modified(request, validators):
            response = Response(status=304)
        else:
            response = self.answer(request, values, **kwargs)
        if validators is None:
            validators, response = self._by_body(request, response)
        conditional.tell(response, validators)
        conditional.tell_caches(request, response, self.cache_policy(values))
        return response

    def read_query(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The values of the parameters. Raises Problem (400)."""
        return read(self.declared(**kwargs), request.GET)

    def declared(self, **kwargs: Any) -> Sequence[Param]:
        """The parameters of this read."""
        return self.params

    def cache_policy(self, values: dict[str, Any]) -> str:
        """Cache-Control for an anonymous client."""
        return self.caching

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        """The validators, where they are cheaper than the answer."""
        return None

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        """The whole answer."""
        raise NotImplementedError

    def _by_body(self, request: Request, response: Response) -> tuple[Validators, Response]:
        content: Any = request.accepted_renderer.render(response.data)
        validators = Validators(conditional.tag(request, conditional.digest(content)))
        return validators, Response(status=304) if conditional.not_modified(request, validators) else response


class KindView(ReadView):
    """A read of one kind; each address gives its own to `as_view`."""

    kind: ClassVar[Kind] = next(iter(KINDS.values()))
