"""Entries that a payload may duplicate, found by duplicate keys and by similar names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.kinds import Kind
from catalog.kinds.duplicate_keys import look_alike_keys
from catalog.ledger.identity import entries_by_key
from catalog.reading import search
from catalog.text.folding import compact, similarity

MAX_DUPLICATES = 5
MIN_SIMILARITY = 0.86
MIN_NAME_LENGTH = 4
CERTAIN_KEY_PREFIXES = ("arxiv:", "doi:", "claim:", "name:")
DRAWN_ALIKE = str.maketrans("1i0", "llo")
"""Digits and letters of compact names, and the letter that they, or their capitals, are drawn like."""
REASON_TEXTS = {
    "arxiv:": "same arXiv id {}",
    "doi:": "same DOI {}",
    "url:": "same address {}",
    "name:": "same name",
    "look:": "a name that looks the same",
    "claim:": "same model, benchmark, part, split, metric and setting",
}


@dataclass(frozen=True)
class Duplicate:
    """An entry that may be a duplicate; `strength` is "certain" or "likely"."""

    slug: str
    name: str
    url: str
    reason: str
    strength: str


def find_duplicates(
    kind: Kind,
    payload: Mapping[str, Any],
    exclude: int | None = None,
    known_entries: Mapping[str, list[int]] | None = None,
) -> list[Duplicate]:
    """At most five entries of the kind that the payload may duplicate, certain ones first, in at most seven queries.

    `known_entries` is the result of `entries_by_key` for its keys (and perhaps others), to save a query.
    """
    certain = _by_shared_key(kind, lookup_keys(kind, payload), known_entries, exclude)
    slugs = {duplicate.slug for duplicate in certain}
    own = kind.model.objects.filter(pk=exclude).values_list("slug", flat=True).first() if exclude else None
    similar = [duplicate for duplicate in _by_similar_name(kind, payload) if duplicate.slug not in slugs | {own}]
    return (certain + similar)[:MAX_DUPLICATES]


def lookup_keys(kind: Kind, payload: Mapping[str, Any]) -> dict[str, str]:
    """The keys by which duplicates of a payload are found, each with the key that is the reason: the payload's own, and
    those of names that look like its names."""
    own = kind.duplicate_keys(payload)
    return look_alike_keys(own) | {key: key for key in own}


def find_certain_duplicates(kind: Kind, payload: Mapping[str, Any]) -> list[Duplicate]:
    """At most five entries with the same identifier, name or claim, in at most two queries."""
    return _by_shared_key(kind, {key: key for key in kind.duplicate_keys(payload) if is_certain_key(key)})


def _by_shared_key(
    kind: Kind,
    reasons: Mapping[str, str],
    known_entries: Mapping[str, list[int]] | None = None,
    exclude: int | None = None,
) -> list[Duplicate]:
    """The entries with one of the keys of `reasons`, certain duplicates first."""
    known = entries_by_key(kind, reasons) if known_entries is None else known_entries
    shared: dict[int, list[str]] = {}
    for key, reason in reasons.items():
        for pk in known.get(key, ()):
            shared.setdefault(pk, []).append(reason)
    shared.pop(exclude or 0, None)
    ranked = sorted(shared.items(), key=lambda item: (min(map(_rank, item[1])), item[0]))[:MAX_DUPLICATES]
    rows = kind.model.objects.in_bulk([pk for pk, _ in ranked])
    return [_duplicate(rows[pk], min(keys_of_entry, key=_rank)) for pk, keys_of_entry in ranked if pk in rows]


def is_certain_key(key: str) -> bool:
    """Whether two entries that share this key are certain duplicates, rather than likely ones."""
    return key.startswith(CERTAIN_KEY_PREFIXES)


def _rank(key: str) -> int:
    return next(n for n, start in enumerate(REASON_TEXTS) if key.startswith(start))


def _duplicate(entry: Any, key: str) -> Duplicate:
    start, _, rest = key.partition(":")
    reason = REASON_TEXTS[f"{start}:"].format(rest)
    return Duplicate(
        entry.slug, entry.name, entry.get_absolute_url(), reason, "certain" if is_certain_key(key) else "likely"
    )


def _by_similar_name(kind: Kind, payload: Mapping[str, Any]) -> list[Duplicate]:
    """Entries whose name, title or alias differs by a few letters from the payload's name or title."""
    texts = {compact(str(payload.get(key) or "")): str(payload.get(key) or "") for key in ("name", "title")}
    texts = {short: text for short, text in texts.items() if len(short) >= MIN_NAME_LENGTH}
    if not kind.known_by_name or not texts:
        return []
    hits = {hit.slug: hit for text in texts.values() for hit in search.suggest(text, kind.name, MAX_DUPLICATES)}
    close = []
    for entry in kind.model.objects.filter(slug__in=hits):
        names = [compact(name) for name in (entry.name, getattr(entry, "title", ""), *entry.aliases) if name]
        best = max(_likeness(text, name) for text in texts for name in names)
        close += [(best, hits[entry.slug])] if best >= MIN_SIMILARITY else []
    close.sort(key=lambda pair: (-pair[0], pair[1].slug))
    return [Duplicate(hit.slug, hit.text, hit.url, "similar name", "likely") for _, hit in close]


def _likeness(one: str, other: str) -> float:
    """The similarity of two compact names, 0 to 1: 1 also if they differ in what many typefaces draw alike."""
    return 1.0 if one.translate(DRAWN_ALIKE) == other.translate(DRAWN_ALIKE) else similarity(one, other)
