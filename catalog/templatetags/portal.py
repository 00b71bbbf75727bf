"""Template filters of the portal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString

from catalog.kinds import KINDS
from catalog.models import LinkKind
from catalog.reading.boards import words
from catalog.reading.boards.words import Source
from catalog.reading.results.claims import Claim
from catalog.reading.sources import Mark, address_of_value, mark_of_address
from catalog.text import dates
from catalog.text.plain import plain_line
from catalog.text.variants import full_name, without_model
from catalog.web import markdown as markdown_

register = template.Library()
register.filter(full_name)
register.filter(without_model)


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return markdown_.render(text)


@register.filter
def datetime_value(at: date) -> str:
    """A day or a moment as the `datetime` of a <time>: HTML allows three decimals of a second, and none are needed."""
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


@register.filter
def partial_date(value: str) -> str:
    """A date, possibly without day or month, written out."""
    return dates.partial_date(value)


@register.filter
def moment_words(at: datetime) -> str:
    """Format a past time: as a day, or with the time of day."""
    return dates.moment_words(at)


@register.filter
def moment_value(at: datetime) -> str:
    """Format a past time as a value of `as_of`."""
    return dates.moment_value(at)


@register.filter
def source_mark(result: Any) -> Mark:
    """The mark of the address that the value of a result was read at."""
    return mark_of_address(address_of_value("value", result.source_url, result.sources), result.sources)


@register.filter
def claim_source(claim: Claim) -> Source:
    """Where a claim was read, as a board shows it."""
    return words.source(claim, claim.source_url, claim.locator)


@register.filter
def shortened(names: str, limit: int = 2) -> str:
    """The first names of a list separated by semicolons, and the number of the others."""
    parts = [part.strip() for part in names.split(";")]
    return "; ".join(parts[:limit]) + (f" and {len(parts) - limit} more" if len(parts) > limit else "")


@register.filter
def joined(values: Sequence[Any], separator: str = ", ") -> str:
    """Values joined by a separator."""
    return separator.join(str(value) for value in values)


@register.filter
def link_label(kind: str) -> str:
    """The label of a link type: "weights" gives "Weights"."""
    return str(dict(LinkKind.choices).get(kind, kind))


@register.filter
def pages_around(page: "Page[Any]") -> list[int | str]:
    """The page numbers to show, with an ellipsis for those left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def plural_of(kind: str) -> str:
    """The plural of a kind, as in URLs: "paper" gives "papers"."""
    return KINDS[kind].plural


@register.filter
def plain(text: str) -> str:
    """Markdown as one line of plain text, for a description or a row."""
    return plain_line(text)
