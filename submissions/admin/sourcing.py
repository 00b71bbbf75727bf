"""The page that counts the values without sources, and lists them as work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from catalog.kinds import KINDS
from catalog.ledger.indexing.sourcing import WEAKEST_FIRST
from catalog.models import Entry, FieldSourcing, Sourced
from catalog.reading.sourcing import counts, fields_to_source

PAGE_SIZE = 50
MAX_LISTED = 5000
"""The fields that the list goes through; what is sourced leaves it, so that the rest comes up."""
LACKING = tuple(state for state in WEAKEST_FIRST if state != Sourced.OWN)


@dataclass(frozen=True)
class Lacking:
    """A field of an entry with `number` values that lack sources of their own."""

    entry: Entry
    label: str
    number: int
    edit_url: str


def fields_to_choose() -> list[Any]:
    """The kinds and their fields, as grouped choices: “paper” and “paper.year”."""
    groups = [
        (
            kind.label_plural,
            [
                (kind.name, f"{kind.label_plural}: all fields"),
                *((f"{kind.name}.{key}", kind.label_of(key)) for key in kind.form.payload_keys() if key != "sources"),
            ],
        )
        for kind in KINDS.values()
    ]
    return [("", "All kinds"), *groups]


class WorkForm(forms.Form):
    """What of the work to list."""

    state = forms.ChoiceField(
        label="Values with", required=False, choices=[(state.value, state.label) for state in LACKING]
    )
    of = forms.ChoiceField(label="Of", required=False, choices=fields_to_choose)


def sourcing(request: HttpRequest) -> HttpResponse:
    """Count the values by what says where they were read, and list those without sources of their own: at first those
    without any source."""
    counted = list(counts())
    form = WorkForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    state = Sourced(chosen.get("state") or _first_lacking([total for total, _ in counted]))
    kind, _, field = chosen.get("of", "").partition(".")
    page = Paginator(fields_to_source(state, kind, field)[:MAX_LISTED], PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "Sources of values",
        "kinds": [[(total, total.kind.name) for total, _ in counted]],
        "fields": [
            [(total, total.kind.name), *((row, f"{row.kind.name}.{row.field}") for row in rows)]
            for total, rows in counted
        ],
        "form": WorkForm(initial={"state": state.value, "of": chosen.get("of", "")}),
        "errors": form.errors,
        "state": state,
        "page": page,
        "rows": lacking(list(page.object_list), state),
        "is_cut": page.paginator.count == MAX_LISTED,
        "limit": MAX_LISTED,
    }
    return TemplateResponse(request, "admin/submissions/sourcing.html", context, status=400 if form.errors else 200)


def _first_lacking(totals: Sequence[Any]) -> Sourced:
    """The weakest state that some value has."""
    return next((state for state in LACKING if any(getattr(total, state) for total in totals)), LACKING[0])


def lacking(rows: Sequence[FieldSourcing], state: Sourced) -> list[Lacking]:
    """What there is to do for each row, in one query per kind."""
    entries = {
        name: kind.model.objects.in_bulk({row.entry_id for row in rows if row.kind == name})
        for name, kind in KINDS.items()
        if any(row.kind == name for row in rows)
    }
    return [
        Lacking(entry, KINDS[row.kind].label_of(row.field), getattr(row, state), _edit_url(entry, row.field))
        for row in rows
        if (entry := entries[row.kind].get(row.entry_id))
    ]


def _edit_url(entry: Entry, field: str) -> str:
    """The form that edits an entry, with a new row for a source of the field."""
    url = reverse("submissions:edit", args=[entry.plural, entry.slug])
    return f"{url}?{urlencode({'source_for': field})}#q-sources-{len(entry.sources)}-url"
