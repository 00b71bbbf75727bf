"""Publish many new entries at once: the same rows as `publish` writes, in a number of queries that does not grow.

For a large load, `publish` is slow because it copies a form's fields, queries each reference and writes row by row.
Here one form of the kind is bound to one payload after the other, references are fetched together, and every table is
written at once. `bulk_edits` does the same for entries that exist.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils import timezone

from catalog.forms import EntryForm, Errors, payload_errors
from catalog.forms.references import prefetched
from catalog.kinds import Kind
from catalog.ledger.bulk_forms import BulkForm
from catalog.ledger.indexing import write_indexes
from catalog.ledger.indexing.inserting import insert_saved
from catalog.ledger.indexing.sourcing import insert_sourcing
from catalog.ledger.publishing import (
    PayloadError,
    changed_keys,
    slug_holders,
    slug_is_taken,
    slug_refusal,
    with_publish_lock,
)
from catalog.ledger.trace import DatedTrace, Trace, account_names, build_revision, with_time
from catalog.models import Entry, Revision, RevisionAction
from catalog.text.slugs import free_slug, numbered, slug_for

VARIANTS = 10
"""Of a slug that is taken, how many variants are looked up at once besides those that new entries may need."""


@with_publish_lock
def publish_many(
    *,
    kind: Kind,
    payloads: Sequence[Mapping[str, Any]],
    trace: Trace | Sequence[Trace],
    slugs: Sequence[str] = (),
    as_given: bool = False,
) -> list[Revision]:
    """Create an entry of `kind` from each payload, and return their first revisions, in the same order.

    The payloads are as for `publish`, and so is `as_given`; they may refer to entries of the catalogue, not to one
    another. `trace` is that of all, or one for each; `slugs`, if any, are those that the entries get ("" for one made
    of the name). Raises PayloadError, with "row 3, year" instead of the field, and then writes nothing. A few thousand
    payloads per call keep the memory and the transaction small.
    """
    traces = [with_time(trace)] * len(payloads) if isinstance(trace, Trace) else dated(trace)
    drafts = _drafts(kind, payloads, traces, as_given=as_given)
    _assign_slugs_and_positions(kind, drafts, slugs or [""] * len(drafts))
    insert_saved(kind.model, [draft.entry for draft in drafts])
    _write_rows(kind, drafts)
    write_indexes(kind, _as_fetched(kind, drafts))
    names = account_names(*traces)
    revisions = [
        build_revision(
            draft.entry,
            RevisionAction.CREATE,
            draft.payload,
            changed_keys({}, draft.payload),
            draft.trace,
            names=names,
        )
        for draft in drafts
    ]
    insert_saved(Revision, revisions)
    insert_sourcing(kind, {revision.entry_id: [revision] for revision in revisions})
    return revisions


def dated(traces: Iterable[Trace]) -> list[DatedTrace]:
    """Traces with their times set; those that have none are of one moment."""
    now = timezone.now()
    return [with_time(trace if trace.at else replace(trace, at=now)) for trace in traces]


@dataclass(frozen=True)
class _Draft:
    """A valid payload: unsaved entry, canonical payload, the cleaned values, the ids that its rows refer to, and who
    publishes it."""

    entry: Entry
    payload: dict[str, Any]
    cleaned: dict[str, Any]
    referenced_ids: dict[str, dict[str, dict[str, int]]]
    trace: DatedTrace


def _drafts(
    kind: Kind, payloads: Sequence[Mapping[str, Any]], traces: Sequence[DatedTrace], *, as_given: bool
) -> list[_Draft]:
    errors = in_rows(payload_errors(kind.form, payload) for payload in payloads)
    if errors:
        raise PayloadError(errors)
    bulk = BulkForm(kind, payloads)
    drafts, refused = list[_Draft](), list[Errors]()
    for payload, trace in zip(payloads, traces, strict=True):
        form = bulk.bind(payload, kind.model())
        after = {} if form.errors else form.canonical()
        if after and not as_given and (more := kind.consequences({}, after, trace.source)):
            form = bulk.bind({**after, **more}, kind.model())
            after = {} if form.errors else form.canonical()
        refused.append(messages_of(form))
        if after:
            bulk.accept(form)
            drafts.append(_Draft(form.instance, after, form.cleaned_data, form.referenced_ids, trace))
    if errors := in_rows(refused):
        raise PayloadError(errors)
    return drafts


def messages_of(form: EntryForm) -> Errors:
    """The messages of a form's errors, by field."""
    return {field: [str(message) for message in messages] for field, messages in form.errors.items()}


def in_rows(errors: Iterable[Errors]) -> Errors:
    """The errors of payloads one after the other, by "row 3, year"."""
    rows = enumerate(errors, 1)
    return {f"row {number}, {field}": messages for number, row in rows for field, messages in row.items()}


def refused_rows(error: PayloadError) -> dict[int, str]:
    """What is wrong with each refused payload, by its place in the batch from 0."""
    rows: dict[int, str] = {}
    for place, messages in error.errors.items():
        number, _, key = place.removeprefix("row ").partition(", ")
        index = int(number) - 1
        rows[index] = "; ".join(filter(None, [rows.get(index, ""), f"{key}: {' '.join(messages)}"]))
    return rows


def _as_fetched(kind: Kind, drafts: list[_Draft]) -> list[Entry]:
    """The saved entries `with_references()`: those of a kind without tables of rows need not be read again."""
    if kind.form.tables():
        ids = [draft.entry.pk for draft in drafts]
        return list(kind.model.objects.with_references().filter(pk__in=ids).order_by("pk"))
    for draft in drafts:
        prefetched(draft.entry)["topics"] = _topics(draft)
    return [draft.entry for draft in drafts]


def _assign_slugs_and_positions(kind: Kind, drafts: list[_Draft], slugs: Sequence[str]) -> None:
    """Set each entry's slug, position in its section and times, as `publish` would one after the other."""
    requested = [slug or slug_for(draft.payload["name"]) for draft, slug in zip(drafts, slugs, strict=True)]
    asked, taken = _asked_slugs(kind, Counter(requested))
    last = _last_positions(kind, {draft.entry.section_id for draft in drafts} - {None})
    errors = list[Errors]()
    for draft, slug in zip(drafts, slugs, strict=True):
        entry = draft.entry
        errors.append({"slug": [refusal]} if slug and (refusal := slug_refusal(kind, slug, slug in taken)) else {})
        entry.slug = slug or free_slug(
            draft.payload["name"], lambda slug: slug in taken or (slug not in asked and slug_is_taken(kind, slug))
        )
        taken.add(entry.slug)
        entry.created = entry.updated = draft.trace.at
        entry.revision = 1
        entry.derive()
        if entry.section_id:
            last[entry.section_id] = entry.position = last.get(entry.section_id, -1) + 1
    if refused := in_rows(errors):
        raise PayloadError(refused)


def _asked_slugs(kind: Kind, requested: Mapping[str, int]) -> tuple[set[str], set[str]]:
    """The slugs that were looked up for new entries, and those of them that are taken: what their names give, and the
    next variants of what is taken or given several times. `requested` is how often each is asked for."""
    taken = set(slug_holders(kind, set(requested)))
    crowded = {slug: times for slug, times in requested.items() if slug in taken or times > 1}
    variants = {numbered(slug, 2 + n) for slug, times in crowded.items() for n in range(times + VARIANTS)}
    return {*requested, *variants}, taken.union(slug_holders(kind, variants) if variants else ())


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
