"""The Atom feed of a board: what changed on it, and what each change did to it."""

from collections.abc import Sequence
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
from catalog.web.feeds import ChangesFeed, Scope
from catalog.web.parameters import BadQuery, bad_query, raise_if_errors, without_ignored


class BoardFeed(ChangesFeed):
    """The newest changes of a board."""

    def __init__(self, entry: Benchmark, history: BoardHistory) -> None:
        super().__init__()
        self.entry, self.shown = entry, history.view
        self.revisions = [step.revision for step in history.steps]
        self.sentences = {step.revision.pk: change_sentence(step.change, history.name) for step in history.steps}

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Scope:
        return Scope(KINDS[Benchmark.kind])

    def board_title(self, obj: Scope) -> str:
        metric = self.shown.board.metric.name
        about = f"{self.entry.name}, {board_title(self.shown.key)}{f', by {metric}' if metric else ''}"
        return f"{settings.SITE_NAME}: {about}"

    def link(self, obj: Scope) -> str:
        return board_url(self.entry, self.shown.key, metric=self.shown.board.metric.name)

    def feed_guid(self, obj: Scope) -> str:
        return f"{settings.SITE_URL}{feed_url(self.entry, self.shown)}"

    def items(self, obj: Scope) -> Sequence[Revision]:
        return self.revisions

    def item_description(self, item: Revision) -> str:
        return f"{self.sentences[item.pk]} {super().item_description(item)}"


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
    """What changed the board that a query names; the largest one without. Raises BadQuery for a board or a metric that
    there is not."""
    query = without_ignored(request.GET)
    known = (*KEY, "metric")
    raise_if_errors({name: ["There is no such parameter here."] for name in query if name not in known})
    key = key_in(request.GET)
    metric = request.GET.get("metric", "")
    history = board_history(entry, key, metric)
    shown = history.view
    if key and key not in {tab.key for tab in shown.tabs} and not history.steps:
        raise BadQuery(f"There is no board “{board_title(key)}” here.")
    if metric and shown.board.metric.name != metric:
        raise BadQuery(f"metric: There is no metric “{metric}” on this board.")
    return history
