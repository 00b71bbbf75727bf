"""What Semantic Scholar says about a paper, where the service that has it does not answer.

Its open interface is shared by everybody without a key and often busy (https://api.semanticscholar.org/api-docs/graph).
"""

from urllib.parse import quote

from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import fetch_json
from submissions.intake.lookups.sites import SEMANTIC_SCHOLAR
from submissions.intake.lookups.values import doi, items, line, names, obj, titled, year

API = "https://api.semanticscholar.org/graph/v1/paper/"
PAGES = "https://www.semanticscholar.org/"
FIELDS = "url,title,authors,year,venue,externalIds"
NO_VENUE = frozenset({"arxiv", "arxiv.org", "corr"})


def read_semantic_scholar(paper: str, until: float) -> Answer:
    """Title, authors, year, venue and DOI of `ARXIV:…`, `DOI:…` or `ACL:…`. Raises NotFetched."""
    reply = obj(fetch_json(SEMANTIC_SCHOLAR, f"{API}{quote(paper, safe=':')}?fields={FIELDS}", until))
    title, venue = line(reply.get("title")), line(reply.get("venue"))
    if not title:
        raise SEMANTIC_SCHOLAR.not_understood()
    fields = {
        **titled(title),
        "authors": names(obj(author).get("name") for author in items(reply.get("authors"))),
        "year": year(reply.get("year")),
        "venue": "" if venue.lower() in NO_VENUE else venue,
        "doi": doi(obj(reply.get("externalIds")).get("DOI")),
    }
    page = line(reply.get("url"))
    return Answer(page if page.startswith(PAGES) else "", fields)
