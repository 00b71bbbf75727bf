"""Publish many new entries at once: the same rows as `publish` writes, in a number of queries that does not grow.

For a large load, `publish` is slow because it copies a form's fields, queries each reference and writes row by row.
Here one form of the kind is bound to one payload after the other, references are fetched together, and every table is
written at once. Binding a form again resets `form._errors`, as Django's own `full_clean` does first; since that is not
a public interface, tests/catalog/ledger/test_publish_many.py compares every table with what `publish` writes.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from catalog.forms import EntryForm, payload_errors
from catalog.forms.display import target_model
from catalog.forms.fields import Known
from catalog.forms.holders import Holder
from catalog.forms.rows import RowsField
from catalog.kinds import Kind
from catalog.ledger.indexing import write_indexes
from catalog.ledger.indexing.sourcing import insert_sourcing
from catalog.ledger.publishing import PayloadError, changed_keys, slug_is_taken, with_publish_lock
from catalog.ledger.trace import DatedTrace, Trace, account_names, build_revision, with_time
from catalog.models import Entry, FormerSlug, Revision, RevisionAction
from catalog.text.slugs import free_slug, numbered, slug_for

VARIANTS = 10
"""Of a slug that is taken, how many variants are looked up at once besides those that new entries may need."""


@with_publish_lock
def publish_many(
    *,
    kind: Kind,
    payloads: Sequence[Mapping[str, Any]],
    trace: Trace,
) -> list[Revision]:
    """Create an entry of `kind` from each payload, and return their first revisions, in the same order.

    The payloads are as for `publish`; they may refer to entries of the catalogue, not to one another. Raises
    PayloadError, with "row 3, year" instead of the field, and then writes nothing. A few thousand payloads per call
    keep the memory and the transaction small.
    """
    dated_trace = with_time(trace)
    drafts = _drafts(kind, payloads, trace.source)
    _assign_slugs_and_positions(kind, drafts, dated_trace)
    entries = kind.model.objects.bulk_create([draft.entry for draft in drafts])
    _write_rows(kind, drafts)
    saved = kind.model.objects.with_references().filter(pk__in=[entry.pk for entry in entries])
    write_indexes(kind, list(saved.order_by("pk")))
    names = account_names(dated_trace)
    revisions = Revision.objects.bulk_create(
        build_revision(
            draft.entry, RevisionAction.CREATE, draft.payload, changed_keys({}, draft.payload), dated_trace, names=names
        )
        for draft in drafts
    )
    insert_sourcing(kind, {revision.entry_id: [revision] for revision in revisions})
    return revisions


@dataclass(frozen=True)
class _Draft:
    """A valid payload: unsaved entry, canonical payload, the cleaned values, and the ids that its rows refer to."""

    entry: Entry
    payload: dict[str, Any]
    cleaned: dict[str, Any]
    referenced_ids: dict[str, dict[str, dict[str, int]]]


class _ReusableForm:
    """One form that is bound to one set of data after the other."""

    def __init__(self, form_class: type[forms.Form]) -> None:
        self.form = form_class({})

    def __call__(self, data: Mapping[str, Any]) -> forms.Form:
        self.form.data = data
        self.form._errors = None  # type: ignore[attr-defined]  # Django validates again when it is None
        return self.form


def _drafts(kind: Kind, payloads: Sequence[Mapping[str, Any]], source: str) -> list[_Draft]:
    errors = {
        f"row {number}, {field}": messages
        for number, payload in enumerate(payloads, 1)
        for field, messages in payload_errors(kind.form, payload).items()
    }
    if errors:
        raise PayloadError(errors)
    form, empty = _form(kind, payloads), kind.form.empty()
    form.holders = holders = _holders(kind, payloads)
    drafts = []
    for number, payload in enumerate(payloads, 1):
        _bind(form, kind, {**empty, **payload})
        if not form.errors and (more := kind.consequences({}, form.canonical(), source)):
            _bind(form, kind, {**form.canonical(), **more})
        for field, messages in form.errors.items():
            errors[f"row {number}, {field}"] = [str(message) for message in messages]
        for identifier in form.identifiers(form.cleaned_data):
            holders.setdefault(identifier, []).append(form.holder())
        if not errors:
            drafts.append(_Draft(form.instance, form.canonical(), form.cleaned_data, form.referenced_ids))
    if errors:
        raise PayloadError(errors)
    return drafts


def _bind(form: EntryForm, kind: Kind, payload: Mapping[str, Any]) -> None:
    """Bind the form to a complete payload of a new entry."""
    form.data = payload
    form.instance = kind.model()
    form._errors = None  # type: ignore[attr-defined]  # as in _ReusableForm


def _form(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> EntryForm:
    """A form of the kind that has fetched what the payloads refer to, and does not copy the fields of each row."""
    form = kind.form({}, instance=kind.model())
    form.known = _known(kind, payloads)
    fields: Mapping[str, Any] = form.fields
    for field in fields.values():
        field.use_known(form.known)
        if isinstance(field, RowsField):
            field.bind = _ReusableForm(field.row_form)
    return form


def _holders(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> dict[str, list[Holder]]:
    """The entries that hold the identifiers of the payloads; the accepted payloads are added to them."""
    wanted = {identifier for payload in payloads for identifier in kind.form.identifiers(payload)}
    return {key: list(holders) for key, holders in kind.form.fetch_holders(wanted).items()} if wanted else {}


def _known(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> Known:
    """The entries and sections that the payloads refer to, in one query per model."""
    slugs_by_kind: dict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        for name, slug in kind.form.references(payload):
            slugs_by_kind[name].add(slug)
    rows = {name: target_model(name)._default_manager.filter(slug__in=slugs) for name, slugs in slugs_by_kind.items()}
    return {name: {row.slug: row for row in queryset} for name, queryset in rows.items()}


def _assign_slugs_and_positions(kind: Kind, drafts: list[_Draft], trace: DatedTrace) -> None:
    """Set each entry's slug, position in its section and times, as `publish` would one after the other."""
    asked, taken = _asked_slugs(kind, Counter(slug_for(draft.payload["name"]) for draft in drafts))
    last = _last_positions(kind, {draft.entry.section_id for draft in drafts} - {None})
    for draft in drafts:
        entry = draft.entry
        entry.slug = free_slug(
            draft.payload["name"], lambda slug: slug in taken or (slug not in asked and slug_is_taken(kind, slug))
        )
        taken.add(entry.slug)
        entry.created = entry.updated = trace.at
        entry.revision = 1
        entry.derive()
        if entry.section_id:
            last[entry.section_id] = entry.position = last.get(entry.section_id, -1) + 1


def _asked_slugs(kind: Kind, requested: Mapping[str, int]) -> tuple[set[str], set[str]]:
    """The slugs that were looked up for new entries, and those of them that are taken: what their names give, and the
    next variants of what is taken or given several times. `requested` is how often each is asked for."""
    taken = _taken_slugs(kind, set(requested))
    crowded = {slug: times for slug, times in requested.items() if slug in taken or times > 1}
    variants = {numbered(slug, 2 + n) for slug, times in crowded.items() for n in range(times + VARIANTS)}
    return {*requested, *variants}, taken | (_taken_slugs(kind, variants) if variants else set())


def _taken_slugs(kind: Kind, slugs: set[str]) -> set[str]:
    """The slugs among these that an entry of the kind has or had."""
    rows = [
        kind.model.objects.filter(slug__in=slugs),
        FormerSlug.objects.filter(kind=kind.name, slug__in=slugs),
        Revision.objects.filter(kind=kind.name, slug__in=slugs),
    ]
    return {slug for queryset in rows for slug in queryset.order_by().values_list("slug", flat=True)}


def _last_positions(kind: Kind, sections: set[Any]) -> dict[int, int]:
    """The highest position in use, by section."""
    rows = kind.model.objects.filter(section_id__in=sections).order_by().values_list("section_id")
    return dict(rows.annotate(last=models.Max("position")))


def _write_rows(kind: Kind, drafts: list[_Draft]) -> None:
    """Write the rows of the entries that have tables of their own, and their topics."""
    rows_by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for draft in drafts:
        for key, field in kind.form.tables().items():
            for row in field.build_rows(draft.entry, draft.cleaned[key], draft.referenced_ids[key]):
                rows_by_model[type(row)].append(row)
    for model, references in rows_by_model.items():
        model._default_manager.bulk_create(references)
    through = kind.model.topics.through
    own, other = kind.model.topics.field.m2m_field_name(), kind.model.topics.field.m2m_reverse_field_name()
    through._default_manager.bulk_create(
        through(**{f"{own}_id": draft.entry.pk, f"{other}_id": topic.pk})
        for draft in drafts
        for topic in _topics(draft)
    )


def _topics(draft: _Draft) -> list[Entry]:
    return sorted(draft.cleaned["topics"], key=lambda topic: topic.pk)
