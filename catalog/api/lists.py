"""The list of a kind: filtered, sorted and paginated, or all rows as CSV, JSON Lines or citations."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, params, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.envelopes import EntryAtRevision, entries_of_revisions, envelope, expanded, live_entries, page_url
from catalog.api.filtering import DEFAULT_SORT, FilterBackend
from catalog.api.paging import SortKey
from catalog.api.params import Param
from catalog.api.provenance import provenance
from catalog.api.renderers import (
    CSLJSON,
    CSV,
    JSON,
    BibTeX,
    Cited,
    JSONLines,
    ProblemJSON,
    RISRecords,
    Streamed,
    to_json,
)
from catalog.exchange import csv_rows
from catalog.exchange.chunks import chunks
from catalog.exchange.citations import CITED
from catalog.kinds import Kind
from catalog.listing import past
from catalog.listing.filterset import EntryFilterSet, filterset_class

BATCH = 500
NOT_STREAMED = (
    "A file has all rows. CSV has the fields alone, and a file of citations what citations have: leave this out."
)
AS_OF = params.past_time(
    "as_of",
    "The catalogue as it stood at this time, or at the end of this day (UTC). Lists are then sorted by slug.",
    example="2026-01-31",
)


def list_sort_keys(kind: Kind, sort: str) -> list[SortKey]:
    """Return the sort keys of an order, the last of which is the slug."""
    return paging.sort_keys(filterset_class(kind).base_filters["sort"].orders[sort])


INCLUDE = params.names(
    "include", "`provenance`: for every value who, approved by whom, when, and source.", ["provenance"]
)


def representation_params(kind: Kind) -> tuple[Param, ...]:
    """Return the parameters that choose what is included of each entry."""
    return (
        params.names("fields", "Only these of the `fields`, with commas between.", kind.form.payload_keys()),
        params.names(
            "expand",
            "Add the entries that these fields name, under `expanded`.",
            kind.form.reference_keys(),
        ),
        INCLUDE,
    )


def list_params(kind: Kind) -> tuple[Param, ...]:
    """Return the parameters of a list besides those of its filter set."""
    return (*representation_params(kind), *paging.PARAMS)


class EntryList(KindView, GenericAPIView):
    """The entries of one kind."""

    filter_backends = [FilterBackend]
    renderer_classes = [JSON, CSV, JSONLines, BibTeX, RISRecords, CSLJSON, ProblemJSON]
    filterset: EntryFilterSet

    @property
    def filterset_class(self) -> type[EntryFilterSet]:
        return filterset_class(self.kind)

    def get_renderers(self) -> list[BaseRenderer]:
        offered = {one.extension for one in self.kind.formats} | {ProblemJSON.format}
        return [renderer() for renderer in self.renderer_classes if renderer.format in offered]

    def get_queryset(self) -> QuerySet[Any]:
        return self.kind.model.objects.all()

    def read_query(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        self.filterset = FilterBackend().get_filterset(request, self.get_queryset(), self)
        values = params.read(self.get_params(**kwargs), request.GET, self.filterset)
        return {**values, "as_of": self.filterset.as_of, "sort": self.filterset.values.get("sort", DEFAULT_SORT)}

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        return None if values["include"] else version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Any:
        check_combination(values, request)
        self.rows = self.filter_queryset(self.filterset.queryset)
        if isinstance(request.accepted_renderer, Streamed):
            return self._stream(request.accepted_renderer, values)
        entries, next_cursor = self._read_page(values)
        body: dict[str, Any] = {"results": represent_entries(entries, values)}
        next_url = paging.url_with(request.path, request.GET, cursor=next_cursor) if next_cursor else None
        if values["count"] == "true":
            body |= paging.bounded_count(self.rows)
        response = Response({**body, "next": next_url})
        first = paging.url_with(request.path, request.GET, cursor=None)
        response["Link"] = ", ".join(
            f'<{url}>; rel="{rel}"' for url, rel in ((next_url, "next"), (first, "first")) if url
        )
        return response

    rows: QuerySet[Any]

    def _read_page(self, values: dict[str, Any]) -> tuple[list[EntryAtRevision], str | None]:
        """Return the entries of a page, and the cursor of the next page or None."""
        size, at = values["page_size"], values["as_of"]
        keys = list_sort_keys(self.kind, values["sort"])
        name = f"{values['sort']}@{at.isoformat()}" if at else values["sort"]
        position = paging.position(values["cursor"], name, self.kind.model, keys)
        if at:
            after = position[0] if position else ""
            entries, next_slug = past.page(self.filterset, at, after=after, size=size, fetch=entries_of_revisions)
            next_position = [next_slug] if next_slug else None
        else:
            entries, next_position = self._live_page(values, keys, position, size)
        return entries, paging.encode(name, next_position) if next_position else None

    def _live_page(
        self, values: dict[str, Any], keys: Sequence[SortKey], position: Any, size: int
    ) -> tuple[list[EntryAtRevision], list[Any] | None]:
        """Return a page of live entries and the position of the next page.

        The rows of the page are chosen before their snapshots are read: a database that has to sort would otherwise
        fetch a snapshot for each row that it sorts.
        """
        positions = self.rows.values_list("pk", *(key.column for key in keys))
        rows = paging.rows_after(positions, keys, position, size + 1)
        ids = [pk for pk, *_ in rows[:size]]
        by_id = {entry.entry_id: entry for entry in live_entries(self.kind, "id", ids)}
        next_position = list(rows[size - 1][1:]) if len(rows) > size else None
        return [by_id[pk] for pk in ids if pk in by_id], next_position

    def _stream(self, renderer: Streamed, values: dict[str, Any]) -> StreamingHttpResponse:
        """Stream all rows that match, in constant memory."""
        if isinstance(renderer, JSONLines):
            pages = self._read_pages(values)
            lines = (to_json(body) + b"\n" for page in pages for body in represent_entries(page, values))
            return StreamingHttpResponse(chunks(lines), content_type=renderer.media_type)
        if isinstance(renderer, Cited):
            texts = CITED[renderer.format](self._cited_rows(values))
        else:
            texts = csv_rows.rows(values["fields"] or self.kind.form.payload_keys(), self._csv_rows(values))
        charset = "" if renderer.media_type.endswith("+json") else "; charset=utf-8"
        headers = {"Content-Disposition": f'attachment; filename="{self.kind.plural}.{renderer.format}"'}
        return StreamingHttpResponse(
            chunks(text.encode() for text in texts), content_type=f"{renderer.media_type}{charset}", headers=headers
        )

    def _cited_rows(self, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield what the writers of citations read of an envelope, with all fields whatever is stored."""
        empty = self.kind.form.empty()
        for page in self._read_pages(values):
            for entry in page:
                yield {"fields": {**empty, **entry.payload}, "url": page_url(self.kind, entry.slug)}

    def _csv_rows(self, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield envelopes with the payload as a dict and times as text, as the CSV writer requires."""
        for page in self._read_pages(values):
            for entry in page:
                represented = envelope(entry, values["fields"])
                times = {"created": entry.created.isoformat(), "updated": entry.updated.isoformat()}
                yield {**represented, **times, "fields": represented["fields"] if values["fields"] else entry.payload}

    def _read_pages(self, values: dict[str, Any]) -> Iterator[list[EntryAtRevision]]:
        cursor: str | None = None
        while True:
            page, cursor = self._read_page({**values, "page_size": BATCH, "cursor": cursor})
            yield page
            if cursor is None:
                return


def represent_entries(entries: Sequence[EntryAtRevision], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Represent entries as the query requests: with some fields only, expanded references or provenance."""
    envelopes = [envelope(entry, values["fields"] or ()) for entry in entries]
    if values["expand"]:
        for body, expansion in zip(envelopes, expanded(entries, values["expand"], values["as_of"]), strict=True):
            body["expanded"] = expansion
    if values["include"]:
        for body, rows in zip(envelopes, provenance(entries, values["fields"] or ()), strict=True):
            body["provenance"] = rows
    return envelopes


def check_combination(values: dict[str, Any], request: Request) -> None:
    """Refuse parameters that cannot be combined. Raises Problem (400)."""
    errors: dict[str, list[str]] = {}
    if values["as_of"] and values["count"] == "true":
        errors["count"] = ["A past date is not counted."]
    renderer = request.accepted_renderer
    if isinstance(renderer, Streamed):
        for name in sorted(_not_streamed(renderer) & set(request.GET)):
            errors[name] = [NOT_STREAMED]
    if errors:
        raise params.bad_parameters(errors)


def _not_streamed(renderer: Streamed) -> set[str]:
    """Return the parameters that do not apply to a file."""
    if isinstance(renderer, JSONLines):
        return {"cursor", "page_size", "count"}
    further = {"fields"} if isinstance(renderer, Cited) else set()
    return {"cursor", "page_size", "count", "expand", "include"} | further
