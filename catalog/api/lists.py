"""The list of a kind: narrowed, sorted, by pages; or all of it as CSV or JSON Lines."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, params, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.envelopes import Item, envelope, expanded, live, of_ledger
from catalog.api.filtering import DEFAULT_SORT, FilterBackend
from catalog.api.paging import Key
from catalog.api.params import Param
from catalog.api.provenance import provenance
from catalog.api.renderers import CSV, JSON, JSONLines, ProblemJSON
from catalog.exchange import csv_rows
from catalog.exchange.chunks import chunks
from catalog.kinds import Kind
from catalog.listing import past
from catalog.listing.filterset import EntryFilterSet, filterset_class

BATCH = 500
AS_OF = params.moment(
    "as_of",
    "The catalogue as it stood at this time, or at the end of this day (UTC). Lists are then sorted by slug.",
    end_of_day=True,
    example="2026-12-31",
)


def order_keys(kind: Kind, sort: str) -> list[Key]:
    """The columns of an order, of which the slug is the last."""
    return paging.keys_of(filterset_class(kind).base_filters["sort"].orders[sort])


def shape_params(kind: Kind) -> tuple[Param, ...]:
    """How much of an entry is wanted."""
    return (
        params.names("fields", "Only these of the `fields`, with commas between.", kind.form.payload_keys()),
        params.names(
            "expand",
            "Add the entries that these fields name, under `expanded`.",
            kind.form.reference_keys(),
        ),
        params.names(
            "include", "`provenance`: for every value who, approved by whom, when, and source.", ["provenance"]
        ),
    )


def list_params(kind: Kind) -> tuple[Param, ...]:
    """The parameters of a list besides those of its filter set."""
    return (*shape_params(kind), *paging.PARAMS)


class EntryList(KindView, GenericAPIView):
    """The entries of one kind."""

    filter_backends = [FilterBackend]
    renderer_classes = [JSON, CSV, JSONLines, ProblemJSON]
    filterset: EntryFilterSet

    @property
    def filterset_class(self) -> type[EntryFilterSet]:
        return filterset_class(self.kind)

    def get_queryset(self) -> QuerySet[Any]:
        return self.kind.model.objects.all()

    def read_query(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        self.filterset = FilterBackend().get_filterset(request, self.get_queryset(), self)
        values = params.read(self.declared(**kwargs), request.GET, self.filterset)
        return {**values, "as_of": self.filterset.as_of, "sort": self.filterset.values.get("sort", DEFAULT_SORT)}

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        return None if values["include"] else version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Any:
        check(values, request)
        self.rows = self.filter_queryset(self.filterset.queryset)
        if request.accepted_renderer.format in ("csv", "jsonl"):
            return self._stream(request.accepted_renderer.format, values)
        found, further = self._page(values)
        body: dict[str, Any] = {"results": shown(found, values)}
        following = paging.link(request.path, request.GET, cursor=further) if further else None
        if values["count"] == "true":
            body |= paging.counted(self.rows)
        response = Response({**body, "next": following})
        first = paging.link(request.path, request.GET, cursor=None)
        response["Link"] = ", ".join(
            f'<{url}>; rel="{rel}"' for url, rel in ((following, "next"), (first, "first")) if url
        )
        return response

    rows: QuerySet[Any]

    def _page(self, values: dict[str, Any]) -> tuple[list[Item], str | None]:
        """The entries of a page, and the cursor of the next where there is one."""
        size, at = values["page_size"], values["as_of"]
        keys = order_keys(self.kind, values["sort"])
        name = f"{values['sort']}@{at.isoformat()}" if at else values["sort"]
        position = paging.position(values["cursor"], name, self.kind.model, keys)
        if at:
            after = position[0] if position else ""
            found, following = past.page(self.filterset, at, after=after, size=size, fetch=of_ledger)
            further = [following] if following else None
        else:
            found, further = self._live(values, keys, position, size)
        return found, paging.encode(name, further) if further else None

    def _live(
        self, values: dict[str, Any], keys: Sequence[Key], position: Any, size: int
    ) -> tuple[list[Item], list[Any] | None]:
        """A page, and the position after it. Which rows first, then their snapshots: an engine that has to sort would
        else fetch a snapshot for every row that it sorts."""
        places = self.rows.values_list("pk", *(key.column for key in keys))
        found = paging.after(places, keys, position, size + 1)
        ids = [pk for pk, *_ in found[:size]]
        whole = {item.entry_id: item for item in live(self.kind, "id", ids)}
        further = list(found[size - 1][1:]) if len(found) > size else None
        return [whole[pk] for pk in ids if pk in whole], further

    def _stream(self, ending: str, values: dict[str, Any]) -> StreamingHttpResponse:
        """All that matches, written while it is read, in constant memory."""
        if ending == "csv":
            keys = values["fields"] or self.kind.form.payload_keys()
            lines: Iterator[bytes] = (line.encode() for line in csv_rows.rows(keys, self._plain(values)))
            return StreamingHttpResponse(chunks(lines), content_type="text/csv; charset=utf-8")
        lines = (orjson.dumps(one) + b"\n" for page in self._pages(values) for one in shown(page, values))
        return StreamingHttpResponse(chunks(lines), content_type="application/jsonl")

    def _plain(self, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Envelopes as CSV takes them."""
        for page in self._pages(values):
            for item in page:
                whole = envelope(item, values["fields"])
                times = {"created": item.created.isoformat(), "updated": item.updated.isoformat()}
                yield {**whole, **times, "fields": whole["fields"] if values["fields"] else item.payload}

    def _pages(self, values: dict[str, Any]) -> Iterator[list[Item]]:
        further: str | None = None
        while True:
            page, further = self._page({**values, "page_size": BATCH, "cursor": further})
            yield page
            if further is None:
                return


def shown(found: Sequence[Item], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Envelopes as the query wants them: trimmed, with what they name, with who said so."""
    envelopes = [envelope(item, values["fields"] or ()) for item in found]
    if values["expand"]:
        for one, more in zip(envelopes, expanded(found, values["expand"], values["as_of"]), strict=True):
            one["expanded"] = more
    if values["include"]:
        for one, said in zip(envelopes, provenance(found, values["fields"] or ()), strict=True):
            one["provenance"] = said
    return envelopes


def check(values: dict[str, Any], request: Request) -> None:
    """Parameters that do not go together. Raises Problem (400)."""
    errors: dict[str, list[str]] = {}
    if values["as_of"] and values["count"] == "true":
        errors["count"] = ["A past date is not counted."]
    if request.accepted_renderer.format in ("csv", "jsonl"):
        whole = {"cursor", "page_size", "count", *({"expand", "include"} if _is_csv(request) else ())}
        for name in sorted(whole & set(request.GET)):
            errors[name] = ["CSV and JSON Lines give all rows, and CSV the fields alone: leave this out."]
    if errors:
        raise params.bad_parameters(errors)


def _is_csv(request: Request) -> bool:
    return bool(request.accepted_renderer.format == "csv")
