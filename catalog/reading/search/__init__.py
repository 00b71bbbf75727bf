"""Search: one interface for both database engines, over the search documents that publishing writes."""

from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse

from catalog.kinds import KINDS
from catalog.models import SearchDocument
from catalog.models.database import catalogue_connection
from catalog.reading.search.engine import MAX_MATCHES, Engine, Match
from catalog.reading.search.postgresql import PostgreSQL
from catalog.reading.search.sqlite import SQLite
from catalog.text.folding import arxiv_ids, compact, marked, query_tokens, similarity

__all__ = ["SearchHit", "SearchPage", "TooManyMatches", "matching", "search", "suggest"]

ENGINES: dict[str, type[Engine]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
MIN_MATCHES = 3
MIN_SIMILARITY = 0.7
MAX_PAGES = 50

MarkedText = list[tuple[str, bool]]


@dataclass(frozen=True)
class SearchHit:
    """A matching entry: its name and a summary line as spans, each with whether it matches the query. `standing` is
    what is said of a benchmark or a result (`catalog.reading.boards.standings`)."""

    kind: str
    slug: str
    name: MarkedText
    line: MarkedText
    year: int | None
    standing: str = ""

    @property
    def url(self) -> str:
        return reverse("catalog:detail", args=[KINDS[self.kind].plural, self.slug])

    @property
    def text(self) -> str:
        return "".join(span for span, _ in self.name)


@dataclass(frozen=True)
class SearchPage:
    """A page of hits.

    `total` is exact up to MAX_MATCHES, then `more` is true; `kinds` and `years` count the ranked hits; `guessed` says
    that nothing matched the query and similar names, or entries with any of the words, are shown.
    """

    query: str
    hits: list[SearchHit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    number: int = 1
    pages: int = 1
    kinds: list[tuple[str, int]] = field(default_factory=list)
    years: list[tuple[int, int]] = field(default_factory=list)
    guessed: bool = False


def engine() -> Engine:
    """The engine of the database in use."""
    return ENGINES[catalogue_connection().vendor]()


def search(
    query: str, *, kind: str | None = None, year: int | None = None, page: int = 1, size: int = 20
) -> SearchPage:
    """Search the catalogue, best matches first, in a bounded number of queries.

    The query has no operators. Entries match that have all its words (as prefixes), or a name that begins with it,
    whatever the punctuation. If there are few matches, similar names are added, then entries with any of the words.
    """
    words = query_tokens(query)
    if not words:
        return SearchPage(query)
    compact_query = compact(" ".join(words))
    matches, guessed = _find_matches(words, compact_query, arxiv_ids(query), kind or "", year)
    ordered = sorted(matches, key=lambda match: _order(match, compact_query))
    pages = min(MAX_PAGES, max(1, -(-len(ordered) // size)))
    number = min(max(page, 1), pages)
    return SearchPage(
        query,
        hits=_hits(ordered[(number - 1) * size : number * size], words),
        total=len(ordered),
        more=len(ordered) >= MAX_MATCHES,
        number=number,
        pages=pages,
        kinds=Counter(match.kind for match in ordered).most_common(),
        years=sorted(Counter(match.year for match in ordered if match.year).items(), reverse=True),
        guessed=guessed,
    )


class TooManyMatches(ValueError):
    """More entries match than are ranked, so that nobody can say that these are all."""


def matching(query: str, *, kind: str | None = None, year: int | None = None) -> dict[str, list[int]]:
    """The ids of all entries that match a query, by kind, without guesses such as similar names. Raises TooManyMatches,
    also if the query has no words."""
    words = query_tokens(query)
    if not words:
        raise TooManyMatches("Give a word to search for.")
    ids = arxiv_ids(query)
    start = ids[0] if ids else compact(" ".join(words))
    matches = engine().matches(words, start, all_words=True, kind=kind or "", year=year)
    if len(matches) >= MAX_MATCHES:
        raise TooManyMatches(
            f"At least {MAX_MATCHES:,} entries match. Search for something narrower, or in one kind or year."
        )
    found: dict[str, list[int]] = {}
    for match in matches:
        found.setdefault(match.kind, []).append(match.entry_id)
    return found


def suggest(text: str, kind: str | None = None, limit: int = 5) -> list[SearchHit]:
    """Entries with a similar name, for the page of a 404 response."""
    words = query_tokens(text)
    compact_query = compact(" ".join(words))
    scored = [
        (_similarity(match, compact_query), match)
        for match in engine().similar(compact_query, kind=kind or "", year=None)
    ]
    similar = [(score, match) for score, match in scored if score > 0.5]
    ordered = sorted(similar, key=lambda pair: (-pair[0], pair[1].weight, pair[1].kind, pair[1].entry_id))
    return _hits([match for _, match in ordered[:limit]], words)


def _find_matches(
    words: list[str], compact_query: str, ids: list[str], kind: str, year: int | None
) -> tuple[list[Match], bool]:
    """The matches of a query, and whether they are only similar to it."""
    db_engine = engine()
    matches = db_engine.matches(words, ids[0] if ids else compact_query, all_words=True, kind=kind, year=year)
    if len(matches) >= MIN_MATCHES or len(compact_query) < 4:
        return matches, False
    known = {match.id for match in matches}
    similar = [match for match in db_engine.similar(compact_query, kind=kind, year=year) if match.id not in known]
    similar = [match for match in similar if _similarity(match, compact_query) >= MIN_SIMILARITY]
    if matches or similar or len(words) == 1:
        return matches + similar, not matches and bool(similar)
    return db_engine.matches(words, "", all_words=False, kind=kind, year=year), True


def _similarity(match: Match, compact_query: str) -> float:
    """The similarity (0 to 1) of the query to the most similar name of a document."""
    return max((similarity(compact_query, name[: len(compact_query) + 4]) for name in match.compact.split()), default=0)


def _order(match: Match, compact_query: str) -> tuple[object, ...]:
    """A sort key: exact names, names that begin with the query, then by rank; a kind's weight breaks ties of names."""
    names = match.compact.split()
    if match.compact_name == compact_query or compact_query in names:
        match_class = 0
    elif match.compact_name.startswith(compact_query):
        match_class = 1
    elif any(name.startswith(compact_query) for name in names):
        match_class = 2
    else:
        match_class = 3
    return (
        match_class,
        match.weight if match_class < 3 else match.weight // 4,
        match.rank,
        len(match.compact_name),
        match.kind,
        match.entry_id,  # a document has another id as of a past day
    )


def _hits(matches: list[Match], words: list[str]) -> list[SearchHit]:
    rows = SearchDocument.objects.in_bulk([match.id for match in matches])
    documents = [rows[match.id] for match in matches if match.id in rows]
    return [
        SearchHit(row.kind, row.slug, marked(row.name, words), marked(row.line.replace("\n", " "), words), row.year)
        for row in documents
    ]
