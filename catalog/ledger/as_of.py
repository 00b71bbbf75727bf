"""The catalogue as it stood at a moment, read back from the ledger: the same for a past moment for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from catalog.forms.fields import Known
from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import payload_of
from catalog.models import REMOVED_ACTIONS, Entry, Revision, Section


def standing(at: datetime | None = None, *, kind: Kind | None = None) -> QuerySet[Revision]:
    """The revision by which each entry stood at a moment (None: now), entries that were gone by then left out."""
    known = Q(at__lte=at) if at else Q()
    later = Revision.objects.filter(
        known, kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number__gt=OuterRef("number")
    )
    rows = Revision.objects.filter(known, ~Exists(later)).exclude(action__in=REMOVED_ACTIONS)
    return rows.filter(kind=kind.name) if kind else rows


def with_creation(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Revisions with `created`, the time of their entry's first."""
    first = Revision.objects.filter(kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number=1)
    return rows.annotate(created=Subquery(first.values("at")[:1]))


def last_word(kind: Kind, slug: str, at: datetime | None) -> Revision | None:
    """The newest revision, at a moment, of the entry that has or ever had this address."""
    owner = Revision.objects.filter(kind=kind.name, slug=slug).values("entry_id")[:1]
    rows = Revision.objects.filter(kind=kind.name, entry_id=Subquery(owner))
    return (rows.filter(at__lte=at) if at else rows).order_by("number").last()


def named(wanted: Mapping[str, set[str]], at: datetime | None) -> dict[tuple[str, str], Revision]:
    """By kind and slug: the standing revisions of entries that payloads name, in two queries.

    An entry is found by every address it has had, since a payload keeps the one of its own time.
    """
    asked = Q()
    for kind, slugs in wanted.items():
        if slugs:
            asked |= Q(kind=kind, slug__in=slugs)
    if not asked:
        return {}
    rows = Revision.objects.filter(asked).values_list("kind", "slug", "entry_id")
    owners = {(kind, slug): pk for kind, slug, pk in rows}
    ids = Q()
    for kind in wanted:
        ids |= Q(kind=kind, entry_id__in={pk for (one, _), pk in owners.items() if one == kind})
    found = {(row.kind, row.entry_id): row for row in with_creation(standing(at).filter(ids))}
    return {name: found[name[0], pk] for name, pk in owners.items() if (name[0], pk) in found}


def references(kind: Kind, payload: Mapping[str, Any], *keys: str) -> dict[str, set[str]]:
    """The slugs that a payload names, by the kind that they are of ("section" among them); of `keys` alone where some
    are given."""
    found: dict[str, set[str]] = {}
    for name, slug in kind.form.references(payload, *keys):
        found.setdefault(name, set()).add(slug)
    return found


def entries(kind: Kind, revisions: Sequence[Revision], at: datetime | None) -> list[Entry]:
    """Entries as these revisions have them, not saved, as if fetched `with_references()`: what reads an entry (facets,
    boards, templates) reads these. A number of queries that does not depend on the revisions."""
    payloads = [payload_of(revision) for revision in revisions]
    wanted: dict[str, set[str]] = {}
    for payload in payloads:
        for name, slugs in references(kind, payload).items():
            wanted.setdefault(name, set()).update(slugs)
    sections = Section.objects.filter(slug__in=wanted.pop("section", set())) if wanted else ()
    known: dict[str, dict[str, Any]] = {"section": {section.slug: section for section in sections}}
    for (name, slug), row in named(wanted, at).items():
        known.setdefault(name, {})[slug] = _stub(row)
    return [_entry(kind, *pair, known) for pair in zip(revisions, payloads, strict=True)]


def _stub(revision: Revision) -> Entry:
    """An entry as far as others show it: its key, its slug and what they inherit of it."""
    kind = KINDS[revision.kind]
    payload = payload_of(revision)
    entry = kind.model(slug=revision.slug, **{key: payload[key] for key in kind.inherited})
    entry.pk = revision.entry_id
    return entry


def _entry(kind: Kind, revision: Revision, payload: Mapping[str, Any], known: Known) -> Entry:
    entry = kind.model(
        slug=revision.slug,
        revision=revision.number,
        updated=revision.at,
        created=getattr(revision, "created", revision.at),
    )
    entry.pk = revision.entry_id
    for key, field in kind.form.payload_fields().items():
        field.assign(entry, key, payload[key], known)
    entry.derive()
    return entry
