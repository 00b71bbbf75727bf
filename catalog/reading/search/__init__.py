"""Search: one interface over the engines, reading the documents that publishing writes."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.models import SearchDocument
from catalog.reading.search.engine import MAX_MATCHES, Engine, Match
from catalog.reading.search.postgresql import PostgreSQL
from catalog.reading.search.sqlite import SQLite
from catalog.text.folding import arxiv_ids, compact, marked, query_tokens, similarity

__all__ = ["SearchHit", "SearchPage", "search", "suggest"]

ENGINES: dict[str, type[Engine]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
MIN_MATCHES = 3
MIN_SIMILARITY = 0.7
MAX_PAGES = 50

MarkedText = list[tuple[str, bool]]


@dataclass(frozen=True)
class SearchHit:
    """A matching entry: its name and a summary line in pieces, each with whether it matches the query."""

    kind: str
    slug: str
    name: MarkedText
    line: MarkedText
    year: int | None

    @property
    def url(self) -> str:
        return reverse("catalog:detail", args=[KINDS[self.kind].plural, self.slug])

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.name)


@dataclass(frozen=True)
class SearchPage:
    """A page of hits. `total` is exact up to 2,000, then `more` says that there are others; `kinds` and `years` count
    the ranked hits; `guessed` says that no name was spelt like the query and similar ones are shown."""

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
    return ENGINES[connection.vendor]()


def search(
    query: str, *, kind: str | None = None, year: int | None = None, page: int = 1, size: int = 20
) -> SearchPage:
    """Search the catalogue, best matches first, in a bounded number of queries.

    The query has no operators. All its words must match (as beginnings of words), or all of it must begin a name,
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


def suggest(text: str, kind: str | None = None, limit: int = 5) -> list[SearchHit]:
    """Entries with a name like this one, for a page that was not found."""
    words = query_tokens(text)
    compact_query = compact(" ".join(words))
    rated = [
        (_similarity(match, compact_query), match)
        for match in engine().similar(compact_query, kind=kind or "", year=None)
    ]
    alike = [(likeness, match) for likeness, match in rated if likeness > 0.5]
    ordered = sorted(alike, key=lambda pair: (-pair[0], pair[1].weight, pair[1].id))
    return _hits([match for _, match in ordered[:limit]], words)


def _find_matches(
    words: list[str], whole: str, ids: list[str], kind: str, year: int | None
) -> tuple[list[Match], bool]:
    """The matches of a query, and whether they are a guess."""
    use = engine()
    matches = use.matches(words, ids[0] if ids else whole, all_words=True, kind=kind, year=year)
    if len(matches) >= MIN_MATCHES or len(whole) < 4:
        return matches, False
    known = {match.id for match in matches}
    close = [match for match in use.similar(whole, kind=kind, year=year) if match.id not in known]
    close = [match for match in close if _similarity(match, whole) >= MIN_SIMILARITY]
    if matches or close or len(words) == 1:
        return matches + close, not matches and bool(close)
    return use.matches(words, "", all_words=False, kind=kind, year=year), True


def _similarity(match: Match, whole: str) -> float:
    """The similarity of the query and the most similar name of a document."""
    return max((similarity(whole, name[: len(whole) + 4]) for name in match.compact.split()), default=0)


def _order(match: Match, whole: str) -> tuple[object, ...]:
    """Exact names, names that begin so, then the rest by rank; papers before results where names decide."""
    names = match.compact.split()
    if match.compact_name == whole or whole in names:
        place = 0
    elif match.compact_name.startswith(whole):
        place = 1
    elif any(name.startswith(whole) for name in names):
        place = 2
    else:
        place = 3
    return (place, match.weight if place < 3 else match.weight // 4, match.rank, len(match.compact_name), match.id)


def _hits(matches: list[Match], words: list[str]) -> list[SearchHit]:
    rows = SearchDocument.objects.in_bulk([match.id for match in matches])
    documents = [rows[match.id] for match in matches if match.id in rows]
    return [
        SearchHit(row.kind, row.slug, marked(row.name, words), marked(row.line.replace("\n", " "), words), row.year)
        for row in documents
    ]
