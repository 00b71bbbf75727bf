"""Everything to take along: a list, an entry, the whole catalogue."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from catalog.exchange import bibtex, csv_rows
from catalog.exchange.awesome.queries import awesome_readme
from catalog.exchange.croissant import croissant
from catalog.exchange.envelope import Envelope, envelope, envelopes
from catalog.exchange.pieces import pieces
from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.kinds.formats import Format
from catalog.listing import past
from catalog.models import Entry
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.parameters import BadQuery, bad_query, strict_filterset

TYPES = {
    "json": "application/json",
    "croissant.json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def export_page(request: HttpRequest) -> HttpResponse:
    """What can be taken along, and how."""
    return render(request, "catalog/exports.html", {"kinds": list(KINDS.values())})


def export_list(request: HttpRequest, plural: str, ending: str) -> HttpResponseBase:
    """The entries of a kind that the query leaves, in its order, streamed; with ?as_of= those of a past moment."""
    kind = BY_PLURAL[plural]
    write = writer(kind, ending, kind.formats)
    try:
        filterset = strict_filterset(kind, request.GET)
    except BadQuery as refusal:
        return bad_query(request, refusal)
    if filterset.as_of:
        entries = past.entries(filterset, filterset.as_of)
        found: Iterable[Envelope] = (envelope(kind, entry, settings.SITE_URL) for entry in entries)
    else:
        found = envelopes(kind, filterset.qs, settings.SITE_URL)
    return _file(write(kind, found), f"{plural}.{ending}", ending)


@entry_view
def export_entry(request: HttpRequest, plural: str, slug: str, ending: str) -> HttpResponseBase:
    """One entry."""
    kind = BY_PLURAL[plural]
    write = writer(kind, ending, kind.all_formats)
    one = envelope(kind, _whole(kind, entry_of(kind, slug)), settings.SITE_URL)
    if ending == "json":
        return _whole_file(_json(one, indent=2) + "\n", f"{slug}.json", ending)
    return _whole_file("".join(write(kind, [one])), f"{slug}.{ending}", ending)


def export_all(request: HttpRequest) -> HttpResponseBase:
    """The whole catalogue as JSON Lines, a kind after the other."""
    found = (
        one for kind in KINDS.values() for one in envelopes(kind, kind.model.objects.order_by("pk"), settings.SITE_URL)
    )
    return _file(_lines(found), "catalogue.jsonl", "jsonl")


def export_readme(request: HttpRequest) -> HttpResponseBase:
    """The catalogue as an awesome-list README."""
    return _whole_file(awesome_readme(), "README.md", "md")


Writer = Callable[[Kind, Iterable[Envelope]], Iterable[str]]


def writer(kind: Kind, ending: str, formats: tuple[Format, ...]) -> Writer:
    """How a kind is written in one of `formats`; 404 for another one."""
    if ending not in {one.ending for one in formats}:
        raise Http404(f"There is no {ending} of {kind.label_plural.lower()}.")
    return WRITERS[ending]


def _whole(kind: Kind, entry: Entry) -> Entry:
    found: Entry = kind.model.objects.with_references().get(pk=entry.pk)
    return found


def _lines(found: Iterable[Envelope]) -> Iterator[str]:
    for one in found:
        yield _json(one) + "\n"


def _array(found: Iterable[Envelope]) -> Iterator[str]:
    opening = "[\n"
    for one in found:
        yield opening + _json(one)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _croissants(found: Iterable[Envelope]) -> Iterator[str]:
    for one in found:
        yield _json(croissant(one["fields"], one["url"], one["updated"][:10]), indent=2) + "\n"


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


WRITERS: dict[str, Writer] = {
    "json": lambda kind, found: _array(found),
    "jsonl": lambda kind, found: _lines(found),
    "csv": lambda kind, found: csv_rows.rows(kind.form.payload_keys(), found),
    "bib": lambda kind, found: bibtex.papers(found),
    "croissant.json": lambda kind, found: _croissants(found),
}


def _file(parts: Iterable[str], name: str, ending: str) -> StreamingHttpResponse:
    """A download that is written while it is read; browsers show it, and save it under `name`."""
    response = StreamingHttpResponse(pieces(part.encode() for part in parts), content_type=TYPES[ending])
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _whole_file(text: str, name: str, ending: str) -> HttpResponse:
    """A download of bounded size."""
    response = HttpResponse(text.encode(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
