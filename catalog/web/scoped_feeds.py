"""Atom feeds of one entry, of a topic, and of a search."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from pyroaring import BitMap

from catalog.kinds import BY_PLURAL, KINDS
from catalog.kinds.topic.model import Topic
from catalog.ledger.permanent import LedgerEntry
from catalog.listing.facets import ids_in_query
from catalog.models import Revision
from catalog.reading.search import TooManyMatches, matching
from catalog.web.entry_lookup import entry_of, entry_view, ledger_entry_of
from catalog.web.feeds import ChangesFeed, NewFeed, Source, refuse_parameters
from catalog.web.parameters import BadQuery, raise_if_errors
from catalog.web.search import MAX_QUERY_LENGTH, SearchForm

NO_PARAMETERS = "This feed has no filters."


class EntryFeed(ChangesFeed):
    """The changes of one entry."""

    def source(self, query: QueryDict, **kwargs: Any) -> Source:
        refuse_parameters(query, NO_PARAMETERS)
        entry: LedgerEntry = kwargs["entry"]
        url = reverse("catalog:history", args=[entry.kind.plural, entry.slug])
        # by its id in the ledger, since its slug may change
        name = f"entries/{entry.kind.name}/{entry.pk}"
        return Source(f"of {entry.name}", name, url, Revision.objects.filter(kind=entry.kind.name, entry_id=entry.pk))


class TopicFeed(ChangesFeed):
    """The changes of a topic, and of the entries of any kind that name it today."""

    def source(self, query: QueryDict, **kwargs: Any) -> Source:
        refuse_parameters(query, NO_PARAMETERS)
        topic: Topic = kwargs["entry"]
        covered = Q(kind=topic.kind, entry_id=topic.pk)
        for name, kind in KINDS.items():
            covered |= Q(kind=name, entry_id__in=kind.model.objects.filter(topics=topic).order_by().values("pk"))
        url = topic.get_absolute_url()
        return Source(f"about {topic.name}", f"topics/{topic.pk}", url, Revision.objects.filter(covered))


class SearchFeed(NewFeed):
    """The newest entries that match a search today."""

    def source(self, query: QueryDict, **kwargs: Any) -> Source:
        form = SearchForm(query)
        unknown = [name for name in query if name not in {"q", *form.base_fields}]
        raise_if_errors({name: ["There is no such parameter here."] for name in unknown})
        raise_if_errors({name: [str(one) for one in messages] for name, messages in form.errors.items()})
        words = query.get("q", "").replace("\0", "")[:MAX_QUERY_LENGTH].strip()
        kind, year = BY_PLURAL.get(form.cleaned_data.get("kind", "")), form.cleaned_data.get("year")
        given = {"kind": kind.plural if kind else "", "q": words, "year": year}
        used = urlencode({name: value for name, value in given.items() if value})
        try:
            matches = matching(words, kind=kind.name if kind else None, year=year)
        except TooManyMatches as error:
            raise BadQuery(f"q: {error}") from error
        found = Q(pk__in=[])
        for name, ids in matches.items():
            found |= Q(kind=name, entry_id__in=ids_in_query(BitMap(ids)))
        url = f"{reverse('catalog:search')}?{used}"
        return Source(f"that match “{words}”", "search", url, Revision.objects.filter(found), used)


@entry_view
def entry_feed(request: HttpRequest, plural: str, slug: str) -> HttpResponseBase:
    """The feed of one entry, live or not."""
    answer: HttpResponse = EntryFeed()(request, entry=ledger_entry_of(BY_PLURAL[plural], slug))
    return answer


@entry_view
def topic_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The feed of a topic."""
    answer: HttpResponse = TopicFeed()(request, entry=entry_of(KINDS[Topic.kind], slug))
    return answer
