"""Base views: strict query parameters, validators, caching and rate-limit headers."""

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
    """Base view of the API: errors are problem documents, and headers show the client's rate limit. `operations` gives
    the OpenAPI operation of each method."""

    operations: ClassVar[Mapping[str, Operation]] = {}

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        throttles.set_rate_limit_headers(request._request, final)
        if final.status_code >= 400 and "Cache-Control" not in final:
            final["Cache-Control"] = "no-store"
        return final


class ReadView(PortalView):
    """A GET endpoint. `params` lists the query parameters that it accepts; a subclass defines `answer` and, where
    validators are cheaper to compute than the body, `state`."""

    permission_classes = [AllowAny]
    params: ClassVar[Sequence[Param]] = ()
    caching = conditional.PUBLIC

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Return 304 if the client's copy is current, else the response with its validators."""
        values = self.read_query(request, **kwargs)
        validators = self.state(request, values, **kwargs)
        if validators and conditional.not_modified(request, validators):
            response = Response(status=304)
        else:
            response = self.answer(request, values, **kwargs)
        if validators is None and not response.streaming:
            validators, response = self._with_body_tag(request, response)
        if validators:
            conditional.set_validators(response, validators)
        conditional.set_cache_headers(request, response, self.cache_policy(values))
        return response

    def read_query(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """Return the parsed query parameters by name. Raises Problem (400)."""
        return read(self.get_params(**kwargs), request.GET)

    def get_params(self, **kwargs: Any) -> Sequence[Param]:
        """Return the query parameters that this endpoint accepts."""
        return self.params

    def cache_policy(self, values: dict[str, Any]) -> str:
        """Return the Cache-Control header for an anonymous client."""
        return self.caching

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        """Return the validators, or None to derive an entity tag from the body; what is streamed then has none."""
        return None

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        """Return the full response."""
        raise NotImplementedError

    def _with_body_tag(self, request: Request, response: Response) -> tuple[Validators, Response]:
        content: Any = request.accepted_renderer.render(response.data)
        validators = Validators(conditional.entity_tag(request, conditional.digest(content)))
        return validators, Response(status=304) if conditional.not_modified(request, validators) else response


class KindView(ReadView):
    """A GET endpoint of one kind; the URL configuration passes `kind` to `as_view`."""

    kind: ClassVar[Kind] = next(iter(KINDS.values()))
