"""The Atom feed of a board: what changed on it, and what each change did to it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.models import Revision
from catalog.reading.boards.change_sentences import change_sentence
from catalog.reading.boards.pages import KEY, board_url, feed_url, key_in
from catalog.reading.boards.words import board_title
from catalog.reading.results.board_news import BoardHistory, board_history
from catalog.web.as_of import takes_as_of
from catalog.web.entry_lookup import entry_of, entry_view
from catalog.web.feed_pages import FeedPage, split_query
from catalog.web.feeds import ChangesFeed, Scope, Source, what_was_done
from catalog.web.parameters import BadQuery, bad_query, raise_if_errors


class BoardFeed(ChangesFeed):
    """A page of the changes of a board."""

    def __init__(self, entry: Benchmark, history: BoardHistory) -> None:
        super().__init__()
        self.entry, self.shown = entry, history.view
        revisions = [step.revision for step in history.steps]
        self.page = FeedPage(revisions, history.before, history.older, history.newer)
        self.sentences = {step.revision.pk: change_sentence(step.change, history.name) for step in history.steps}

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Scope:
        path, _, query = feed_url(self.entry, self.shown).partition("?")
        url = board_url(self.entry, self.shown.key, metric=self.shown.board.metric.name)
        # the changes are not rows: they are found by a replay
        return Scope(Source("", path.strip("/"), url, Revision.objects.none(), query), path, self.page)

    def title(self, obj: Scope) -> str:
        metric = self.shown.board.metric.name
        about = f"{self.entry.name}, {board_title(self.shown.key)}{f', by {metric}' if metric else ''}"
        return f"{settings.SITE_NAME}: {about}"

    def item_description(self, item: Revision) -> str:
        return f"{self.sentences[item.pk]} {what_was_done(item)}"


@takes_as_of
@entry_view
def board_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The feed of one board of a benchmark."""
    entry: Any = entry_of(KINDS[Benchmark.kind], slug)
    try:
        history = history_of_query(entry, request)
    except BadQuery as error:
        return bad_query(request, error)
    return BoardFeed(entry, history)(request)


def history_of_query(entry: Benchmark, request: HttpRequest) -> BoardHistory:
    """What changed the board that a query names, before the change that it names; the largest board without. Raises
    BadQuery for a board or a metric that there is not."""
    query, before = split_query(request.GET)
    known = (*KEY, "metric")
    raise_if_errors({name: ["There is no such parameter here."] for name in query if name not in known})
    key = key_in(request.GET)  # an empty value is a name too
    metric = request.GET.get("metric", "")
    history = board_history(entry, key, metric, before=before)
    shown = history.view
    if key and key not in {tab.key for tab in shown.tabs} and not history.steps:
        raise BadQuery(f"There is no board “{board_title(key)}” here.")
    if metric and shown.board.metric.name != metric:
        raise BadQuery(f"metric: There is no metric “{metric}” on this board.")
    return history
