"""What the pages of proceedings say about a paper: the ACL Anthology in BibTeX, CVF and PMLR in `citation_*` tags.

The tags are those that Google Scholar reads (https://scholar.google.com/intl/en/scholar/inclusion.html#indexing).
"""

import re
from html.parser import HTMLParser
from urllib.parse import quote

from submissions.intake.bibtex import read_bibtex
from submissions.intake.drafts import Draft
from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import BIBTEX, HTML, fetch
from submissions.intake.lookups.sites import ACL_ANTHOLOGY, CVF, PMLR, Site
from submissions.intake.lookups.values import doi, given_first, line, names, titled, year

ACL = "https://aclanthology.org/"
CVF_PAGES = "https://openaccess.thecvf.com/"
PMLR_PAGES = "https://proceedings.mlr.press/"
META = re.compile(r"<meta\s[^<>]{1,2000}>", re.IGNORECASE)
MAX_BIBTEX = 100_000
"""The characters that are read of what should be one record."""
VENUES = ("citation_conference_title", "citation_inbook_title", "citation_journal_title")
ACL_FIELDS = ("name", "title", "authors", "year", "venue", "doi")


def read_acl(acl_id: str, until: float) -> Answer:
    """Title, authors, year, venue and DOI of a paper of the ACL Anthology. Raises NotFetched."""
    text = fetch(ACL_ANTHOLOGY, f"{ACL}{quote(acl_id)}.bib", BIBTEX, until).decode(errors="replace")[:MAX_BIBTEX]
    record = next((item for item in read_bibtex(text) if isinstance(item, Draft)), None)
    if record is None:
        raise ACL_ANTHOLOGY.not_understood()
    stated = {**record.payload, "doi": doi(record.payload.get("doi"))}
    return Answer(f"{ACL}{acl_id}", {key: stated.get(key) for key in ACL_FIELDS})


def read_cvf(path: str, until: float) -> Answer:
    """Title, authors, year and venue of a paper of the Computer Vision Foundation. Raises NotFetched."""
    return _page(CVF, CVF_PAGES, path, until)


def read_pmlr(path: str, until: float) -> Answer:
    """The same of one in the Proceedings of Machine Learning Research. Raises NotFetched."""
    return _page(PMLR, PMLR_PAGES, path, until)


def citation_tags(html: str) -> dict[str, list[str]]:
    """The contents of the `citation_*` tags of a page by their names, in lower case."""
    reader = _Metas()
    for tag in META.finditer(html):
        reader.reset()  # of a tag that is none, such as one with a quotation mark too many
        reader.feed(tag[0])
    return reader.contents


def _page(site: Site, pages: str, path: str, until: float) -> Answer:
    tags = citation_tags(fetch(site, pages + quote(path), HTML, until).decode(errors="replace"))

    def first(*keys: str) -> str:
        return next((text for key in keys for content in tags.get(key, ()) if (text := line(content))), "")

    title = first("citation_title")
    if not title:
        raise site.not_understood()
    fields = {
        **titled(title),
        "authors": names(given_first(line(author)) for author in tags.get("citation_author", ())),
        "year": year(first("citation_publication_date", "citation_year", "citation_date")),
        "venue": first(*VENUES),
        "doi": doi(first("citation_doi")),
    }
    return Answer(pages + path, fields)


class _Metas(HTMLParser):
    """Collects the `citation_*` tags among the tags that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.contents: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = (values.get("name") or "").lower()
        if name.startswith("citation_"):
            self.contents.setdefault(name, []).append(values.get("content") or "")
