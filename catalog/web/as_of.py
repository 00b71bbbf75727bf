"""Pages as of a past time: the middleware that reads `as_of`, opens the past catalogue, and keeps the day in links.

A view that shows the catalogue is marked by `takes_as_of`, and then knows nothing of it: its queries are answered from
the past catalogue, and its request has no `as_of`. Any other page answers 400, so that none shows the present to
somebody who wants a past day. The reads of the API take `as_of` as a parameter of their own, or refuse it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from catalog.ledger import past
from catalog.ledger.past import Busy, TooManyRevisions
from catalog.listing.fields import PastMomentField
from catalog.models import Revision
from catalog.text.dates import moment_value, moment_words
from catalog.web.dated_links import with_day
from catalog.web.errors import not_found

NAME = "as_of"
RETRY_AFTER = 10  # seconds
View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=Callable[..., Any])


def takes_as_of(view: ViewT) -> ViewT:
    """Mark a view whose page is of the catalogue of a day, if as_of names one."""
    view.takes_as_of = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Day:
    """The time that a page is as of, for templates.

    `present_url` and `query` are its URL and query without the time; `over` is False for today, whose page is the
    present one.
    """

    moment: datetime
    present_url: str
    query: QueryDict
    over: bool

    @property
    def path(self) -> str:
        return self.present_url.partition("?")[0]

    @property
    def hidden_inputs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.query.lists() if name != "page" for value in values]

    @property
    def value(self) -> str:
        return moment_value(self.moment)

    @property
    def words(self) -> str:
        return moment_words(self.moment)


def value_of_day(request: HttpRequest) -> str:
    """The time that a request is as of, as a value of as_of; "" for the present."""
    day: Day | None = getattr(request, "as_of", None)
    return day.value if day and day.over else ""


class AsOf:
    """Answer requests with as_of. It must be the last middleware, since it calls the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """The page as of the requested time; None without as_of, and for the views of the API, which have a `cls`."""
        texts = [text for text in request.GET.getlist(NAME) if text]
        if not texts or request.method not in ("GET", "HEAD") or hasattr(view, "cls"):
            return None
        rest = request.GET.copy()
        del rest[NAME]
        request.GET = rest  # type: ignore[assignment]  # the view reads the query without the day
        if not getattr(view, "takes_as_of", False):
            return refusal(request, "as_of: this page has no past day; those of the catalogue have.", url_of(request))
        try:
            moment: datetime = PastMomentField().clean(texts)
        except ValidationError as error:
            return refusal(request, f"as_of: {' '.join(error.messages)}", url_of(request))
        day = Day(moment, url_of(request), rest, over=moment < timezone.now())
        return page_as_of(request, day, partial(view, request, *args, **kwargs))


def url_of(request: HttpRequest) -> str:
    """The path of a request with what is left of its query."""
    return f"{request.path}{'?' + request.GET.urlencode() if request.GET else ''}"


def page_as_of(request: HttpRequest, day: Day, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The page of a view as of a time, or one that says why there is none."""
    first = Revision.objects.order_by("at").values_list("at", flat=True).first()
    if first is None or day.moment < first:
        begins = f"It begins on {moment_words(first)}." if first else "It is empty."
        text = f"There was no catalogue on {day.words} yet. {begins}"
        return refusal(request, text, day.present_url, status=404)
    request.as_of = day  # type: ignore[attr-defined]
    opened = past.reading(day.moment) if day.over else nullcontext()
    try:
        with opened:
            return completed(request, day, answer)
    except TooManyRevisions:
        text = "The pages of this catalogue are of the present only, because its ledger is long. The API takes as_of."
        return refusal(request, text, day.present_url)
    except Busy:
        response = refusal(request, "Another past day is being prepared. Try again soon.", day.present_url, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response


def completed(request: HttpRequest, day: Day, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The response of a view, complete before the past catalogue is closed, with links that keep the day."""
    try:
        response: Any = answer()
    except Http404 as error:
        response = not_found(request, error)
    if callable(getattr(response, "render", None)) and not response.is_rendered:
        response.render()
    response["X-Robots-Tag"] = "noindex"
    if not day.over:
        response["Cache-Control"] = "private, no-cache"  # the day ends without a change of the catalogue
    if response.streaming:
        response.streaming_content = streamed(day, response.streaming_content)
    elif response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = with_day(response.content.decode(), day.value, request.path).encode()
    result: HttpResponseBase = response
    return result


def streamed(day: Day, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of a response, made when they are sent: by then the past catalogue has to be opened once more."""
    with past.reading(day.moment) if day.over else nullcontext():
        yield from parts


def refusal(request: HttpRequest, message: str, present_url: str = "", *, status: int = 400) -> HttpResponse:
    """A page that says why there is none as of the requested time, with a link to the present one."""
    context = {"message": message, "present_url": present_url, "status": status}
    return render(request, "catalog/no-day.html", context, status=status)
