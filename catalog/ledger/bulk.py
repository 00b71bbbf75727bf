"""Publishing many new entries at once: the same rows as `publish`, in queries counted by the call and not by the entry.

What makes `publish` dear for a large load is copying a form's fields, asking for each reference and writing row by row.
Here one form of the kind is bound to payload after payload, references are looked up together, and every table is
written at once. Binding a form again resets `form._errors`, as Django's own `full_clean` begins; that is no public
interface, so tests/catalog/ledger/test_publish_many.py, which compares every table with what `publish` writes, guards
each version of Django.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from catalog.forms import EntryForm, payload_errors
from catalog.forms.display import target_model
from catalog.forms.fields import Known
from catalog.forms.rows import RowsField
from catalog.kinds import Kind
from catalog.ledger.indexing import write_indexes
from catalog.ledger.publishing import PayloadError, changed, slug_is_taken, with_publish_lock
from catalog.ledger.trace import Dated, Trace, account_names, dated, revision_of
from catalog.models import Entry, FormerSlug, Revision, RevisionAction
from catalog.text.slugs import free_slug, slug_for


@with_publish_lock
def publish_many(
    *,
    kind: Kind,
    payloads: Sequence[Mapping[str, Any]],
    trace: Trace,
) -> list[Revision]:
    """Create an entry of `kind` from each payload, and give the revisions that say so, in the same order.

    The payloads are those that `publish` takes, and may refer to what is in the catalogue, not to one another. Raises
    PayloadError, with "row 3, year" in the place of the field, and then nothing is written. A few thousand at a time
    keep the memory and the transaction small.
    """
    stamped = dated(trace)
    drafts = _drafts(kind, payloads)
    _place(kind, drafts, stamped)
    entries = kind.model.objects.bulk_create([draft.entry for draft in drafts])
    _write_rows(kind, drafts)
    saved = kind.model.objects.with_references().filter(pk__in=[entry.pk for entry in entries])
    write_indexes(kind, list(saved.order_by("pk")))
    names = account_names(stamped)
    return Revision.objects.bulk_create(
        revision_of(draft.entry, RevisionAction.CREATE, draft.payload, changed({}, draft.payload), stamped, names=names)
        for draft in drafts
    )


@dataclass(frozen=True)
class _Draft:
    """A valid payload on its way: the entry, its canonical payload, its rows by payload key, its topics."""

    entry: Entry
    payload: dict[str, Any]
    cleaned: dict[str, Any]
    found: dict[str, dict[str, dict[str, int]]]


class _Rebound:
    """One form, bound to one set of data after another."""

    def __init__(self, form_class: type[forms.Form]) -> None:
        self.form = form_class({})

    def __call__(self, data: Mapping[str, Any]) -> forms.Form:
        self.form.data = data
        self.form._errors = None  # type: ignore[attr-defined]  # how Django's full_clean says "not yet"
        return self.form


def _drafts(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> list[_Draft]:
    errors = {
        f"row {number}, {field}": messages
        for number, payload in enumerate(payloads, 1)
        for field, messages in payload_errors(kind.form, payload).items()
    }
    if errors:
        raise PayloadError(errors)
    form, empty = _form(kind, payloads), kind.form.empty()
    drafts = []
    for number, payload in enumerate(payloads, 1):
        form.data = {**empty, **payload}
        form.instance = kind.model()
        form._errors = None  # type: ignore[attr-defined]  # as in _Rebound
        for field, messages in form.errors.items():
            errors[f"row {number}, {field}"] = [str(message) for message in messages]
        if not errors:
            drafts.append(_Draft(form.instance, form.canonical(), form.cleaned_data, form.found))
    if errors:
        raise PayloadError(errors)
    return drafts


def _form(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> EntryForm:
    """A form of the kind that knows what the payloads refer to, and copies no row's fields."""
    form = kind.form({}, instance=kind.model())
    form.known = _known(kind, payloads)
    fields: Mapping[str, Any] = form.fields
    for field in fields.values():
        field.use_known(form.known)
        if isinstance(field, RowsField):
            field.bind = _Rebound(field.row_form)
    return form


def _known(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> Known:
    """The entries and sections that the payloads name, in one query a model."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        for name, slug in kind.form.references(payload):
            wanted[name].add(slug)
    rows = {name: target_model(name)._default_manager.filter(slug__in=slugs) for name, slugs in wanted.items()}
    return {name: {row.slug: row for row in found} for name, found in rows.items()}


def _place(kind: Kind, drafts: list[_Draft], trace: Dated) -> None:
    """Give each entry its address, its place in its section and its times, as `publish` would in turn."""
    asked = {slug_for(draft.payload["name"]) for draft in drafts}
    known = _in_use(kind, asked)
    last = _last_positions(kind, {draft.entry.section_id for draft in drafts} - {None})
    for draft in drafts:
        entry = draft.entry
        entry.slug = free_slug(
            draft.payload["name"], lambda slug: slug in known or (slug not in asked and slug_is_taken(kind, slug))
        )
        known.add(entry.slug)
        entry.created = entry.updated = trace.at
        entry.revision = 1
        entry.derive()
        if entry.section_id:
            last[entry.section_id] = entry.position = last.get(entry.section_id, -1) + 1


def _in_use(kind: Kind, slugs: set[str]) -> set[str]:
    """Those of the slugs that lead, or led, to an entry of the kind."""
    rows = [
        kind.model.objects.filter(slug__in=slugs),
        FormerSlug.objects.filter(kind=kind.name, slug__in=slugs),
        Revision.objects.filter(kind=kind.name, slug__in=slugs),
    ]
    return {slug for found in rows for slug in found.order_by().values_list("slug", flat=True)}


def _last_positions(kind: Kind, sections: set[Any]) -> dict[int, int]:
    """The last place in use, by section."""
    rows = kind.model.objects.filter(section_id__in=sections).order_by().values_list("section_id")
    return dict(rows.annotate(last=models.Max("position")))


def _write_rows(kind: Kind, drafts: list[_Draft]) -> None:
    """The parts of the entries that are kept in tables of their own, and their topics."""
    built: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for draft in drafts:
        for key, rows in kind.form.tables().items():
            for row in rows.built(draft.entry, draft.cleaned[key], draft.found[key]):
                built[type(row)].append(row)
    for model, references in built.items():
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
