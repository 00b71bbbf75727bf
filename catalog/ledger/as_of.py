"""The catalogue as it stood at a moment, read back from the ledger: the same for a past moment for ever."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from catalog.forms.fields import ReferenceField, ReferencesField
from catalog.forms.related import RelatedRows
from catalog.kinds import KINDS, Kind
from catalog.models import Action, Entry, Result, Revision, Section

GONE = (Action.RETIRE, Action.MERGE)

Stubs = Mapping[tuple[str, str], Any]
"""What a payload names, by kind and slug: an instance with its key, slug and name."""


def standing(at: datetime | None = None, *, kind: Kind | None = None) -> QuerySet[Revision]:
    """The revision by which each entry stood at a moment (None: now), entries that were gone by then left out."""
    known = Q(at__lte=at) if at else Q()
    later = Revision.objects.filter(
        known, kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number__gt=OuterRef("number")
    )
    rows = Revision.objects.filter(known, ~Exists(later)).exclude(action__in=GONE)
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


def references(kind: Kind, payload: Mapping[str, Any]) -> dict[str, set[str]]:
    """The slugs that a payload names, by the kind that they are of ("section" among them)."""
    found: dict[str, set[str]] = {}
    for key in reference_keys(kind):
        for target, slugs in slugs_of(kind, key, payload.get(key)).items():
            found.setdefault(target, set()).update(slugs)
    return found


def reference_keys(kind: Kind) -> list[str]:
    """The payload keys that name other entries or a section."""
    fields = kind.form.base_fields
    return [
        key
        for key in kind.form.payload_keys()
        if key in kind.form.related or isinstance(fields[key], ReferenceField | ReferencesField)
    ]


def slugs_of(kind: Kind, key: str, value: Any) -> dict[str, set[str]]:
    """The slugs in one value of a payload, by the kind that they are of."""
    if key in kind.form.related:
        targets = kind.form.related[key].targets
        return {model.kind: {row[name] for row in value or [] if row.get(name)} for name, model in targets.items()}
    target: Any = kind.form.base_fields[key]
    texts = value if isinstance(value, list) else [value]
    return {name_of(target.target): {text for text in texts if text}}


def name_of(model: type[Any]) -> str:
    """The kind of what a field points to; "section" for the list's sections."""
    return model.kind if issubclass(model, Entry) else "section"


def entries(kind: Kind, revisions: Sequence[Revision], at: datetime | None) -> list[Entry]:
    """Entries as these revisions have them, not saved, as if fetched `with_references()`: what reads an entry (facets,
    boards, templates) reads these. A number of queries that does not depend on the revisions."""
    wanted: dict[str, set[str]] = {}
    for revision in revisions:
        for target, slugs in references(kind, revision.snapshot).items():
            wanted.setdefault(target, set()).update(slugs)
    stubs: dict[tuple[str, str], Any] = {
        ("section", section.slug): section
        for section in (Section.objects.filter(slug__in=wanted.pop("section", set())) if wanted else ())
    }
    for name, row in named(wanted, at).items():
        stubs[name] = KINDS[row.kind].model(slug=row.slug, name=row.name)
        stubs[name].pk = row.entry_id
        if "family" in row.snapshot:
            stubs[name].family = row.snapshot["family"]
    return [_entry(kind, revision, stubs) for revision in revisions]


def _entry(kind: Kind, revision: Revision, stubs: Stubs) -> Entry:
    entry = kind.model(
        slug=revision.slug,
        revision=revision.number,
        updated=revision.at,
        created=getattr(revision, "created", revision.at),
    )
    entry.pk = revision.entry_id
    prefetched: dict[str, Any] = {}
    for key, value in {**kind.form.empty(), **revision.snapshot}.items():
        field: Any = kind.form.base_fields.get(key)
        if key in kind.form.related:
            related = kind.form.related[key]
            prefetched.setdefault(related.manager, []).extend(_rows(kind, related, value, stubs))
        elif isinstance(field, ReferencesField):
            prefetched[key] = [stub for slug in value if (stub := stubs.get((name_of(field.target), slug)))]
        elif isinstance(field, ReferenceField):
            setattr(entry, key, stubs.get((name_of(field.target), value or "")))
        elif field is not None:
            setattr(entry, key, value)
    entry._prefetched_objects_cache = prefetched  # type: ignore[attr-defined]  # as prefetch_related fills it
    if isinstance(entry, Result):
        entry.number = Decimal(entry.value or 0)
    return entry


def _rows(kind: Kind, related: RelatedRows, value: Iterable[Mapping[str, Any]], stubs: Stubs) -> list[Any]:
    model = getattr(kind.model, related.manager).rel.related_model
    return [
        model(
            position=position,
            **related.fixed,
            **{name: row[name] for name in related.plain if name in row},
            **{name: stubs.get((target.kind, row.get(name) or "")) for name, target in related.targets.items()},
        )
        for position, row in enumerate(value)
    ]
