"""The only functions (with bulk.py and bulk_edits.py) that write entries and revisions, each recorded in the ledger."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from catalog.forms import EntryForm, Errors, payload_errors
from catalog.forms.fields import is_blank
from catalog.kinds import Kind, kind_of
from catalog.ledger.blame import sources_after
from catalog.ledger.indexing import drop_indexes, reindex
from catalog.ledger.indexing.exposure import exposing_keys, has_exposure, write_descendants
from catalog.ledger.indexing.sourcing import histories_of, write_sourcing
from catalog.ledger.merges import (
    plan_giving_back,
    too_many_references_message,
    too_many_to_give_back_message,
    with_kept_references,
)
from catalog.ledger.payloads import current_payload_of
from catalog.ledger.referrers import delete_own_references, referrers, referring_entries
from catalog.ledger.trace import DatedTrace, Trace, account_names, build_revision, with_time
from catalog.models import Entry, FormerSlug, Revision, RevisionAction
from catalog.text.slugs import free_slug, slug_for

P = ParamSpec("P")
R = TypeVar("R")


class PublishingError(ValueError):
    """The change cannot be published; the message says why and is shown to people."""


class PayloadError(PublishingError):
    """The payload is not valid; `errors` has the messages by field."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {' '.join(messages)}" for field, messages in errors.items()))


class NothingChanged(PublishingError):
    """The payload and the slug equal those of the live entry."""


class StaleBase(PublishingError):
    """The live entry is not at the revision that the change was made from."""

    def __init__(self, base: int, live: int) -> None:
        self.base, self.live = base, live
        super().__init__(f"The change was made from revision {base}; the entry is at revision {live} now.")


def with_publish_lock(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction that holds the publish lock.

    Revision ids then become visible in order, so that readers of the change feed miss none. The lock is taken before
    any row lock, so that publishers cannot deadlock.
    """

    @wraps(verb)
    def locked_verb(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            Revision.objects.take_publish_lock()
            return verb(*args, **kwargs)

    return locked_verb


@with_publish_lock
def publish(
    *,
    kind: Kind,
    payload: Mapping[str, Any],
    trace: Trace,
    entry: Entry | None = None,
    slug: str | None = None,
    base: int | None = None,
    as_given: bool = False,
    stored: Sequence[Mapping[str, Any]] = (),
) -> Revision:
    """Create an entry, or update `entry` to `payload`, and append a revision.

    `payload` is complete (absent keys mean empty values), not a patch. A source of a value that it replaces goes with
    that value; sources that it adds are those of the new one. `slug` is that of a new entry, or the new one of an
    existing entry, whose former slug then redirects. `base` is the revision that the payload was made from. With
    `as_given`, nothing changes but what the payload says (`Kind.consequences`). Raises PayloadError (also when
    the slug is taken), StaleBase or NothingChanged. Facets, duplicate keys and search document are updated in the same
    transaction.
    """
    trace = with_time(trace)
    if entry is None:
        return _create(kind, payload, slug, trace, as_given=as_given)
    live = lock_and_fetch(kind, entry.pk, base)
    return _change(live, payload, slug, trace, as_given=as_given, stored=stored)


@with_publish_lock
def retire(*, entry: Entry, trace: Trace, base: int | None = None) -> Revision:
    """Remove an entry from the catalogue; the ledger keeps it, and its URL answers 410 with the trace's comment.

    Raises PublishingError while other entries refer to it, StaleBase if it is no longer at revision `base`.
    """
    live = lock_and_fetch(kind_of(entry), entry.pk, base)
    if referring := referrers(live):
        names = ", ".join(dict.fromkeys(str(row) for row in referring[:5]))
        raise PublishingError(f"{live} cannot be retired while these refer to it: {names}.")
    revision = _append_removal(live, RevisionAction.RETIRE, with_time(trace))
    _delete(live)
    return revision


@with_publish_lock
def merge(*, entry: Entry, into: Entry, trace: Trace, base: int | None = None, most: int | None = None) -> Revision:
    """Merge the duplicate `entry` into the merge target `into`; the URL of `entry` then redirects.

    References to `entry` are replaced, with one revision for each entry that has some; `into` is not changed. Raises
    PublishingError if the two are of different kinds, the same, if `into` refers to `entry`, or if more than `most`
    entries refer to it; StaleBase if `entry` is no longer at revision `base`.
    """
    kind = kind_of(entry)
    if kind_of(into) is not kind or into.pk == entry.pk:
        raise PublishingError("Only two different entries of one kind can be merged.")
    live, target = lock_and_fetch(kind, entry.pk, base), lock_and_fetch(kind, into.pk)
    trace, referring = with_time(trace), referring_entries(live)
    if any(kind_of(other) is kind and other.pk == target.pk for other in referring):
        raise PublishingError(f"{target} refers to {live}: propose an edit of {target} first.")
    if most is not None and len(referring) > most:
        raise PublishingError(too_many_references_message(live, len(referring), most))
    revision = _append_removal(live, RevisionAction.MERGE, trace, target)
    for other in referring:
        _replace_reference(other, live, target, replace(trace, part_of=revision.pk))
    _delete(live)
    FormerSlug.objects.update_or_create(kind=kind.name, slug=live.slug, defaults={"entry_id": target.pk})
    return revision


@with_publish_lock
def restore(*, kind: Kind, entry_id: int, trace: Trace, base: int | None = None, most: int | None = None) -> Revision:
    """Restore a retired or merged entry with its old id, and give back the references that a merge replaced.

    Each gets a revision that is a part of the restoration. A reference that was changed since stays as it is; the
    comment of the restoration names it (`catalog.ledger.merges.kept_references`). Raises PublishingError if the entry
    is not retired or merged or if its merge replaced more than `most` references, StaleBase if `base` is not its last
    revision.
    """
    last = Revision.objects.of(kind.name, entry_id).last()
    if last is None or last.action not in (RevisionAction.RETIRE, RevisionAction.MERGE):
        raise PublishingError("Only a retired entry can be restored.")
    if base is not None and last.number != base:
        raise StaleBase(base, last.number)
    parts = Revision.objects.parts_of(last).count() if last.action == RevisionAction.MERGE else 0
    if most is not None and parts > most:
        raise PublishingError(too_many_to_give_back_message(last.name, parts, most))
    FormerSlug.objects.filter(kind=kind.name, slug=last.slug).delete()
    first = Revision.objects.of(kind.name, entry_id).earliest("number")
    instance = kind.model(created=first.at, revision=last.number)
    instance.pk = entry_id
    payload = current_payload_of(last)
    form = bound_form(kind, payload, instance, stored=[payload])
    trace = with_time(trace)
    saved = _save(form, {}, slug_to_save(kind, None, last.slug, last.name, entry_id), trace)
    reindex(kind, saved)
    plan = plan_giving_back(last)
    valid = [(entry, payload) for entry, payload in plan.payloads if _is_valid(entry, payload)]
    kept = [*plan.kept, *(str(entry) for entry, payload in plan.payloads if (entry, payload) not in valid)]
    named = replace(trace, comment=with_kept_references(trace.comment, kept))
    revision = _append_live(saved, RevisionAction.RESTORE, form.canonical(), [], named)
    for entry, payload in valid:
        _give_back_reference(entry, payload, saved, replace(trace, part_of=revision.pk))
    return revision


def lock_and_fetch(kind: Kind, pk: int, base: int | None = None) -> Entry:
    """Fetch the live entry again, under the publish lock, so that nobody else changes it before the transaction ends.

    Raises PublishingError if it is not in the catalogue any more, StaleBase if it is not at revision `base`.
    """
    Revision.objects.take_publish_lock()
    entry: Entry | None = kind.model.objects.with_references().filter(pk=pk).first()
    if entry is None:
        raise PublishingError("The entry is not in the catalogue any more.")
    if base is not None and entry.revision != base:
        raise StaleBase(base, entry.revision)
    return entry


def bound_form(
    kind: Kind,
    payload: Mapping[str, Any],
    instance: Entry,
    *,
    stored: Sequence[Mapping[str, Any]] = (),
    replaces_references: bool = False,
    additions: Mapping[str, Mapping[str, Any]] = EntryForm.additions,
) -> EntryForm:
    """The kind's form, bound to a complete payload and valid. Raises PayloadError.

    Values, items and rows that one of the `stored` payloads has are not refused again (`EntryForm.use_stored`).
    `additions` are rows that other entries are going to list (`EntryForm.additions`); a form with some saves nothing.
    """
    if errors := payload_errors(kind.form, payload):
        raise PayloadError(errors)
    form = kind.form({**kind.form.empty(), **payload}, instance=instance)
    form.replaces_references, form.additions = replaces_references, additions
    form.use_stored([dict(row) for row in stored if not payload_errors(kind.form, row)])
    if not form.is_valid():
        raise PayloadError({field: [str(message) for message in messages] for field, messages in form.errors.items()})
    return form


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The payload keys whose values differ; on creation (`before` is empty), the keys with a value."""
    if before:
        return [key for key, value in after.items() if value != before[key]]
    return [key for key, value in after.items() if not is_blank(value) and value is not False]


def _create(kind: Kind, payload: Mapping[str, Any], slug: str | None, trace: DatedTrace, *, as_given: bool) -> Revision:
    form = bound_form(kind, payload, kind.model())
    if not as_given:
        form = with_consequences(form, {}, trace.source)
    after = form.canonical()
    saved = _save(form, {}, slug_to_save(kind, None, slug, after["name"]), trace)
    reindex(kind, saved, dependants=False)  # what is new is not shown anywhere yet
    return _append_live(saved, RevisionAction.CREATE, after, changed_keys({}, after), trace)


def _change(
    live: Entry,
    payload: Mapping[str, Any],
    slug: str | None,
    trace: DatedTrace,
    *,
    as_given: bool,
    stored: Sequence[Mapping[str, Any]] = (),
    replaces_references: bool = False,
) -> Revision:
    kind, former_slug = kind_of(live), live.slug
    before = kind.dump(live)
    form = bound_form(kind, payload, live, stored=[before, *stored], replaces_references=replaces_references)
    if not as_given:
        form = with_consequences(form, before, trace.source)
    after = form.canonical()
    form.replace_sources(sources_after(kind, live.pk, before, after, trace))
    after = form.canonical()
    new_slug = slug_to_save(kind, live, slug, after["name"])
    moved = new_slug != former_slug
    if after == before and not moved:
        raise NothingChanged("The proposal is the same as the live entry.")
    saved = _save(form, before, new_slug, trace)
    saved.derive_dependants({saved: changed_keys(before, after)})
    if moved:
        keep_former_slugs(kind, {former_slug: saved})
    renamed = any(before[key] != after[key] for key in kind.inherited)
    exposing = has_exposure(kind) and (moved or not exposing_keys(kind).isdisjoint(changed_keys(before, after)))
    reindex(kind, saved, dependants=renamed or moved, exposure=exposing)
    if exposing:
        write_descendants(saved)
    action = RevisionAction.MOVE if after == before else RevisionAction.EDIT
    return _append_live(saved, action, after, changed_keys(before, after), trace)


def with_consequences(form: EntryForm, before: Mapping[str, Any], source: str) -> EntryForm:
    """A bound form, with what its change, which has this source, changes besides."""
    entry, after = form.instance, form.canonical()
    more = kind_of(entry).consequences(before, after, source)
    if not more:
        return form
    stored = [before] if before else ()
    return bound_form(kind_of(entry), {**after, **more}, entry, stored=stored, additions=form.additions)


def _save(form: EntryForm, before: Mapping[str, Any], slug: str, trace: DatedTrace) -> Entry:
    entry: Entry = form.instance
    entry.slug = slug
    entry.created = trace.at if entry.created is None else entry.created
    entry.updated = trace.at
    entry.revision += 1
    if not before and entry.section_id:
        last = type(entry).objects.filter(section_id=entry.section_id).aggregate(last=models.Max("position"))["last"]
        entry.position = 0 if last is None else last + 1
    entry.derive()
    entry.save()
    form.save_rows(before)
    return entry


def slug_to_save(kind: Kind, live: Entry | None, requested: str | None, name: str, entry_id: int = 0) -> str:
    """The slug to save: `requested` if it is free, the live one, or a free one made from the name."""
    if live and (requested is None or requested == live.slug):
        return live.slug
    own_id = live.pk if live else entry_id
    if requested:
        if refusal := slug_refusal(kind, requested, slug_is_taken(kind, requested, own_id)):
            raise PayloadError({"slug": [refusal]})
        return requested
    return free_slug(name, lambda slug: slug_is_taken(kind, slug, own_id))


def slug_refusal(kind: Kind, slug: str, taken: bool) -> str:
    """Why an entry cannot have the slug that was asked for, or ""."""
    if slug != slug_for(slug):
        return f"“{slug}” is not a slug; “{slug_for(slug)}” is."
    return f"“{slug}” is the address of another {kind.label.lower()}." if taken else ""


def slug_is_taken(kind: Kind, slug: str, own_id: int = 0) -> bool:
    """Whether another entry of the kind has or had this slug."""
    return (
        kind.model.objects.filter(slug=slug).exclude(pk=own_id).exists()
        or FormerSlug.objects.filter(kind=kind.name, slug=slug).exclude(entry_id=own_id).exists()
        or Revision.objects.filter(kind=kind.name, slug=slug).exclude(entry_id=own_id).exists()
    )


def slug_holders(kind: Kind, slugs: Collection[str]) -> dict[str, set[int]]:
    """The ids of the entries of the kind that have or had these slugs, by slug; three queries."""
    rows: list[Any] = [
        kind.model.objects.filter(slug__in=slugs).values_list("slug", "pk"),
        FormerSlug.objects.filter(kind=kind.name, slug__in=slugs).values_list("slug", "entry_id"),
        Revision.objects.filter(kind=kind.name, slug__in=slugs).values_list("slug", "entry_id"),
    ]
    holders = defaultdict[str, set[int]](set)
    for slug, pk in chain.from_iterable(queryset.order_by() for queryset in rows):
        holders[slug].add(pk)
    return holders


def keep_former_slugs(kind: Kind, moved: Mapping[str, Entry]) -> None:
    """Let the former slugs of entries that have moved lead to them."""
    FormerSlug.objects.filter(kind=kind.name, slug__in=[entry.slug for entry in moved.values()]).delete()
    FormerSlug.objects.bulk_create(
        [FormerSlug(kind=kind.name, slug=slug, entry_id=entry.pk) for slug, entry in moved.items()],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["entry_id"],
    )


def _append_removal(live: Entry, action: RevisionAction, trace: DatedTrace, into: Entry | None = None) -> Revision:
    """Append the last revision of an entry that is about to be deleted."""
    snapshot = kind_of(live).dump(live)
    live.revision += 1
    return _append(live, action, snapshot, [], trace, into=into)


def _delete(live: Entry) -> None:
    """Delete the entry's row and indexes."""
    drop_indexes(live)
    delete_own_references(live)
    live.delete()


def _replace_reference(other: Entry, former: Entry, target: Entry, trace: DatedTrace) -> None:
    kind = kind_of(other)
    live = lock_and_fetch(kind, other.pk)
    payload = kind.form.with_references_replaced(kind.dump(live), {(former.kind, former.slug): target.slug})
    named = replace(trace, comment=f"{former} was merged into {target}: {trace.comment}")
    _change(live, payload, None, named, as_given=True, replaces_references=True)


def _give_back_reference(entry: Entry, payload: Mapping[str, Any], restored: Entry, trace: DatedTrace) -> None:
    live = lock_and_fetch(kind_of(entry), entry.pk)
    named = replace(trace, comment=f"{restored} is an entry of its own again: {trace.comment}")
    _change(live, payload, None, named, as_given=True, replaces_references=True)


def _is_valid(entry: Entry, payload: Mapping[str, Any]) -> bool:
    """Whether the kind's form accepts the payload of an entry that was fetched under the publish lock."""
    kind, live = kind_of(entry), copy(entry)  # binding a form changes its entry
    try:
        bound_form(kind, payload, live, stored=[kind.dump(live)], replaces_references=True)
    except PayloadError:
        return False
    return True


def _append_live(
    entry: Entry, action: RevisionAction, snapshot: dict[str, Any], fields: list[str], trace: DatedTrace
) -> Revision:
    """Append a revision of an entry that is in the catalogue, and write how its values are sourced since."""
    revision = _append(entry, action, snapshot, fields, trace)
    kind = kind_of(entry)
    write_sourcing(kind, histories_of(kind, [entry.pk]))
    return revision


def _append(
    entry: Entry,
    action: RevisionAction,
    snapshot: dict[str, Any],
    fields: list[str],
    trace: DatedTrace,
    *,
    into: Entry | None = None,
) -> Revision:
    revision = build_revision(entry, action, snapshot, fields, trace, names=account_names(trace), into=into)
    revision.save()
    return revision
