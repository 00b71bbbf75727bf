"""Edit many entries at once: the same rows as `publish` writes one after the other (tests/…/test_edit_many.py)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import models

from catalog.forms import EntryForm, Errors, payload_errors
from catalog.kinds import Kind, kind_of
from catalog.ledger.blame import sources_after
from catalog.ledger.bulk import dated, in_rows, messages_of
from catalog.ledger.bulk_forms import BulkForm
from catalog.ledger.indexing import write_indexes
from catalog.ledger.indexing.exposure import descendants, exposing_keys, has_exposure, write_exposures
from catalog.ledger.indexing.sourcing import Histories, histories_of, write_sourcing
from catalog.ledger.publishing import (
    PayloadError,
    PublishingError,
    changed_keys,
    keep_former_slugs,
    slug_holders,
    slug_refusal,
    with_publish_lock,
)
from catalog.ledger.referrers import referring_entries
from catalog.ledger.trace import DatedTrace, Trace, account_names, build_revision
from catalog.models import Entry, Revision, RevisionAction

Payload = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """A change of an entry: new values of some of its fields, and its new slug, if it gets one."""

    entry_id: int
    changes: Mapping[str, Any]
    trace: Trace
    slug: str = ""


@with_publish_lock
def edit_many(*, kind: Kind, edits: Sequence[Edit]) -> list[Revision | None]:
    """Edit different entries of a kind, and return the revisions in the same order; None for an edit that changes
    nothing.

    Each is as by `publish` with `as_given`; none may refer to another of them. Raises PublishingError, also
    PayloadError with "row 3, year" instead of the field, and then writes nothing.
    """
    ids = [edit.entry_id for edit in edits]
    live: dict[int, Entry] = {row.pk: row for row in kind.model.objects.with_references().filter(pk__in=ids)}
    if len(live) < len(ids):
        raise PublishingError("An entry is not in the catalogue any more, or is edited twice.")
    slugs = {row.slug for row in live.values()}
    if any(name == kind.name and slug in slugs for edit in edits for name, slug in kind.form.references(edit.changes)):
        raise PublishingError("An entry is to refer to another that is edited with it.")
    histories = histories_of(kind, ids)
    drafts = _drafts(kind, [live[pk] for pk in ids], edits, histories)
    changed = [draft for draft in drafts if draft.after != draft.before or draft.moved]
    if not changed:
        return [None] * len(edits)
    _save(kind, changed)
    _reindex(kind, changed)
    names = account_names(*(draft.trace for draft in changed))
    revisions = Revision.objects.bulk_create(_revision(draft, names) for draft in changed)
    write_sourcing(kind, {one.entry_id: [*histories[one.entry_id], one] for one in revisions})
    by_entry = {revision.entry_id: revision for revision in revisions}
    return [by_entry.get(pk) for pk in ids]


@dataclass(frozen=True)
class _Draft:
    """A valid edit: the entry with its new values, not saved yet, its payload before and after, the cleaned values, and
    the ids that its rows refer to."""

    entry: Entry
    before: Payload
    after: Payload
    cleaned: Payload
    referenced_ids: dict[str, dict[str, dict[str, int]]]
    former_slug: str
    trace: DatedTrace

    @property
    def moved(self) -> bool:
        return self.entry.slug != self.former_slug

    def is_shown_otherwise(self, kind: Kind) -> bool:
        """Whether entries that refer to it show it by what has changed."""
        return self.moved or any(self.before[key] != self.after[key] for key in kind.inherited)

    @property
    def changed(self) -> list[str]:
        """The keys that differ."""
        return changed_keys(self.before, self.after)


@dataclass(frozen=True)
class _DatedEdit:
    """The new slug of an edit ("" for none), its trace, and the revisions of its entry."""

    slug: str
    trace: DatedTrace
    history: Sequence[Revision]


def _drafts(kind: Kind, entries: Sequence[Entry], edits: Sequence[Edit], histories: Histories) -> list[_Draft]:
    before = [kind.dump(entry) for entry in entries]
    payloads = [{**payload, **edit.changes} for payload, edit in zip(before, edits, strict=True)]
    if errors := in_rows(payload_errors(kind.form, payload) for payload in payloads):
        raise PayloadError(errors)
    bulk, new_slugs = BulkForm(kind, payloads), {edit.slug for edit in edits} - {""}
    holders = defaultdict(set, slug_holders(kind, new_slugs) if new_slugs else {})
    drafts, refused = list[_Draft](), list[Errors]()
    dated_edits = [
        _DatedEdit(edit.slug, trace, histories[edit.entry_id])
        for edit, trace in zip(edits, dated(edit.trace for edit in edits), strict=True)
    ]
    for entry, payload, former, edit in zip(entries, payloads, before, dated_edits, strict=True):
        form = bulk.bind(payload, entry, former)
        refused.append({**messages_of(form), **_slug_errors(kind, entry, edit.slug, holders)})
        if not refused[-1]:
            bulk.accept(form)
            holders[edit.slug].add(entry.pk)
            drafts.append(_draft(kind, form, former, edit))
    if errors := in_rows(refused):
        raise PayloadError(errors)
    return drafts


def _slug_errors(kind: Kind, entry: Entry, slug: str, holders: Mapping[str, set[int]]) -> Errors:
    """Why an entry cannot have its new slug; {} if it can or gets none."""
    if slug in ("", entry.slug):
        return {}
    refusal = slug_refusal(kind, slug, not holders[slug] <= {entry.pk})
    return {"slug": [refusal]} if refusal else {}


def _draft(kind: Kind, form: EntryForm, before: Payload, edit: _DatedEdit) -> _Draft:
    entry: Entry = form.instance
    history, trace = edit.history, edit.trace
    form.replace_sources(sources_after(kind, entry.pk, before, form.canonical(), trace, history=history))
    after, former_slug = form.canonical(), entry.slug
    entry.slug = edit.slug or entry.slug
    return _Draft(entry, before, after, form.cleaned_data, form.referenced_ids, former_slug, trace)


def _save(kind: Kind, drafts: Sequence[_Draft]) -> None:
    """Write the entries, their rows and topics, and what is derived from them in other entries."""
    for draft in drafts:
        draft.entry.updated = draft.trace.at
        draft.entry.revision += 1
        draft.entry.derive()
    fields = [field.name for field in kind.model._meta.concrete_fields if not field.primary_key and not field.generated]
    entries, table = [draft.entry for draft in drafts], cast(Any, kind.model.objects)
    table.bulk_create(entries, update_conflicts=True, unique_fields=["id"], update_fields=fields)
    _replace_rows(kind, drafts)
    _replace_topics(kind, drafts)
    kind.model.derive_dependants({draft.entry: draft.changed for draft in drafts})
    if moved := {draft.former_slug: draft.entry for draft in drafts if draft.moved}:
        keep_former_slugs(kind, moved)


def _replace_rows(kind: Kind, drafts: Sequence[_Draft]) -> None:
    """Write the rows of the parts that differ, in place of the former ones."""
    rows_by_model: dict[type[models.Model], list[Any]] = defaultdict(list)
    for key, field in kind.form.tables().items():
        changed = [draft for draft in drafts if draft.before[key] != draft.after[key]]
        if changed:
            relation = getattr(kind.model, field.accessor).rel
            owners = {f"{relation.field.name}__in": [draft.entry.pk for draft in changed]}
            relation.related_model._default_manager.filter(**owners, **field.fixed).delete()
            for draft in changed:
                rows = field.build_rows(draft.entry, draft.cleaned[key], draft.referenced_ids[key])
                rows_by_model[relation.related_model] += rows
    for model, rows in rows_by_model.items():
        model._default_manager.bulk_create(rows)


def _replace_topics(kind: Kind, drafts: Sequence[_Draft]) -> None:
    changed = [draft for draft in drafts if draft.before["topics"] != draft.after["topics"]]
    if not changed:
        return
    through, field = kind.model.topics.through, kind.model.topics.field
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    through._default_manager.filter(**{f"{own}__in": [draft.entry.pk for draft in changed]}).delete()
    through._default_manager.bulk_create(
        through(**{f"{own}_id": draft.entry.pk, f"{other}_id": topic.pk})
        for draft in changed
        for topic in draft.cleaned["topics"]
    )


def _reindex(kind: Kind, drafts: Sequence[_Draft]) -> None:
    """Update the indexes of the entries and of those that show their names, and the exposure of what inherits."""
    fresh = kind.model.objects.with_references().in_bulk([draft.entry.pk for draft in drafts])
    write_indexes(kind, [fresh[draft.entry.pk] for draft in drafts], exposure=False)
    others: dict[Kind, list[Entry]] = defaultdict(list)
    for other in referring_entries(*(fresh[draft.entry.pk] for draft in drafts if draft.is_shown_otherwise(kind))):
        others[kind_of(other)].append(other)
    keys = exposing_keys(kind) if has_exposure(kind) else None
    exposing = [
        draft.entry for draft in drafts if keys is not None and (draft.moved or not keys.isdisjoint(draft.changed))
    ]
    for other_kind, rows in others.items():
        write_indexes(other_kind, rows, exposure=False)
    if exposing:
        nodes = {(kind.name, entry.pk) for entry in exposing}
        write_exposures(nodes | descendants(nodes))


def _revision(draft: _Draft, names: Mapping[int, str]) -> Revision:
    action = RevisionAction.MOVE if draft.after == draft.before else RevisionAction.EDIT
    return build_revision(draft.entry, action, draft.after, draft.changed, draft.trace, names=names)
