"""What is cited, in the terms that BibTeX, RIS and CSL-JSON share: publications, and revisions of entries."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from catalog.exchange.envelope import Envelope
from catalog.text.author_names import is_group
from catalog.text.rows import readable_rows, texts_of
from catalog.text.venues import VenueType, venue_in

STOPWORDS = {"a", "an", "the", "on", "of", "for", "in", "to", "and", "with"}


class PublicationType(Enum):
    """The sort of a publication; OTHER is what is not known to be one of the others."""

    PROCEEDINGS = "paper in proceedings"
    JOURNAL = "article in a journal"
    PREPRINT = "preprint"
    PAGE = "page"
    OTHER = "other"


OF_VENUE = {VenueType.PROCEEDINGS: PublicationType.PROCEEDINGS, VenueType.JOURNAL: PublicationType.JOURNAL}


@dataclass(frozen=True)
class Author:
    """An author by name; a group's name has no given and family name in it."""

    name: str
    is_group: bool = False


@dataclass(frozen=True)
class Publication:
    """What is cited. `container` is what it appeared in, `date` an ISO 8601 day; texts are in one line, and "" or None
    if nothing is stated."""

    type: PublicationType
    key: str
    title: str
    authors: tuple[Author, ...]
    year: int | None
    container: str = ""
    note: str = ""
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""
    date: str = ""


def paper(envelope: Envelope) -> Publication:
    """The publication of a paper's envelope."""
    fields = envelope["fields"]
    arxiv, title, authors = (
        _line(fields["arxiv_id"]),
        _line(fields["title"]) or _line(fields["name"]),
        authors_of(fields),
    )
    type_, container, year, note = _appearance(_line(fields["venue"]), fields["year"], is_on_arxiv=bool(arxiv))
    links = [link["url"] for link in readable_rows(fields["links"], "url")]
    return Publication(
        type=type_,
        key=citation_key([author.name for author in authors], year, title),
        title=title,
        authors=authors,
        year=year,
        container=container,
        note=note,
        arxiv_id=arxiv,
        doi=_line(fields["doi"]),
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else links[0] if links else envelope["url"],
    )


def _appearance(venue: str, first_year: Any, *, is_on_arxiv: bool) -> tuple[PublicationType, str, int | None, str]:
    """What a paper appeared as, in what, in which year, and a note.

    The year of an entry is that of the first publication, which is the preprint's for a paper that has one. So a paper
    on arXiv with a venue that states no year is cited as the preprint, with the venue as its note.
    """
    year = first_year if isinstance(first_year, int) else None
    stated = venue_in(venue)
    type_ = OF_VENUE.get(stated.type)
    if type_ and (stated.year or not is_on_arxiv):
        return type_, stated.name, stated.year or year, stated.remark
    if is_on_arxiv:
        return PublicationType.PREPRINT, "", year, venue
    return PublicationType.OTHER, stated.name, year, stated.remark


def papers(envelopes: Iterable[Envelope]) -> Iterator[Publication]:
    """The publications of many papers, with unique keys."""
    used: dict[str, int] = {}
    for envelope in envelopes:
        publication = paper(envelope)
        count = used[publication.key] = used.get(publication.key, 0) + 1
        yield publication if count == 1 else replace(publication, key=f"{publication.key}-{count}")


def revision(name: str, *, url: str, number: int, date: str, site: str) -> Publication:
    """A revision of an entry, as a page of this site, of an ISO 8601 day."""
    return Publication(
        type=PublicationType.PAGE,
        key=_ascii_alphanumerics(site + name)[:60] or "entry",
        title=_line(name),
        authors=(Author(f"{site} contributors", is_group=True),),
        year=int(date[:4]),
        container=f"{site}, revision {number}",
        url=url,
        date=date,
    )


def authors_of(fields: dict[str, Any]) -> tuple[Author, ...]:
    """The authors of a paper; its organisation if none are stated."""
    names = [_line(name) for name in texts_of(fields["authors"])]
    organisation = _line(fields["organisation"])
    if names:
        return tuple(Author(name, is_group(name)) for name in names)
    return (Author(organisation, is_group=True),) if organisation else ()


def citation_key(names: Sequence[str], year: int | None, title: str) -> str:
    """A citation key: first author's last name, year, first word of the title that is no stop word."""
    last_name = names[0].split()[-1] if names and names[0].split() else "anon"
    title_words = [word for word in re.findall(r"[^\W_]+", title) if word.lower() not in STOPWORDS]
    return (
        "".join(
            _ascii_alphanumerics(part)
            for part in (last_name, str(year or ""), title_words[0] if title_words else "entry")
        )
        or "entry"
    )


def _ascii_alphanumerics(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())


def _line(text: Any) -> str:
    """A text in one line; "" for what is none, which stored payloads may hold."""
    return " ".join(text.split()) if isinstance(text, str) else ""
