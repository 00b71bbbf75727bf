"""The list of a kind: narrowed, sorted, by pages; or all of it as CSV or JSON Lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, filters, paging, params, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.envelopes import Item, envelope, expanded, live, of_ledger
from catalog.api.paging import Key
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.api.provenance import provenance
from catalog.api.renderers import CSV, JSON, JSONLines, ProblemJSON
from catalog.exchange import csv_rows
from catalog.exchange.pieces import pieces
from catalog.kinds import Kind
from catalog.ledger import as_of as asof

BATCH = 500
LOOKED_THROUGH = 500
"""How many entries of a past date a page looks through before it ends, however few its filters have kept."""
AS_OF = params.moment(
    "as_of",
    "The catalogue as it stood at this time, or at the end of this day (UTC). Lists are then sorted by slug.",
    end_of_day=True,
    example="2026-12-31",
)


INCLUDE = params.names("include", "`provenance`: for every value who, approver, when and source.", ["provenance"])


def orders(kind: Kind) -> dict[str, list[Key]]:
    """The orders of a kind by name, each ending with the slug; the first is the default."""
    found = {"slug": [Key("slug")]}
    for name, order in kind.orders.items():
        found[name] = paging.keys_of(order.by)
    return found


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
    """All that the list of a kind may be asked."""
    sort = params.choice("sort", "The order.", orders(kind), default="slug")
    return (*filters.filter_params(kind), sort, AS_OF, *shape_params(kind), *paging.PARAMS)


class EntryList(KindView):
    """The entries of one kind."""

    renderer_classes = [JSON, CSV, JSONLines, ProblemJSON]

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        return None if values["include"] else version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Any:
        check(values, request)
        self.rows = self._rows(values)
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

    def _rows(self, values: dict[str, Any]) -> QuerySet[Any]:
        """The live entries that are meant; those of a past date are found in the ledger, whose words nobody counts."""
        rows: QuerySet[Any] = self.kind.model.objects.all()
        if values["as_of"]:
            return rows.none()
        return filters.narrowed(self.kind, rows, values)

    def _page(self, values: dict[str, Any]) -> tuple[list[Item], str | None]:
        """The entries of a page, and the cursor of the next where there is one."""
        size, at = values["page_size"], values["as_of"]
        keys = orders(self.kind)[values["sort"]]
        name = f"{values['sort']}@{at.isoformat()}" if at else values["sort"]
        position = paging.position(values["cursor"], name, self.kind.model, keys)
        if at:
            found, further = self._standing(values, at, position, size)
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

    def _standing(
        self, values: dict[str, Any], at: datetime, position: Any, size: int
    ) -> tuple[list[Item], list[Any] | None]:
        """A page of a past date, and the position after it; filters are asked of each entry in turn."""
        rows = asof.standing(at, kind=self.kind).order_by("slug")
        if position:
            rows = rows.filter(slug__gt=position[0])
        asked = filters.in_use(self.kind, values)
        if not asked:
            found = of_ledger(rows[: size + 1])
            return found[:size], [found[size - 1].slug] if len(found) > size else None
        looked = list(asof.with_creation(rows)[: LOOKED_THROUGH + 1])
        kept = [
            entry.slug
            for entry in asof.entries(self.kind, looked[:LOOKED_THROUGH], at)
            if all(one.keeps(entry, what) for one, what in asked)
        ]
        further = kept[size - 1] if len(kept) > size else None
        if further is None and len(looked) > LOOKED_THROUGH:
            further = looked[LOOKED_THROUGH - 1].slug
        return of_ledger(rows.filter(slug__in=kept[:size])), [further] if further else None

    def _stream(self, ending: str, values: dict[str, Any]) -> StreamingHttpResponse:
        """All that matches, written while it is read, in constant memory."""
        if ending == "csv":
            keys = values["fields"] or self.kind.form.payload_keys()
            lines: Iterator[bytes] = (line.encode() for line in csv_rows.rows(keys, self._plain(values)))
            return StreamingHttpResponse(pieces(lines), content_type="text/csv; charset=utf-8")
        lines = (orjson.dumps(one) + b"\n" for page in self._pages(values) for one in shown(page, values))
        return StreamingHttpResponse(pieces(lines), content_type="application/jsonl")

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
    if values["as_of"] and values["sort"] != "slug":
        errors["sort"] = ["With as_of the order is `slug`."]
    if values["as_of"] and values["count"] == "true":
        errors["count"] = ["A past date is not counted."]
    if request.accepted_renderer.format in ("csv", "jsonl"):
        whole = {"cursor", "page_size", "count", *({"expand", "include"} if _is_csv(request) else ())}
        for name in sorted(whole & set(request.GET)):
            errors[name] = ["CSV and JSON Lines give all rows, and CSV the fields alone: leave this out."]
    if errors:
        raise Problem(400, f"Not right in the query: {', '.join(errors)}.", kind="bad-parameter", errors=errors)


def _is_csv(request: Request) -> bool:
    return bool(request.accepted_renderer.format == "csv")
