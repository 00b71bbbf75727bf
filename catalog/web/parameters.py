"""Query parameters of a list's page, feed and export: what the filter set reads, unknown parameters, and errors.

A page ignores unknown parameters, lists nothing if a value is invalid, and says so in notices. A feed or an export is
read by programs, so it answers 400 to both. All ignore tracking parameters and empty values, which a form sends for
blank inputs.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from catalog.kinds import Kind
from catalog.listing.fields import printable
from catalog.listing.filterset import EntryFilterSet, QueryForm, filterset_class
from catalog.listing.suggestions import UnknownValue

TRACKING = {
    *("_ga", "_gl", "_hsenc", "_hsmi", "dclid", "fbclid", "gbraid", "gclid", "igshid", "mc_cid", "mc_eid"),
    *("msclkid", "ref", "ref_src", "twclid", "wbraid", "yclid"),
}
PAGING = ("page", "size")
MAX_SUGGESTIONS = 3


@dataclass(frozen=True)
class Suggestion:
    """An alternative value, and the URL of the list with it."""

    label: str
    url: str


@dataclass(frozen=True)
class Notice:
    """What is wrong with a query, and suggested corrections."""

    text: str
    suggestions: list[Suggestion] = field(default_factory=list)


class BadQuery(ValueError):
    """An invalid query of a feed or an export; the message names each wrong parameter."""


@dataclass(frozen=True)
class ListQuery:
    """The query of a list: `params` are the known parameters, `unknown` the names of the others."""

    kind: Kind
    params: QueryDict
    unknown: list[str]
    filterset: EntryFilterSet

    @property
    def empty(self) -> bool:
        """Whether an invalid value makes the list empty. An invalid order does not."""
        return bool(self.filterset.errors.keys() - {"sort"})

    @property
    def usable(self) -> QueryDict:
        """The parameters that are not in error: a feed, an export and the API take them."""
        rest = self.params.copy()
        for name in self.filterset.errors:
            rest.pop(name, None)
        return rest

    @property
    def malformed(self) -> set[str]:
        """The names of the parameters that have a value which is none on any day."""
        errors = self.filterset.errors.as_data()
        return {name for name, found in errors.items() if not all(isinstance(one, UnknownValue) for one in found)}

    @property
    def notices(self) -> list[Notice]:
        """What is wrong with the query."""
        filters = filterset_class(self.kind).base_filters
        unknown = [unknown_parameter_notice(name, filters) for name in self.unknown]
        errors = self.filterset.errors.as_data()
        return unknown + [
            self._bad_value(name, error) for name, field_errors in errors.items() for error in field_errors
        ]

    def _bad_value(self, name: str, error: Exception) -> Notice:
        label = self.filterset.filters[name].label
        if not isinstance(error, UnknownValue):
            return Notice(f"{label}: {' '.join(getattr(error, 'messages', []))}")
        lead = "Did you mean" if error.similar else "Used most:" if error.common else ""
        text = f"{label}: no {self.kind.label.lower()} has “{printable(error.value)}”. {lead}".strip()
        others = (error.similar or error.common)[:MAX_SUGGESTIONS]
        return Notice(text, [Suggestion(value, self._query_with(name, error.value, value)) for value in others])

    def _query_with(self, name: str, before: str, after: str) -> str:
        query = self.params.copy()
        query.setlist(name, [after if value == before else value for value in query.getlist(name)])
        query.pop("page", None)
        return f"?{query.urlencode()}"


def unknown_parameter_notice(name: str, known: Collection[str]) -> Notice:
    """A notice that a page has no such filter, with one of a similar name."""
    similar = get_close_matches(name, list(known), n=1, cutoff=0.8)
    also = f" Did you mean “{similar[0]}”?" if similar else ""
    return Notice(f"There is no filter “{printable(name)}” here.{also}")


def form_notices(form: QueryForm, query: QueryDict, *, also: Collection[str] = PAGING) -> list[Notice]:
    """What is wrong with the query of a page that is not the list of one kind; `also` are its parameters besides the
    fields of the form."""
    unknown = [name for name in without_ignored(query) if name not in {*form.base_fields, *also}]
    return [unknown_parameter_notice(name, form.base_fields) for name in unknown] + [
        Notice(f"{form.base_fields[name].label}: {' '.join(error.messages)}")
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def list_query(kind: Kind, query: QueryDict, *, also: Collection[str] = PAGING, counted: bool = False) -> ListQuery:
    """Read a query; `also` names parameters besides those of the filter set."""
    given = without_ignored(query)
    cls = filterset_class(kind)
    known = {*cls.base_filters, *also}
    unknown = [name for name in given if name not in known]
    for name in unknown:
        del given[name]
    first = next(iter(kind.orders.values()))
    rows = kind.model.objects.order_by(*first.by)
    return ListQuery(kind, given, unknown, cls(given, rows, counted=counted))


def strict_filterset(kind: Kind, query: QueryDict) -> EntryFilterSet:
    """The filter set of a feed or an export, which takes the query of its list. Raises BadQuery."""
    parsed = list_query(kind, query)
    unknown = {name: ["There is no filter of this name here."] for name in parsed.unknown}
    raise_if_errors({**unknown, **{name: list(messages) for name, messages in parsed.filterset.errors.items()}})
    return parsed.filterset


def raise_if_errors(errors: dict[str, list[str]]) -> None:
    """Raise BadQuery if there are errors."""
    if errors:
        raise BadQuery(" ".join(f"{printable(name)}: {' '.join(messages)}" for name, messages in errors.items()))


def bad_query(request: HttpRequest, error: BadQuery) -> HttpResponse:
    """Answer 400 with what is wrong with the query."""
    return render(request, "400.html", {"message": str(error)}, status=400)


def without_ignored(query: QueryDict) -> QueryDict:
    """The query without empty values and tracking parameters."""
    rest = query.copy()
    for name in query:
        values = [value for value in query.getlist(name) if value]
        if not values or name in TRACKING or name.startswith("utm_"):
            del rest[name]
        else:
            rest.setlist(name, values)
    return rest
