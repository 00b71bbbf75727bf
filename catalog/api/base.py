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
        final = super().finalize_response(request, response, *args, **kwargs)
        throttles.set_rate_limit_headers(request._request, final)
        if final.status_code >= 400 and "Cache-Control" not in final:
            final["Cache-Control"] = "no-store"
        return final


class ReadView(PortalView):
    """A read: `params` are all that its query may hold. A subclass gives `state` (what tells one answer from another,
    cheaply; None where only the body tells) and `answer`."""

    permission_classes = [AllowAny]
    params: ClassVar[Sequence[Param]] = ()
    caching = conditional.PUBLIC

    def get(self, request: Request, **kwargs: Any) -> Response:
        """304 where the client holds the present state, else the answer with its validators."""
        values = self.read_query(request, **kwargs)
        validators = self.state(request, values, **kwargs)
        if validators and conditional.not_modified(request, validators):
            response = Response(status=304)
        else:
            response = self.answer(request, values, **kwargs)
        if validators is None:
            validators, response = self._with_body_tag(request, response)
        conditional.set_validators(response, validators)
        conditional.set_cache_headers(request, response, self.cache_policy(values))
        return response

    def read_query(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The values of the parameters. Raises Problem (400)."""
        return read(self.get_params(**kwargs), request.GET)

    def get_params(self, **kwargs: Any) -> Sequence[Param]:
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

    def _with_body_tag(self, request: Request, response: Response) -> tuple[Validators, Response]:
        content: Any = request.accepted_renderer.render(response.data)
        validators = Validators(conditional.entity_tag(request, conditional.digest(content)))
        return validators, Response(status=304) if conditional.not_modified(request, validators) else response


class KindView(ReadView):
    """A read of one kind; each address gives its own to `as_view`."""

    kind: ClassVar[Kind] = next(iter(KINDS.values()))
