"""Why a line of a list is no entry."""

import re
from urllib.parse import unquote

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.names import is_only_published, names_nothing
from catalog.text.identifiers import arxiv_id_of, doi_of

SENTENCE = "a sentence with a link"
REPOSITORY = re.compile(r"https?://(?:www\.)?git(?:hub|lab)\.com/[^/\s]+/[^/\s]+", re.IGNORECASE)
ANY_TARGET = re.compile(r"\]\(\s*+<?([^()\s<>]*)|\bhref\s*=\s*[\"']([^\"'<>]*)", re.IGNORECASE)

TITLE = "\x00"
BETWEEN_TITLES = re.compile(r"(?:[\s,;|/&·•+.()\[\]]|and\b|</?li\b[^<>]{0,200}>|(?:\d{1,3}|[a-z])[.)\]])*+")
"""What stands between the titles of papers that somebody put into one item: separators, numbers, tags of items."""


def titles_of_several(content: str) -> int:
    """How many papers the titles in an item are of, if nothing but separators and when they were published stands
    between two of them; 0 where there is one, such as that whose description names another."""
    titles: list[inline.Link] = []

    def show(link: inline.Link) -> str:
        if names_nothing(link):
            return ""
        titles.append(link)
        return TITLE

    between = inline.with_links_as(content, show).split(TITLE)[1:-1]
    if not any(map(_only_separates, between)):
        return 0
    found_ids = {arxiv_id_of(link.url) for link in titles}, {doi_of(link.url) for link in titles}
    number = max(len(ids - {""}) for ids in found_ids)
    return number if number > 1 else 0


def _only_separates(text: str) -> bool:
    return bool(BETWEEN_TITLES.fullmatch(text)) or is_only_published(text)


def leads_to_list_itself(content: str) -> bool:
    """Whether all links of an item lead to the section of a repository’s page that their text names."""
    found_links, _ = inline.links(content)
    return bool(found_links) and all(_is_section(link) for link in found_links)


def _is_section(link: inline.Link) -> bool:
    page, _, section = link.url.partition("#")
    anchor = re.sub(r"[^\w-]", "", link.text.lower().replace(" ", "-"))
    return bool(anchor) and unquote(section).lower().strip("-") == anchor.strip("-") and bool(REPOSITORY.match(page))


def why_not_read(content: str, *, is_item: bool) -> tuple[str, bool]:
    """Why there is no entry in an item or a paragraph, and whether that is worth a look."""
    found_links, text = inline.links(content)
    if not found_links:
        return _why_no_link(content, is_item=is_item)
    if leads_to_list_itself(content):
        return "a link within the page", False
    plain = " ".join(inline.plain_text(text).split())
    has_words = plain or any(link.text for link in found_links)
    if not has_words and inline.IMAGE_OR_COMMENT.search(content):
        return "pictures with links", False
    return (f"No name found in “{(plain or content.strip())[:80]}”.", True) if is_item else (SENTENCE, False)


def _why_no_link(content: str, *, is_item: bool) -> tuple[str, bool]:
    targets = [one or other for one, other in ANY_TARGET.findall(inline.IMAGE_OR_COMMENT.sub("", content))]
    if not targets:
        return "an item without a link" if is_item else "text", False
    if all(target.startswith("#") for target in targets):
        return "a link within the page", False
    if is_item and not any(targets):
        return "A link without an address.", True
    if is_item:
        return f"“{targets[0][:80]}” is an address within the list’s own files: write the whole address.", True
    return "a link within the list’s own files", False
