"""What every document that leaves the site has in common."""

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from catalog.text.documents import clean_bytes

TEXTUAL = (
    *("text/", "application/json", "application/xml", "application/jsonl"),
    *("application/x-bibtex", "application/x-research-info-systems"),
)
SUFFIXES = ("+json", "+xml")


class CleanDocuments:
    """Replaces characters that no document may hold, whatever the page or export and whatever is stored.

    It is close to the views, so that what is cached and compressed is clean already. A stream is cleaned chunk by
    chunk: ours end with a line, never within a character.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        if not (media_type.startswith(TEXTUAL) or media_type.endswith(SUFFIXES)):
            return response
        is_json = "json" in media_type
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            chunks: Iterable[bytes] = response.streaming_content  # type: ignore[assignment] # not asynchronous
            response.streaming_content = cleaned(chunks, is_json=is_json)
        elif isinstance(response, HttpResponse):
            document = clean_bytes(response.content, is_json=is_json)
            if document != response.content:
                response.content = document
                if "Content-Length" in response.headers:
                    response.headers["Content-Length"] = str(len(document))
        return response


def cleaned(chunks: Iterable[bytes], *, is_json: bool) -> Iterator[bytes]:
    """The chunks of a document, clean."""
    return (clean_bytes(chunk, is_json=is_json) for chunk in chunks)
