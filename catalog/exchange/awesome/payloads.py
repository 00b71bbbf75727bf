"""The payload of one item or paragraph: name, year, venue, links and description, and nothing else."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from catalog.exchange.awesome import inline, venues
from catalog.exchange.awesome.describe import link_kind, paper_fields
from catalog.exchange.awesome.names import (
    TICK_BOX,
    WRAPPING_TAGS,
    begins_with_date,
    bullet_name,
    description_of,
    is_no_name,
    is_only_published,
    is_title_below,
    names_nothing,
    says_nothing,
    split_marks,
    without_bylines,
    without_emoji,
    without_marks,
)
from catalog.text.identifiers import arxiv_error, arxiv_id_of, arxiv_id_of_doi, doi_of

SEED_BULLET = re.compile(r"^\*\*(.+?)\*\* \((\d{4})\) - \[")
SEED_WITHOUT_LINK = re.compile(r"^\*\*((?:(?!\*\*).){1,300})\*\* \((\d{4})\)(?: - (.+))?$")
ESCAPED_TEXT = re.compile(r"(?:\\.|[^\\])*+")
DESTINATION = re.compile(r"^([^()\s]++)\)$")
CITATION = re.compile(r"^(?:\*\*[^*]{1,60}\*\*[:,]\s*)?((?:\*\*)?\[[^\[].*)$", re.DOTALL)
FOLD = re.compile(r"^(?:<(?!summary\b)[^<>]{0,100}>\s*+)*+<summary\b", re.IGNORECASE)
ANCHOR_IN_BOLD = re.compile(r"\*\*(<a\b[^<>]{0,400}>)([^<>]{1,300})(</a>)\*\*", re.IGNORECASE)
STATED_ID = re.compile(r"(?<![\w/.\[])arxiv(?::\s?|\s)(\d{4}\.\d{4,5})(?:v\d{1,2})?(?![\w.]\w)", re.IGNORECASE)
ARXIV = "https://arxiv.org/abs/"
MAX_CITATION_WORDS = 12  # after the title of a citation
ComponentNames = dict[str, list[tuple[str, str]]]
Read = tuple[dict[str, Any] | None, ComponentNames]


def item_payload(content: str) -> Read:
    """The payload of a list item's content and the components it names; None if it has no name."""
    if seed := _seed_bullet(content):
        return seed
    read = content_payload(content)
    return read if read[0] else _without_link(content)


def title_payload(content: str) -> Read:
    """The payload of an item that begins with the title of a paper, linked to it or in quotes; None if a date or other
    words precede the title, or a sentence goes on with it."""
    payload, parts = item_payload(content)
    if payload is None or not {"arxiv_id", "doi"} & payload.keys():
        return None, {}
    title, marks = without_marks(inline.html_bold_to_markdown(TICK_BOX.sub("", content.strip())))
    shown = inline.plain_text(inline.links(title)[1]).lstrip('"“ ')
    is_dated = any(venues.is_date(mark) for mark in marks)
    is_first = title.lstrip("*_ ").startswith(("[", '"', "“")) and shown.startswith(payload["name"])
    goes_on = re.match(r"\s[a-z]", " ".join(shown.split()).removeprefix(payload["name"]))
    return (None, {}) if is_dated or not is_first or goes_on else (payload, parts)


def title_heading_payload(name: str, found_links: list[inline.Link], year: int | None = None, venue: str = "") -> Read:
    """The payload of a heading that is the title of a paper; None if no link leads to one. `year` and `venue` are those
    stated below it."""
    title, marks = split_marks(name)
    year = next(filter(None, map(inline.year_in, (*marks, title))), None) or year
    venue = next(filter(None, map(venues.venue_of_mark, marks)), "") or venue
    payload, parts = entry_payload(title, year, "", found_links, venue)
    return (payload, parts) if {"arxiv_id", "doi"} & payload.keys() else (None, {})


def _seed_bullet(content: str) -> tuple[dict[str, Any], ComponentNames] | None:
    """The payload of an item in the seed's own layout, `**Name** (2024) - [Description](url)`; None for others."""
    head = SEED_BULLET.match(content)
    text, _, end = content[head.end() :].rstrip().rpartition("](") if head else ("", "", "")
    destination = DESTINATION.fullmatch(end)
    if not head or not destination or not ESCAPED_TEXT.fullmatch(text):
        return None
    link = inline.Link(text, destination[1])
    if link.is_generic:
        return None
    summary = "" if text == link.url else inline.unescaped(text)  # an address is no description of itself
    return entry_payload(inline.plain_text(head[1]), int(head[2]), summary, [inline.Link("", link.url)])


def _without_link(content: str) -> Read:
    """The payload of an item in the seed's own layout that has no link, `**Name** (2024) - Description`."""
    item = SEED_WITHOUT_LINK.match(content)
    if not item or inline.links(content)[0] or is_no_name(item[1]):
        return None, {}
    return entry_payload(inline.plain_text(item[1]), int(item[2]), inline.unescaped(item[3] or ""), [])


def citation_payload(content: str) -> Read:
    """The payload of a paragraph that starts with a linked title: "[Title](url), ACL 2021 [[code]](url)".

    A task in bold may precede the title. None for others, which may be sentences with a link.
    """
    folded = bool(FOLD.match(content))
    unwrapped = inline.html_bold_to_markdown(WRAPPING_TAGS.sub("", content.strip()))
    unwrapped = ANCHOR_IN_BOLD.sub(r"\1**\2**\3", unwrapped)
    unwrapped = inline.with_anchors_as_links(unwrapped)
    titled, marks = without_marks(unwrapped)
    if (
        marks
        and titled.startswith("[")
        and all(venues.is_place_and_time(one) or venues.venue_of_mark(one) for one in marks)
    ):
        return _after_venue(titled, unwrapped)
    citation = CITATION.match(unwrapped)
    if not citation:
        return _described_by_labels(unwrapped)
    found_links, text = inline.links(citation[1])
    title = found_links[0] if found_links else None
    if title is None or names_nothing(title) or not _begins_with(citation[1], title):
        return _described_by_labels(unwrapped) if title and names_nothing(title) else (None, {})
    rest = inline.plain_text(text).removeprefix(title.text)
    is_short = len(rest.split()) <= MAX_CITATION_WORDS and (
        inline.year_in(rest) or any(link.is_generic for link in found_links) or bool(_arxiv_id(found_links))
    )
    is_title = folded or is_short or (citation[1].startswith("**[") and bool(_arxiv_id([title])))
    return content_payload(citation[1]) if is_title else (None, {})


def _after_venue(titled: str, content: str) -> Read:
    """The payload of a paragraph that begins with a venue or a date in brackets and the linked title; None if more than
    a few words follow."""
    found_links, text = inline.links(titled)
    title = found_links[0] if found_links else None
    if title is None or names_nothing(title) or not _begins_with(titled, title):
        return _described_by_labels(content)
    rest = inline.plain_text(text).removeprefix(title.text)
    return content_payload(content) if len(rest.split()) <= MAX_CITATION_WORDS else (None, {})


def _described_by_labels(content: str) -> Read:
    """The payload of a paragraph that begins with a title in words and holds links with labels alone, such as
    "**Title**, Ann A. CVPR 2024. [[Paper]](…)", of which one leads to a paper; None for others."""
    found_links, _ = inline.links(content)
    begins = (
        content.startswith(("**", "__"))
        or "[[" in content
        or begins_with_date(content)
        or _ends_with_venue_and_labels(content)
    )
    if not begins or not found_links or not all(names_nothing(link) for link in found_links):
        return None, {}
    if _ends_with_venue_and_labels(content):
        return content_payload(content)
    leads = bool(_arxiv_id(found_links) or _doi(found_links))
    ends = inline.plain_text(inline.links(content[content.rfind("](") - 40 :])[1])
    is_list = "[[" in content or begins_with_date(content) or len(ends.split()) <= MAX_CITATION_WORDS
    return content_payload(content) if leads and is_list else (None, {})


def _ends_with_venue_and_labels(content: str) -> bool:
    """Whether a paragraph is a line of words, and a line that states a venue and its year before links with labels."""
    title, _, last = content.partition("\n")
    found_links, text = inline.links(last)
    stated = inline.plain_text(text)
    is_cited = bool(found_links) and bool(inline.year_in(stated)) and venues.is_place_and_time(stated)
    return is_cited and not inline.links(title)[0] and all(names_nothing(link) for link in found_links)


def _begins_with(content: str, title: inline.Link) -> bool:
    """Whether a citation begins with the title itself, not with a link that is left out, such as a badge."""
    return inline.plain_text(inline.links(content)[1]).lstrip("[ ").startswith(title.text[:20])


def content_payload(content: str) -> Read:
    """The payload of the content of an item, whose lines are those that the list shows."""
    content = inline.html_bold_to_markdown(WRAPPING_TAGS.sub("", TICK_BOX.sub("", content.strip())))
    content = with_ids_as_links(content)
    found_links, _ = inline.links(content)
    pictured = [*inline.texts_of_pictures(content), *(link.text.strip("[]") for link in found_links)]
    content, marks = without_marks(content)
    name, more = split_marks(_name_of(content, found_links, marks))
    if not name:
        return None, {}
    text = without_bylines(inline.links(content)[1])
    rest = inline.plain_text(inline.links(content)[1]).replace(name, "", 1)
    badges = [one for one in pictured if venues.is_place_and_time(one) or venues.is_venue(one)]
    summary = description_of(text, name)
    stated = [*marks, *more, *badges, *([summary] if venues.is_venue(summary) else [])]
    venue = next(filter(None, map(venues.venue_of_mark, stated)), "") or venues.venue_in(rest)
    said = (venue, *marks, *more, rest, *badges, name)
    year = next(filter(None, map(inline.year_in, said)), None)
    is_said = summary in stated or ((venue or year) and is_only_published(summary))
    payload, components = entry_payload(name, year, "" if is_said else summary, found_links, venue)
    return _with_stated_id(payload, summary), components


def _name_of(content: str, found_links: list[inline.Link], marks: list[str]) -> str:
    """The name in the first of the lines that has words: what follows a break is none, but for a title in quotes below
    its authors. Where there is nothing else on the first line, the last of the `marks` before it is the name."""
    first, *others = content.split("\n")
    is_alone = bool(marks and found_links) and says_nothing(inline.plain_text(inline.links(first)[1]))
    if is_alone and not is_no_name(inline.plain_text(marks[-1])):
        return inline.plain_text(marks[-1])
    for shown in others if is_title_below(first, others) else [first, *others]:
        text = inline.links(shown)[1]
        name = bullet_name(shown, found_links, text)
        if name or inline.plain_text(text):
            return name
    return ""


def _with_stated_id(payload: dict[str, Any], summary: str) -> dict[str, Any]:
    """A payload with the arXiv id that its description consists of, if its links state none."""
    stated = STATED_ID.search(summary)
    if not stated or "arxiv_id" in payload or not is_only_published(STATED_ID.sub("", summary)):
        return payload
    found = _arxiv_id([inline.Link("", ARXIV + stated[1])])
    return {**payload, "arxiv_id": found} if found else payload


def with_ids_as_links(content: str) -> str:
    """A content without links, with an id in words, "arXiv:2401.00001", as one."""
    return content if inline.links(content)[0] else STATED_ID.sub(rf"[arXiv]({ARXIV}\1)", content)


def with_links(payload: dict[str, Any], found_links: list[inline.Link]) -> dict[str, Any]:
    """A payload with more links, and the ids that they state."""
    if not found_links:
        return payload
    more, _ = entry_payload("", None, "", found_links)
    links = without_repeated_urls([*payload.get("links", []), *more["links"]])
    return {**{key: more[key] for key in ("arxiv_id", "doi") if key in more}, **payload, "links": links}


def entry_payload(
    name: str, year: int | None, text: str, found_links: list[inline.Link], venue: str = ""
) -> tuple[dict[str, Any], ComponentNames]:
    """The fields of an entry, verbatim, plus those that its description states."""
    fields, parts = paper_fields(text)
    rows = [{"kind": link.label_kind or link_kind(link.url), "url": link.url, "label": ""} for link in found_links]
    payload: dict[str, Any] = {
        "name": without_emoji(name),
        "year": year,
        "summary": text,
        "links": without_repeated_urls(rows),
        **fields,
    }
    if venue:
        payload["venue"] = venue
    if paper := _arxiv_id(found_links):
        payload["arxiv_id"] = paper
    if published := _doi(found_links):
        payload["doi"] = published
    return payload, parts


def _arxiv_id(found_links: Iterable[inline.Link]) -> str:
    """The first arXiv id that links lead to, of those that there can be: the form would refuse the row for others."""
    today = datetime.now(UTC).date()
    ids = filter(None, (arxiv_id_of(link.url) for link in found_links))
    return next((found for found in ids if not arxiv_error(found, today)), "")


def is_paper(url: str) -> bool:
    """Whether an address is that of a paper, by its arXiv id or DOI."""
    return bool(arxiv_id_of(url) or doi_of(url))


def _doi(found_links: Iterable[inline.Link]) -> str:
    """The first DOI that links lead to, but for those of arXiv, which say no more than its ids."""
    dois = filter(None, (doi_of(link.url) for link in found_links))
    return next((found for found in dois if not arxiv_id_of_doi(found)), "")


def without_repeated_urls(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows, each URL once."""
    return list({row["url"]: row for row in reversed(rows)}.values())[::-1]
