"""Downloads: a list, an entry, the catalogue."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from catalog.exchange import csv_rows, json_rows
from catalog.exchange.awesome.queries import awesome_readme
from catalog.exchange.chunks import chunks
from catalog.exchange.citations import CITED
from catalog.exchange.croissant import croissant
from catalog.exchange.envelope import Envelope, envelope, envelopes
from catalog.exchange.json_rows import json_text
from catalog.exchange.results import every_eval_ever
from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.kinds.formats import Format
from catalog.models import Entry
from catalog.web.as_of import takes_as_of
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.parameters import BadQuery, bad_query, strict_filterset

TYPES = {
    "json": "application/json",
    "croissant.json": "application/json",
    "every_eval_ever.json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "md": "text/markdown; charset=utf-8",
}


@takes_as_of
def export_page(request: HttpRequest) -> HttpResponse:
    """List the exports."""
    return render(request, "catalog/exports.html", {"kinds": list(KINDS.values())})


@takes_as_of
def export_list(request: HttpRequest, plural: str, extension: str) -> HttpResponseBase:
    """Stream the entries of a kind, filtered and sorted by the query."""
    kind = BY_PLURAL[plural]
    write = writer(kind, extension, kind.formats)
    try:
        filterset = strict_filterset(kind, request.GET)
    except BadQuery as error:
        return bad_query(request, error)
    rows = envelopes(kind, filterset.qs, settings.SITE_URL)
    return _streamed_download(write(kind, rows), f"{plural}.{extension}", extension)


@takes_as_of
@entry_view
def export_entry(request: HttpRequest, plural: str, slug: str, extension: str) -> HttpResponseBase:
    """Download one entry."""
    kind = BY_PLURAL[plural]
    write = writer(kind, extension, kind.all_formats)
    row = envelope(kind, _with_references(kind, entry_of(kind, slug)), settings.SITE_URL)
    if extension == "json":
        return _download(json_text(row, indent=2) + "\n", f"{slug}.json", extension)
    if extension in UNBOUNDED:
        return _streamed_download(write(kind, [row]), f"{slug}.{extension}", extension)
    return _download("".join(write(kind, [row])), f"{slug}.{extension}", extension)


@takes_as_of
def export_all(request: HttpRequest) -> HttpResponseBase:
    """Stream the catalogue as JSON Lines, one kind after the other."""
    rows = (
        row for kind in KINDS.values() for row in envelopes(kind, kind.model.objects.order_by("pk"), settings.SITE_URL)
    )
    return _streamed_download(json_rows.lines(rows), "catalogue.jsonl", "jsonl")


@takes_as_of
def export_readme(request: HttpRequest) -> HttpResponseBase:
    """The catalogue as an awesome-list README."""
    return _download(awesome_readme(), "README.md", "md")


Writer = Callable[[Kind, Iterable[Envelope]], Iterable[str]]


def writer(kind: Kind, extension: str, formats: tuple[Format, ...]) -> Writer:
    """The writer of a kind's entries for a file extension. Raises Http404 if none of `formats` has it."""
    if extension not in {item.extension for item in formats}:
        raise Http404(f"There is no {extension} of {kind.label_plural.lower()}.")
    return WRITERS[extension]


def _with_references(kind: Kind, entry: Entry) -> Entry:
    loaded: Entry = kind.model.objects.with_references().get(pk=entry.pk)
    return loaded


def _croissants(rows: Iterable[Envelope]) -> Iterator[str]:
    for row in rows:
        yield json_text(croissant(row["fields"], row["url"], row["updated"][:10]), indent=2) + "\n"


def _evaluations(kind: Kind, rows: Iterable[Envelope]) -> Iterator[str]:
    chosen = every_eval_ever.chosen_by(kind.name, (row["slug"] for row in rows))
    return every_eval_ever.lines(chosen, settings.SITE_URL)


def _cited_by(extension: str) -> Writer:
    return lambda kind, rows: CITED[extension](rows)


WRITERS: dict[str, Writer] = {
    "json": lambda kind, rows: json_rows.array(rows),
    "jsonl": lambda kind, rows: json_rows.lines(rows),
    "csv": lambda kind, rows: csv_rows.for_spreadsheets(csv_rows.rows(kind.form.payload_keys(), rows)),
    **{extension: _cited_by(extension) for extension in CITED},
    "croissant.json": lambda kind, rows: _croissants(rows),
    "every_eval_ever.json": _evaluations,
}
UNBOUNDED = {"every_eval_ever.json"}
"""The formats of an entry that have other entries in them, so that they are streamed."""


def _streamed_download(parts: Iterable[str], name: str, extension: str) -> StreamingHttpResponse:
    """A streamed download, which browsers save under `name`."""
    response = StreamingHttpResponse(chunks(part.encode() for part in parts), content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _download(text: str, name: str, extension: str) -> HttpResponse:
    """A download of bounded size."""
    response = HttpResponse(text.encode(), content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
