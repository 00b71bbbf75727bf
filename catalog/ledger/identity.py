"""Which entry a payload describes, and which payloads of a list describe the same: by their identifiers, their names,
their weights, data and code; never by a slug.

Another arXiv id or DOI is another publication, whatever both are called. The same one under another name may be the
same model, or another of the same paper: that is for a person to say. What has no identifiers itself, such as a
dataset, is never the paper that it links to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

from catalog.kinds import KINDS, Kind
from catalog.kinds.duplicate_keys import name_keys, names_and_ids, names_of
from catalog.models import Entry, EntryKey
from catalog.text.identifiers import canonical_address, hub_of, paper_address_of, repository_of
from catalog.text.spelling import spelling

SCHEMES = {"arxiv": "arXiv id", "doi": "DOI"}
"""The identifiers of a publication, the more telling first."""
LABELS = {**SCHEMES, "url": "address"}
IDS = ("arxiv_id", "doi")
FIELDS = (*IDS, "name", "title", "aliases")
ONE_OF_SEVERAL = "is one of several with this name"
SIGNS_DIFFER = "has the same name but for signs"
NAMES = ("name:", "claim:")
KEYS_PER_QUERY = 5000
KNOWN_PER_KEY = 20
"""How many of those that share a key are compared: two that are the same share a more telling one as well."""
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Identity:
    """What something is recognised by, as duplicate keys: its own identifiers, those that its links lead to, its names
    (of a result, its claim), the addresses of the paper, its weights and data (`places`), and those of its code.

    `own_name` is its name as it is spelled, `spelled` that and its other names; `alike` are the names without their
    signs. Unlike `names`, which find it, they are never cut.
    """

    own: frozenset[str]
    linked: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    works: frozenset[str]
    own_name: str = ""
    spelled: frozenset[str] = frozenset()
    alike: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: Kind, own: Mapping[str, Any], keys: Iterable[str]) -> "Identity":
        """The identity of something of a kind with these values of `FIELDS`, and these duplicate keys."""
        ids = frozenset(names_and_ids({key: own.get(key) for key in IDS}))
        known = frozenset(keys)
        has_ids = not kind.form.base_fields.keys().isdisjoint(IDS)
        linked = frozenset(key for key in known if has_ids and _scheme(key) in SCHEMES)
        names = frozenset(key for key in known if key.startswith(NAMES))
        claims = {key for key in names if key.startswith("claim:")}
        called = names_of(own) if not claims else []
        return cls(
            ids & linked,
            linked,
            names,
            frozenset(key for key in known if _is_hosted(key) or (has_ids and _is_paper(key))),
            frozenset(filter(_is_code, known)),
            _spelled(str(own.get("name") or "")) if called else "",
            frozenset({*map(_spelled, called), *claims}),
            frozenset({*(key for name in called for key in name_keys(name)), *claims}),
        )

    def __or__(self, later: "Identity") -> "Identity":
        """What was known of one thing at two times; its own name is the later one."""
        both = {
            one.name: getattr(self, one.name) | getattr(later, one.name)
            for one in fields(self)
            if one.name != "own_name"
        }
        return replace(later, **both)

    @property
    def identifiers(self) -> frozenset[str]:
        """Its own identifiers, or those of its links if it has none."""
        return self.own or self.linked

    @property
    def keys(self) -> frozenset[str]:
        """The duplicate keys of which one is shared by whatever may be the same."""
        return self.identifiers | self.names | self.places | self.works

    def is_another(self, other: "Identity") -> bool:
        """Whether both have an identifier of one scheme, and not the same."""
        for scheme in SCHEMES:
            mine, theirs = ({key for key in one.own if _scheme(key) == scheme} for one in (self, other))
            if mine and theirs:
                return mine.isdisjoint(theirs)
        return False


@dataclass(frozen=True)
class Match(Generic[T]):
    """What was found, and why it may be something else, as words that follow its name: “has the same arXiv id …”; "" if
    it is certain. Code alone is a weak sign: several models have one repository. `is_one_of_several` if its name
    is as it should be, but others have it too."""

    found: T
    doubt: str = ""
    is_weak: bool = False
    is_one_of_several: bool = False

    def of(self, found: U) -> "Match[U]":
        """The same match of something else that stands for what was found."""
        return Match(found, self.doubt, self.is_weak, self.is_one_of_several)


def best_match(wanted: Identity, candidates: Iterable[tuple[T, Identity]]) -> Match[T] | None:
    """The candidate with an identifier and a name of `wanted`, else with an identifier, a name, or an address.

    What has the name but for its signs, or a name that several have, is doubtful.
    """
    others = [(found, one) for found, one in _once(candidates) if not wanted.is_another(one)]
    sharing = [(found, one) for found, one in others if wanted.identifiers & one.identifiers]
    if match := _named(wanted, sharing):
        return match
    for found, one in sharing:
        return Match(found, f"has the same {_in_words(wanted.identifiers & one.identifiers)}")
    if match := _named(wanted, others):
        return match
    return _alike(wanted, others)


def _alike(wanted: Identity, candidates: Sequence[tuple[T, Identity]]) -> Match[T] | None:
    """The candidate with a name but for its signs, else with the place of the paper, weights or data, else the code."""
    for found, one in candidates:
        if wanted.alike & one.alike:
            return Match(found, SIGNS_DIFFER)
    for found, one in candidates:
        if shared := wanted.places & one.places:
            return Match(found, f"has the same {_in_words(shared)}")
    for found, one in candidates:
        if shared := wanted.works & one.works:
            return Match(found, f"has the same {_in_words(shared)}", is_weak=True)
    return None


def _once(candidates: Iterable[tuple[T, Identity]]) -> Iterator[tuple[T, Identity]]:
    seen = set[int]()
    for found, identity in candidates:
        if id(identity) not in seen:
            seen.add(id(identity))
            yield found, identity


def _named(wanted: Identity, candidates: Sequence[tuple[T, Identity]]) -> Match[T] | None:
    """The candidate of the same name, else the one with one of the names; a doubtful match if there are several."""
    by_name = [found for found, one in candidates if wanted.own_name and wanted.own_name == one.own_name]
    found = by_name or [found for found, one in candidates if wanted.spelled & one.spelled]
    if len(found) > 1:
        return Match(found[0], ONE_OF_SEVERAL, is_one_of_several=True)
    return Match(found[0]) if found else None


def _spelled(name: str) -> str:
    return spelling(name) or "".join(name.casefold().split())


def _is_hosted(key: str) -> bool:
    """Whether a duplicate key is the address of a model or dataset on Hugging Face."""
    return bool(hub_of(_address(key))[1])


def _is_paper(key: str) -> bool:
    """Whether a duplicate key is the address of a paper on OpenReview, in the ACL Anthology, at the CVF or PMLR."""
    return bool(paper_address_of(_address(key)))


def _is_code(key: str) -> bool:
    """Whether a duplicate key is the address of a repository on GitHub as a whole."""
    address = _address(key)
    return bool(repository_of(address) and canonical_address(address))


def _address(key: str) -> str:
    address = key.removeprefix("url:")
    return address if address != key else ""


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
            own = {key: getattr(row, key, None) for key in FIELDS}
            yield row, Identity.of(kind, own, keys.get(row.pk, ()))
