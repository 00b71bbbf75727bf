"""Which entry a payload describes, and which payloads of a list describe the same: by their identifiers, their names,
their weights, data and code; never by a slug.

Another arXiv id or DOI is another publication, whatever both are called. The same one under another name may be the
same model, or another of the same paper: that is for a person to say. What has no identifiers itself, such as a
dataset, is never the paper that it links to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from catalog.kinds import KINDS, Kind
from catalog.kinds.duplicate_keys import names_and_ids
from catalog.ledger.payloads import payload_of
from catalog.models import Entry, EntryKey, FormerSlug, Revision
from catalog.text.identifiers import canonical_address, hub_of, repository_of
from catalog.text.slugs import slug_for

SCHEMES = {"arxiv": "arXiv id", "doi": "DOI"}
"""The identifiers of a publication, the more telling first."""
LABELS = {**SCHEMES, "url": "address"}
FIELDS = ("arxiv_id", "doi")
NAMES = ("name:", "claim:")
KEYS_PER_QUERY = 5000
KNOWN_PER_KEY = 20
"""How many of those that share a key are compared: two that are the same share a more telling one as well."""
T = TypeVar("T")


@dataclass(frozen=True)
class Identity:
    """What something is recognised by, as duplicate keys: its own identifiers, those that its links lead to, its names
    (of a result, its claim), and the addresses of its weights, data and code."""

    own: frozenset[str]
    linked: frozenset[str]
    names: frozenset[str]
    works: frozenset[str]

    @classmethod
    def of(cls, kind: Kind, own: Mapping[str, Any], keys: Iterable[str]) -> "Identity":
        """The identity of something of a kind with these values of `arxiv_id` and `doi`, and these duplicate keys."""
        ids = frozenset(names_and_ids({key: own.get(key) for key in FIELDS}))
        known = frozenset(keys)
        has_ids = not kind.form.base_fields.keys().isdisjoint(FIELDS)
        linked = frozenset(key for key in known if has_ids and _scheme(key) in SCHEMES)
        names = frozenset(key for key in known if key.startswith(NAMES))
        return cls(ids & linked, linked, names, frozenset(filter(_is_work, known)))

    @property
    def identifiers(self) -> frozenset[str]:
        """Its own identifiers, or those of its links if it has none."""
        return self.own or self.linked

    @property
    def keys(self) -> frozenset[str]:
        """The duplicate keys of which one is shared by whatever may be the same."""
        return self.identifiers | self.names | self.works

    def is_another(self, other: "Identity") -> bool:
        """Whether both have an identifier of one scheme, and not the same."""
        for scheme in SCHEMES:
            mine, theirs = ({key for key in one.own if _scheme(key) == scheme} for one in (self, other))
            if mine and theirs:
                return mine.isdisjoint(theirs)
        return False


@dataclass(frozen=True)
class Match(Generic[T]):
    """What was found, and the words for the identifier or address that it has under another name; "" if its name is the
    same. An address alone is a weak sign: several models have one repository."""

    found: T
    under_another_name: str = ""
    is_weak: bool = False


def best_match(wanted: Identity, candidates: Iterable[tuple[T, Identity]]) -> Match[T] | None:
    """The candidate with an identifier and a name of `wanted`, else with an identifier, a name, or an address."""
    others = [(found, identity) for found, identity in candidates if not wanted.is_another(identity)]
    named = [(found, one) for found, one in others if wanted.names & one.names]
    if both := [found for found, one in named if _share_id(wanted, one)]:
        return Match(both[0])
    for found, one in others:
        if shared := wanted.identifiers & one.identifiers:
            return Match(found, _in_words(shared))
    if named:
        return Match(named[0][0])
    for found, one in others:
        if shared := wanted.works & one.works:
            return Match(found, _in_words(shared), is_weak=True)
    return None


def _share_id(one: Identity, other: Identity) -> bool:
    return bool(one.identifiers & other.identifiers)


def _is_work(key: str) -> bool:
    """Whether a duplicate key is the address of a model or dataset on Hugging Face, or of a repository on GitHub."""
    address = key.removeprefix("url:")
    return address != key and bool(hub_of(address)[1] or (repository_of(address) and canonical_address(address)))


def _scheme(key: str) -> str:
    return key.partition(":")[0]


def _in_words(keys: Collection[str]) -> str:
    """“arXiv id 2304.08485” of the most telling of these keys."""
    key = min(keys, key=lambda key: (list(LABELS).index(_scheme(key)), key))
    return f"{LABELS[_scheme(key)]} {key.partition(':')[2]}"


def identity_of(kind: Kind, payload: Mapping[str, Any]) -> Identity:
    """The identity of a payload."""
    return Identity.of(kind, payload, kind.duplicate_keys(payload))


class ByIdentity(Generic[T]):
    """What is known of any kind, to be found by identity: entries, or earlier rows of a list."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], list[tuple[T, Identity]]] = {}

    def add(self, kind: Kind, identity: Identity, value: T) -> None:
        """Remember something, after what was added before."""
        for key in identity.keys:
            known = self._known.setdefault((kind.name, key), [])
            if len(known) < KNOWN_PER_KEY:
                known.append((value, identity))

    def find(self, kind: Kind, identity: Identity) -> Match[T] | None:
        """The best match among what shares a key with something of a kind; None if there is none."""
        sharing = (one for key in sorted(identity.keys) for one in self._known.get((kind.name, key), ()))
        return best_match(identity, sharing)


def known_entries(wanted: Iterable[tuple[Kind, Identity]]) -> ByIdentity[Entry]:
    """The live entries that share a key with something of these kinds and identities, oldest first: for each kind three
    queries for every 5,000 keys or entries."""
    keys: dict[str, set[str]] = {}
    for kind, identity in wanted:
        keys.setdefault(kind.name, set()).update(identity.keys)
    found = ByIdentity[Entry]()
    for name, kind_keys in keys.items():
        ids = {pk for pks in entries_by_key(KINDS[name], sorted(kind_keys)).values() for pk in pks}
        for entry, identity in _with_identities(KINDS[name], sorted(ids)):
            found.add(KINDS[name], identity, entry)
    return found


def entries_by_key(kind: Kind, keys: Iterable[str]) -> dict[str, list[int]]:
    """The ids of the entries with each key, in one query for every 5,000 keys."""
    key_list = list(keys)
    entries: dict[str, list[int]] = {}
    for start in range(0, len(key_list), KEYS_PER_QUERY):
        rows = EntryKey.objects.filter(kind=kind.name, key__in=key_list[start : start + KEYS_PER_QUERY])
        for key, pk in rows.values_list("key", "entry_id"):
            entries.setdefault(key, []).append(pk)
    return entries


def _with_identities(kind: Kind, ids: Sequence[int]) -> Iterator[tuple[Entry, Identity]]:
    """The live entries with these ids, in their order, with their identities."""
    for start in range(0, len(ids), KEYS_PER_QUERY):
        some = ids[start : start + KEYS_PER_QUERY]
        keys: dict[int, list[str]] = {}
        for pk, key in EntryKey.objects.filter(kind=kind.name, entry_id__in=some).values_list("entry_id", "key"):
            keys.setdefault(pk, []).append(key)
        for row in kind.model.objects.with_references().filter(pk__in=some).order_by("pk"):
            own = {key: getattr(row, key, "") for key in FIELDS}
            yield row, Identity.of(kind, own, keys.get(row.pk, ()))


def former_id(kind: Kind, identity: Identity, name: str) -> int | None:
    """The id of the entry that had this name once, and is not another by its identifiers: it was renamed, retired or
    merged into the one whose id this is. None if there is none."""
    return former_ids([(kind, identity, name)])[0]


def former_ids(wanted: Sequence[tuple[Kind, Identity, str]]) -> list[int | None]:
    """The same for each of many, in two queries for each kind and 5,000 names."""
    slugs: dict[str, set[str]] = {}
    for kind, _, name in wanted:
        slugs.setdefault(kind.name, set()).add(slug_for(name))
    earlier: dict[tuple[str, str], list[tuple[int, Identity]]] = {}
    moved: dict[tuple[str, str], int] = {}
    for kind_name, of_kind in slugs.items():
        for start in range(0, len(of_kind), KEYS_PER_QUERY):
            some = sorted(of_kind)[start : start + KEYS_PER_QUERY]
            for revision in Revision.objects.filter(kind=kind_name, slug__in=some).order_by("pk"):
                row = (revision.entry_id, identity_of(KINDS[kind_name], payload_of(revision)))
                earlier.setdefault((kind_name, revision.slug), []).append(row)
            found = FormerSlug.objects.entry_ids(kind_name, some)
            moved |= {(kind_name, slug): pk for slug, pk in found.items()}
    return [_former_id(identity, earlier, moved, (kind.name, slug_for(name))) for kind, identity, name in wanted]


def _former_id(
    identity: Identity,
    earlier: Mapping[tuple[str, str], list[tuple[int, Identity]]],
    moved: Mapping[tuple[str, str], int],
    key: tuple[str, str],
) -> int | None:
    match = best_match(identity, [(pk, one) for pk, one in earlier.get(key, ()) if identity.names & one.names])
    return moved.get(key, match.found) if match else None
