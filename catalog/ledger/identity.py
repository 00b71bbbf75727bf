"""Which entry a payload describes: by its identifiers, its names, its weights, data and code; never by its slug.

Another arXiv id or DOI is another publication, whatever both are called. The same one under another name may be the
same model, or another of the same paper: that is for a person to say.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from catalog.kinds import Kind
from catalog.kinds.duplicate_keys import names_and_ids
from catalog.models import Entry, EntryKey
from catalog.text.identifiers import canonical_address, hub_of, repository_of

SCHEMES = {"arxiv": "arXiv id", "doi": "DOI"}
"""The identifiers of a publication, the more telling first."""
LABELS = {**SCHEMES, "url": "address"}
NAMES = ("name:", "claim:")
KEYS_PER_QUERY = 5000
T = TypeVar("T")


@dataclass(frozen=True)
class Identity:
    """What something is recognised by, as duplicate keys: its own identifiers, those that its links lead to, its names,
    and the addresses of its weights, data and code."""

    own: frozenset[str]
    linked: frozenset[str]
    names: frozenset[str]
    works: frozenset[str]

    @classmethod
    def of(cls, own: Mapping[str, Any], keys: Iterable[str]) -> "Identity":
        """The identity of something with these values of `arxiv_id` and `doi`, and these duplicate keys."""
        ids = frozenset(names_and_ids({key: own.get(key) for key in ("arxiv_id", "doi")}))
        known = frozenset(keys)
        linked = frozenset(key for key in known if _scheme(key) in SCHEMES)
        names = frozenset(key for key in known if key.startswith(NAMES))
        return cls(ids & linked, linked, names, frozenset(filter(_is_work, known)))

    @property
    def identifiers(self) -> frozenset[str]:
        """Its own identifiers, or those of its links if it has none."""
        return self.own or self.linked

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
    return Identity.of(payload, kind.duplicate_keys(payload))


def keys_to_look_up(identity: Identity) -> set[str]:
    """The duplicate keys by which entries that it may be are found."""
    return {*identity.identifiers, *identity.names, *identity.works}


def fetch_candidates(kind: Kind, keys: Collection[str]) -> dict[str, list[tuple[Entry, Identity]]]:
    """The entries of a kind with each of these keys, oldest first, with their identities: three queries for every 5,000
    keys or entries."""
    wanted = sorted(keys)
    ids_by_key: dict[str, set[int]] = {}
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        rows = EntryKey.objects.filter(kind=kind.name, key__in=wanted[start : start + KEYS_PER_QUERY])
        for key, pk in rows.values_list("key", "entry_id"):
            ids_by_key.setdefault(key, set()).add(pk)
    entries: dict[int, tuple[Entry, Identity]] = {}
    ids = sorted(set().union(*ids_by_key.values()))
    for start in range(0, len(ids), KEYS_PER_QUERY):
        entries |= _with_identities(kind, ids[start : start + KEYS_PER_QUERY])
    return {key: [entries[pk] for pk in sorted(pks) if pk in entries] for key, pks in ids_by_key.items()}


def _with_identities(kind: Kind, ids: list[int]) -> dict[int, tuple[Entry, Identity]]:
    keys: dict[int, list[str]] = {}
    for pk, key in EntryKey.objects.filter(kind=kind.name, entry_id__in=ids).values_list("entry_id", "key"):
        keys.setdefault(pk, []).append(key)
    rows = kind.model.objects.with_references().filter(pk__in=ids)
    return {row.pk: (row, Identity.of(_own_values(row), keys.get(row.pk, ()))) for row in rows}


def _own_values(entry: Entry) -> dict[str, str]:
    return {key: getattr(entry, key, "") for key in ("arxiv_id", "doi")}
