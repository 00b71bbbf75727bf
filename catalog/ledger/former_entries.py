"""Which entry a payload describes that has left the catalogue, or that had the name or identifier once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import F, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Replace

from catalog.kinds import KINDS, Kind
from catalog.kinds.duplicate_keys import MAX_KEY_LENGTH, name_keys, names_and_ids
from catalog.ledger.identity import IDS, KEYS_PER_QUERY, Identity, Match, best_match, identity_of
from catalog.ledger.payloads import payload_of
from catalog.models import FormerSlug, Revision
from catalog.models.revision import REMOVED_ACTIONS
from catalog.text.slugs import slug_for


def former_matches(wanted: Sequence[tuple[Kind, Identity, str]]) -> list[Match[int] | None]:
    """For each kind, identity and name, the id of the entry that had that name or identifier: it was renamed, retired
    or merged into the one whose id this is. None if there is none.

    Costs a look through the slugs of each kind and its removed entries, and queries for every 5,000 names.
    """
    by_kind: dict[str, list[tuple[Identity, str]]] = {}
    for kind, identity, name in wanted:
        by_kind.setdefault(kind.name, []).append((identity, name))
    former = {name: _Former(KINDS[name], of_kind) for name, of_kind in by_kind.items()}
    return [former[kind.name].match(identity) for kind, identity, _ in wanted]


class _Former:
    """What entries of a kind were, of those that had a name or an identifier of what is wanted."""

    def __init__(self, kind: Kind, wanted: Sequence[tuple[Identity, str]]) -> None:
        self.kind = kind
        keys = {key for identity, _ in wanted for key in identity.identifiers | identity.names}
        pks = {*_renamed(kind, {_letters(slug_for(name)) for _, name in wanted}), *_removed(kind, keys)}
        self.identities = self.by_entry(sorted(pks))
        self.known: dict[str, list[int]] = {}
        for pk, identity in self.identities.items():
            for key in identity.identifiers | identity.names:
                self.known.setdefault(key, []).append(pk)

    def by_entry(self, pks: Sequence[int]) -> dict[int, Identity]:
        """What was known of each entry in these revisions; those of a merged entry belong to the one it is now."""
        found: dict[int, Identity] = {}
        for start in range(0, len(pks), KEYS_PER_QUERY):
            revisions = list(Revision.objects.filter(pk__in=pks[start : start + KEYS_PER_QUERY]).order_by("pk"))
            moved = FormerSlug.objects.entry_ids(self.kind.name, {revision.slug for revision in revisions})
            for revision in revisions:
                entry_id = moved.get(revision.slug, revision.entry_id)
                identity = identity_of(self.kind, payload_of(revision))
                found[entry_id] = found[entry_id] | identity if entry_id in found else identity
        return found

    def match(self, wanted: Identity) -> Match[int] | None:
        keys = wanted.identifiers | wanted.names
        ids = {pk for key in keys for pk in self.known.get(key, ())}
        return best_match(wanted, [(pk, self.identities[pk]) for pk in sorted(ids)])


def _letters(slug: str) -> str:
    return slug.replace("-", "")


def _renamed(kind: Kind, slugs: Iterable[str]) -> Iterator[int]:
    """The revisions that had one of these slugs, whichever hyphens it had."""
    rows = Revision.objects.alias(letters=Replace(F("slug"), Value("-"), Value(""))).filter(kind=kind.name)
    wanted = sorted(slugs)
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        some = wanted[start : start + KEYS_PER_QUERY]
        yield from rows.filter(letters__in=some).order_by().values_list("pk", flat=True)


def _removed(kind: Kind, keys: set[str]) -> Iterator[int]:
    """The revisions that removed an entry with a name or an identifier of its own among these keys."""
    removals = Revision.objects.filter(kind=kind.name, action__in=REMOVED_ACTIONS).order_by()
    stated = {f"stated_{key}": KT(f"snapshot__{key}") for key in IDS if key in kind.form.base_fields}
    for row in removals.values("pk", "name", **stated):
        if not keys.isdisjoint(_keys_of(row)):
            yield row["pk"]


def _keys_of(row: Mapping[str, object]) -> set[str]:
    own = {key: value for key in IDS if isinstance(value := row.get(f"stated_{key}"), str)}
    return {key[:MAX_KEY_LENGTH] for key in name_keys(str(row["name"]))} | names_and_ids(own)
