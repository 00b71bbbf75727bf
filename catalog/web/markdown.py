"""Markdown to HTML: rendered without raw HTML, then cleaned by an allow-list."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "h3",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
RENDERER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def render(text: str) -> SafeString:
    """Safe HTML of a Markdown text; links are http, https or mailto only, with rel="nofollow noopener"."""
    return _cleaned(RENDERER.render(text))


def inline(text: str) -> SafeString:
    """Safe HTML of one line of Markdown, without a paragraph around it."""
    return _cleaned(RENDERER.renderInline(text))


def _cleaned(html: str) -> SafeString:
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(html)  # noqa: S308 -- cleaned by nh3 just above
