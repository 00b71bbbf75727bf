"""The catalogue as of a past time, read from the ledger alone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from catalog.forms.fields import Known
from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction, Section


def current_revisions(at: datetime | None = None, *, kind: Kind | None = None) -> QuerySet[Revision]:
    """The newest revision of each entry as of a time (None: now), without entries that were retired or merged."""
    not_later = Q(at__lte=at) if at else Q()
    later = Revision.objects.filter(
        not_later, kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number__gt=OuterRef("number")
    )
    rows = Revision.objects.filter(not_later, ~Exists(later)).exclude(action__in=REMOVED_ACTIONS)
    return rows.filter(kind=kind.name) if kind else rows


def last_revisions(using: str | None = None) -> QuerySet[Revision]:
    """The newest revision of each entry, also of those that left the catalogue; `using` names another database."""
    ledger = Revision.objects.using(using)
    later = ledger.filter(kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number__gt=OuterRef("number"))
    return ledger.filter(~Exists(later))


def with_creation(rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Annotate revisions with `created`, the time of their entry's first revision."""
    first = Revision.objects.filter(kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number=1)
    return rows.annotate(created=Subquery(first.values("at")[:1]))


def last_revision(kind: Kind, slug: str, at: datetime | None) -> Revision | None:
    """The newest revision, as of a time (None: now), of the entry that has or had this slug; None without one."""
    owner = Revision.objects.filter(kind=kind.name, slug=slug).values("entry_id")[:1]
    rows = Revision.objects.filter(kind=kind.name, entry_id=Subquery(owner))
    return (rows.filter(at__lte=at) if at else rows).order_by("number").last()


def slugs(kind: str, given: Collection[str], at: datetime) -> dict[str, str]:
    """The slugs that live entries of a kind had at a time, by other slugs that they have or had. What was merged until
    then leads to what it was merged into. Two queries at most, and one more for each merge of the longest chain."""
    owners = dict(Revision.objects.filter(kind=kind, slug__in=given).order_by("pk").values_list("slug", "entry_id"))
    newest: dict[int, Revision] = {}
    missing = set(owners.values())
    while missing:
        rows = Revision.objects.filter(kind=kind, entry_id__in=missing, at__lte=at).defer("snapshot").order_by("number")
        newest |= {row.entry_id: row for row in rows}
        into = {row.into_id for row in newest.values() if row.action == RevisionAction.MERGE and row.into_id}
        missing = into - newest.keys() - missing
    found = {value: _followed(newest, pk) for value, pk in owners.items()}
    return {value: slug for value, slug in found.items() if slug not in ("", value)}


def _followed(newest: Mapping[int, Revision], pk: int) -> str:
    """The slug of the live entry that one is or was merged into; "" without one."""
    seen = set[int]()
    while (row := newest.get(pk)) and row.action == RevisionAction.MERGE and row.into_id and pk not in seen:
        seen.add(pk)
        pk = row.into_id
    return row.slug if row and row.action not in REMOVED_ACTIONS else ""


def revisions_by_slug(slugs_by_kind: Mapping[str, set[str]], at: datetime | None) -> dict[tuple[str, str], Revision]:
    """The current revisions of referenced entries by kind and slug, in two queries.

    Former slugs count too, since stored payloads keep the slugs of their time.
    """
    condition = Q()
    for kind, slugs in slugs_by_kind.items():
        if slugs:
            condition |= Q(kind=kind, slug__in=slugs)
    if not condition:
        return {}
    rows = Revision.objects.filter(condition).values_list("kind", "slug", "entry_id")
    owners = {(kind, slug): pk for kind, slug, pk in rows}
    ids = Q()
    for kind in slugs_by_kind:
        ids |= Q(kind=kind, entry_id__in={pk for (of_kind, _), pk in owners.items() if of_kind == kind})
    revisions = {(row.kind, row.entry_id): row for row in with_creation(current_revisions(at).filter(ids))}
    return {name: revisions[name[0], pk] for name, pk in owners.items() if (name[0], pk) in revisions}


def references(kind: Kind, payload: Mapping[str, Any], *keys: str) -> dict[str, set[str]]:
    """The slugs that a payload refers to, by kind (or "section"); only in the fields `keys`, if any are given."""
    slugs_by_kind: dict[str, set[str]] = {}
    for name, slug in kind.form.references(payload, *keys):
        slugs_by_kind.setdefault(name, set()).add(slug)
    return slugs_by_kind


def entries(kind: Kind, revisions: Sequence[Revision], at: datetime | None) -> list[Entry]:
    """Unsaved entries as of these revisions, in a constant number of queries.

    References are filled in as by `with_references()`, so that facets, boards and templates can read them; what these
    refer to in turn is not.
    """
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    slugs_by_kind: dict[str, set[str]] = {}
    for payload in payloads:
        for name, slugs in references(kind, payload).items():
            slugs_by_kind.setdefault(name, set()).update(slugs)
    sections = Section.objects.filter(slug__in=slugs_by_kind.pop("section", set())) if slugs_by_kind else ()
    known: dict[str, dict[str, Any]] = {"section": {section.slug: section for section in sections}}
    for (name, slug), row in revisions_by_slug(slugs_by_kind, at).items():
        known.setdefault(name, {})[slug] = _entry(KINDS[row.kind], row, as_object(payload_of(row)), {})
    return [_entry(kind, *pair, known) for pair in zip(revisions, payloads, strict=True)]


def _entry(kind: Kind, revision: Revision, payload: Mapping[str, Any], known: Known) -> Entry:
    entry = kind.model(
        slug=revision.slug,
        revision=revision.number,
        updated=revision.at,
        created=getattr(revision, "created", revision.at),
    )
    entry.pk = revision.entry_id
    for key, field in kind.form.payload_fields().items():
        value = payload.get(key, field.empty())
        # what is of a wrong type says nothing to the facets and filters
        field.assign(entry, key, field.empty() if field.type_errors(value) else value, known)
    entry.derive()
    return entry
