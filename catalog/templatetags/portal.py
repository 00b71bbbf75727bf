"""What templates ask for beyond Django's own tags."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString

from catalog.kinds import KINDS
from catalog.models import LinkKind
from catalog.text import dates
from catalog.web import markdown as markdown_

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return markdown_.render(text)


@register.filter
def partial_date(value: str) -> str:
    """A date as far as it is known, in words."""
    return dates.partial_date(value)


@register.filter
def moment_words(at: datetime) -> str:
    """A past moment in words: a day, or a time of it."""
    return dates.moment_words(at)


@register.filter
def moment_value(at: datetime) -> str:
    """A past moment as `as_of` takes it."""
    return dates.moment_value(at)


@register.filter
def shortened(names: str, most: int = 2) -> str:
    """A list of organisations set apart by semicolons, in short: the first `most` and how many more there are."""
    parts = [part.strip() for part in names.split(";")]
    return "; ".join(parts[:most]) + (f" and {len(parts) - most} more" if len(parts) > most else "")


@register.filter
def joined(values: Sequence[Any], separator: str = ", ") -> str:
    """Texts in one line."""
    return separator.join(str(value) for value in values)


@register.filter
def link_label(kind: str) -> str:
    """The name of a kind of link: "weights" gives "Weights"."""
    return str(LinkKind(kind).label)


@register.filter
def pages_around(page: "Page[Any]") -> list[int | str]:
    """The page numbers to offer, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def plural_of(kind: str) -> str:
    """The address part of a kind: "paper" gives "papers"."""
    return KINDS[kind].plural


@register.filter
def plain(text: str) -> str:
    """Markdown as one line of plain text, for a description or a row."""
    return " ".join(text.replace("**", "").replace("`", "").split())
