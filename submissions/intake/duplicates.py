"""Entries that a payload may double: exact keys by one index, names that look alike by the search engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.kinds import Kind
from catalog.models import EntryKey
from catalog.reading import search
from catalog.text.folding import compact, likeness

MOST = 5
ALIKE = 0.86
SHORTEST = 4
CERTAIN = ("arxiv:", "doi:", "claim:", "name:")
REASONS = {
    "arxiv:": "same arXiv id {}",
    "doi:": "same DOI {}",
    "url:": "same address {}",
    "name:": "same name",
    "claim:": "same model, benchmark, part, split, metric and setting",
}


@dataclass(frozen=True)
class Twin:
    """An entry that may be the same thing; `strength` is "certain" or "likely"."""

    slug: str
    name: str
    url: str
    reason: str
    strength: str


def likely(
    kind: Kind,
    payload: Mapping[str, Any],
    exclude: int | None = None,
    held: Mapping[str, list[int]] | None = None,
) -> list[Twin]:
    """At most five entries of the kind that the payload may double, the surest first, in at most seven queries.

    `held` are the `holders` of its keys (others may be among them), where they were read with those of others.
    """
    twins = _sharing(kind, kind.keys(payload), held, exclude)
    slugs = {twin.slug for twin in twins}
    own = kind.model.objects.filter(pk=exclude).values_list("slug", flat=True).first() if exclude else None
    alike = [twin for twin in _alike(kind, payload) if twin.slug not in slugs | {own}]
    return (twins + alike)[:MOST]


def certain(kind: Kind, payload: Mapping[str, Any]) -> list[Twin]:
    """At most five entries that are the same thing by an id, a name or a claim, in at most two queries."""
    return _sharing(kind, set(filter(is_certain, kind.keys(payload))))


def _sharing(
    kind: Kind, keys: set[str], held: Mapping[str, list[int]] | None = None, exclude: int | None = None
) -> list[Twin]:
    """The entries that hold one of the keys, the surest first."""
    known = holders(kind, keys) if held is None else held
    shared: dict[int, list[str]] = {}
    for key in keys:
        for pk in known.get(key, ()):
            shared.setdefault(pk, []).append(key)
    shared.pop(exclude or 0, None)
    ranked = sorted(shared.items(), key=lambda item: (min(map(_rank, item[1])), item[0]))[:MOST]
    rows = kind.model.objects.in_bulk([pk for pk, _ in ranked])
    return [_twin(rows[pk], min(found, key=_rank)) for pk, found in ranked if pk in rows]


def holders(kind: Kind, keys: Iterable[str]) -> dict[str, list[int]]:
    """The entries that hold each of these keys, in one query for every few thousand."""
    wanted = list(keys)
    found: dict[str, list[int]] = {}
    for start in range(0, len(wanted), 5000):
        rows = EntryKey.objects.filter(kind=kind.name, key__in=wanted[start : start + 5000])
        for key, pk in rows.values_list("key", "entry_id"):
            found.setdefault(key, []).append(pk)
    return found


def is_certain(key: str) -> bool:
    """Whether two entries with this key are the same thing, rather than only near each other."""
    return key.startswith(CERTAIN)


def _rank(key: str) -> int:
    return next(n for n, start in enumerate(REASONS) if key.startswith(start))


def _twin(entry: Any, key: str) -> Twin:
    start, _, rest = key.partition(":")
    reason = REASONS[f"{start}:"].format(rest)
    return Twin(entry.slug, entry.name, entry.get_absolute_url(), reason, "certain" if is_certain(key) else "likely")


def _alike(kind: Kind, payload: Mapping[str, Any]) -> list[Twin]:
    """Entries with a name, a title or an alias that differs by a few letters from the name or the title given."""
    texts = {compact(str(payload.get(key) or "")): str(payload.get(key) or "") for key in ("name", "title")}
    texts = {short: text for short, text in texts.items() if len(short) >= SHORTEST}
    if not kind.known_by_name or not texts:
        return []
    hits = {hit.slug: hit for text in texts.values() for hit in search.suggest(text, kind.name, MOST)}
    close = []
    for entry in kind.model.objects.filter(slug__in=hits):
        names = [compact(name) for name in (entry.name, getattr(entry, "title", ""), *entry.aliases) if name]
        best = max(likeness(text, name) for text in texts for name in names)
        close += [(best, hits[entry.slug])] if best >= ALIKE else []
    close.sort(key=lambda pair: (-pair[0], pair[1].slug))
    return [Twin(hit.slug, hit.text, hit.url, "similar name", "likely") for _, hit in close]
