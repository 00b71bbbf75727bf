"""The only writers of entries and revisions. Whatever becomes public passes through here and leaves its trace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from catalog.forms import EntryForm, Errors, payload_errors
from catalog.forms.fields import is_blank
from catalog.kinds import Kind, kind_of
from catalog.ledger.indexing import drop_indexes, reindex
from catalog.ledger.payloads import current_payload_of
from catalog.ledger.referrers import referrers, referring_entries
from catalog.models import Action, Entry, FormerSlug, Revision
from catalog.text.slugs import free_slug, slug_for

P = ParamSpec("P")
R = TypeVar("R")


class PublishingError(ValueError):
    """The change cannot be published as it stands; the message says why, for a person to read."""


class PayloadError(PublishingError):
    """The payload is not valid; `errors` gives the messages by field."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {' '.join(messages)}" for field, messages in errors.items()))


class NothingChanged(PublishingError):
    """The payload and the slug are those of the live entry."""


class StaleBase(PublishingError):
    """The live entry is at another revision than the one that the change was made from."""

    def __init__(self, base: int, live: int) -> None:
        self.base, self.live = base, live
        super().__init__(f"The change was made from revision {base}; the entry is at revision {live} now.")


@dataclass(frozen=True)
class Trace:
    """Who proposed a change and who approved it, when, from which source, and why."""

    contributor: AbstractBaseUser
    approver: AbstractBaseUser | None
    source: str
    comment: str
    at: datetime


def in_turn(verb: Callable[P, R]) -> Callable[P, R]:
    """A verb in one transaction, one publisher after the other: so the ledger's ids are in the order in which changes
    become visible, and who follows them misses none. The turn comes before any lock of a row, so none can be awaited
    crosswise."""

    @wraps(verb)
    def taking_turns(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            Revision.objects.await_turn()
            return verb(*args, **kwargs)

    return taking_turns


@in_turn
def publish(
    *,
    kind: Kind,
    payload: Mapping[str, Any],
    contributor: AbstractBaseUser,
    approver: AbstractBaseUser | None,
    source: str = "",
    comment: str = "",
    entry: Entry | None = None,
    slug: str | None = None,
    base: int | None = None,
    at: datetime | None = None,
) -> Revision:
    """Create an entry, or bring `entry` to `payload`, and append the revision that says so.

    `payload` is whole (absent keys mean the empty value), not a patch. `slug` names a new entry, or moves an existing
    one: its old address redirects from then on. `base` is the revision that the payload was made from. Raises
    PayloadError (also when the slug is taken), StaleBase or NothingChanged. The entry's facets and its search document
    are rewritten in the same transaction.
    """
    trace = Trace(contributor, approver, source, comment, at or timezone.now())
    live = locked(kind, entry.pk, base) if entry else None
    before = kind.dump(live) if live else {}
    former_slug = live.slug if live else ""
    form = bound(kind, payload, live or kind.model())
    after = form.canonical()
    new_slug = _slug(kind, live, slug, after["name"])
    if live and after == before and new_slug == former_slug:
        raise NothingChanged("The proposal is the same as the live entry.")
    saved = _save(form, before, new_slug, trace)
    action = _action(live, before == after)
    if live and new_slug != former_slug:
        _leave_forwarding_address(saved, former_slug)
    # what is new is not shown anywhere yet
    renamed = live is not None and any(before[key] != after[key] for key in kind.inherited)
    reindex(kind, saved, dependants=renamed or (live is not None and new_slug != former_slug))
    return _append(saved, action, after, changed(before, after), trace)


@in_turn
def retire(
    *,
    entry: Entry,
    contributor: AbstractBaseUser,
    approver: AbstractBaseUser | None,
    reason: str,
    source: str = "",
    base: int | None = None,
    at: datetime | None = None,
) -> Revision:
    """Take an entry out of the catalogue; the ledger keeps it and its address answers 410 with the reason.

    Raises PublishingError while other entries refer to it, StaleBase when it is not at revision `base` any more.
    """
    live = locked(kind_of(entry), entry.pk, base)
    if referring := referrers(live):
        names = ", ".join(dict.fromkeys(str(row) for row in referring[:5]))
        raise PublishingError(f"{live} cannot be retired while these refer to it: {names}.")
    return _take_out(live, Action.RETIRE, Trace(contributor, approver, source, reason, at or timezone.now()))


@in_turn
def merge(
    *,
    entry: Entry,
    into: Entry,
    contributor: AbstractBaseUser,
    approver: AbstractBaseUser | None,
    reason: str,
    source: str = "",
    base: int | None = None,
    at: datetime | None = None,
) -> Revision:
    """Fold a twin into the entry it doubles: what referred to `entry` refers to `into` from now on, each by a revision
    of its own, and the address of `entry` redirects.

    `into` itself stays as it is. Raises PublishingError when the two are of different kinds, one entry, or refer to
    each other; StaleBase when `entry` is not at revision `base` any more.
    """
    kind = kind_of(entry)
    if kind_of(into) is not kind or into.pk == entry.pk:
        raise PublishingError("Only two different entries of one kind can be merged.")
    live, heir = locked(kind, entry.pk, base), locked(kind, into.pk)
    trace = Trace(contributor, approver, source, reason, at or timezone.now())
    for other in referring_entries(live):
        if kind_of(other) is kind and other.pk == heir.pk:
            raise PublishingError(f"{heir} refers to {live}: propose an edit of {heir} first.")
        _repoint(other, live, heir, trace)
    revision = _take_out(live, Action.MERGE, trace)
    FormerSlug.objects.filter(kind=kind.name, entry_id=live.pk).update(entry_id=heir.pk)
    FormerSlug.objects.update_or_create(kind=kind.name, slug=live.slug, defaults={"entry_id": heir.pk})
    return revision


@in_turn
def restore(
    *,
    kind: Kind,
    entry_id: int,
    contributor: AbstractBaseUser,
    approver: AbstractBaseUser | None,
    comment: str = "",
    base: int | None = None,
    at: datetime | None = None,
) -> Revision:
    """Bring a retired or merged entry back under its old identity; what a merge pointed elsewhere stays there.

    Raises PublishingError when the entry is not retired, StaleBase when `base` is not its last revision.
    """
    last = Revision.objects.of(kind.name, entry_id).last()
    if last is None or last.action not in (Action.RETIRE, Action.MERGE):
        raise PublishingError("Only a retired entry can be restored.")
    if base is not None and last.number != base:
        raise StaleBase(base, last.number)
    FormerSlug.objects.filter(kind=kind.name, slug=last.slug).delete()
    first = Revision.objects.of(kind.name, entry_id).earliest("number")
    instance = kind.model(created=first.at, revision=last.number)
    instance.pk = entry_id
    form = bound(kind, current_payload_of(last), instance)
    trace = Trace(contributor, approver, "", comment, at or timezone.now())
    saved = _save(form, {}, _slug(kind, None, last.slug, last.name, entry_id), trace)
    reindex(kind, saved)
    return _append(saved, Action.RESTORE, form.canonical(), [], trace)


def locked(kind: Kind, pk: int, base: int | None = None) -> Entry:
    """A fresh instance of the live entry, that nobody else changes before the transaction ends.

    Raises PublishingError when it is gone, StaleBase when `base` is given and the entry is at another revision.
    """
    Revision.objects.await_turn()
    found: Entry | None = kind.model.objects.with_references().filter(pk=pk).first()
    if found is None:
        raise PublishingError("The entry is not in the catalogue any more.")
    if base is not None and found.revision != base:
        raise StaleBase(base, found.revision)
    return found


def bound(kind: Kind, payload: Mapping[str, Any], instance: Entry) -> EntryForm:
    """The kind's form, bound to a whole payload and valid; raises PayloadError."""
    if errors := payload_errors(kind.form, payload):
        raise PayloadError(errors)
    form = kind.form({**kind.form.empty(), **payload}, instance=instance)
    if not form.is_valid():
        raise PayloadError({field: [str(message) for message in messages] for field, messages in form.errors.items()})
    return form


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The payload keys whose value is another than before; on creation, those that hold something."""
    if before:
        return [key for key, value in after.items() if value != before[key]]
    return [key for key, value in after.items() if not is_blank(value) and value is not False]


def _save(form: EntryForm, before: Mapping[str, Any], slug: str, trace: Trace) -> Entry:
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


def _slug(kind: Kind, live: Entry | None, wanted: str | None, name: str, entry_id: int = 0) -> str:
    """The slug to save under: the one asked for if it is free, the live one, or a free one made from the name."""
    if live and (wanted is None or wanted == live.slug):
        return live.slug
    own = live.pk if live else entry_id
    if wanted:
        if wanted != slug_for(wanted):
            raise PayloadError({"slug": [f"“{wanted}” is not a slug; “{slug_for(wanted)}” is."]})
        if taken(kind, wanted, own):
            raise PayloadError({"slug": [f"“{wanted}” is the address of another {kind.label.lower()}."]})
        return wanted
    return free_slug(name, lambda slug: taken(kind, slug, own))


def taken(kind: Kind, slug: str, own: int = 0) -> bool:
    """Whether the address leads, or led, to another entry of the kind."""
    return (
        kind.model.objects.filter(slug=slug).exclude(pk=own).exists()
        or FormerSlug.objects.filter(kind=kind.name, slug=slug).exclude(entry_id=own).exists()
        or Revision.objects.filter(kind=kind.name, slug=slug).exclude(entry_id=own).exists()
    )


def _leave_forwarding_address(entry: Entry, former: str) -> None:
    FormerSlug.objects.filter(kind=entry.kind, slug=entry.slug).delete()
    FormerSlug.objects.update_or_create(kind=entry.kind, slug=former, defaults={"entry_id": entry.pk})


def _action(live: Entry | None, same_payload: bool) -> Action:
    if live is None:
        return Action.CREATE
    return Action.MOVE if same_payload else Action.EDIT


def _take_out(live: Entry, action: Action, trace: Trace) -> Revision:
    """Append the entry's last word and delete its row and its indexes."""
    kind = kind_of(live)
    snapshot = kind.dump(live)
    live.revision += 1
    revision = _append(live, action, snapshot, [], trace)
    drop_indexes(live)
    live.delete()
    return revision


def _repoint(other: Entry, former: Entry, heir: Entry, trace: Trace) -> None:
    kind = kind_of(other)
    publish(
        kind=kind,
        payload=kind.form.repointed(kind.dump(other), former.kind, former.slug, heir.slug),
        contributor=trace.contributor,
        approver=trace.approver,
        source=trace.source,
        comment=f"{former} was merged into {heir}: {trace.comment}",
        entry=other,
        at=trace.at,
    )


def _append(entry: Entry, action: Action, snapshot: dict[str, Any], fields: list[str], trace: Trace) -> Revision:
    revision = revision_of(entry, action, snapshot, fields, trace, names=names_in(trace))
    revision.save()
    return revision


def names_in(trace: Trace) -> dict[int, str]:
    """The names of the accounts of a trace, read again: somebody may have left since the accounts were fetched."""
    ids = [person.pk for person in (trace.contributor, trace.approver) if person]
    accounts = get_user_model()._default_manager
    return dict(accounts.filter(pk__in=ids).values_list("pk", get_user_model().USERNAME_FIELD))


def revision_of(
    entry: Entry, action: Action, snapshot: dict[str, Any], fields: list[str], trace: Trace, *, names: Mapping[int, str]
) -> Revision:
    """What the ledger says of a saved entry; not saved. `names` are those of the trace's accounts."""
    return Revision(
        kind=entry.kind,
        entry_id=entry.pk,
        number=entry.revision,
        slug=entry.slug,
        name=entry.name,
        action=action,
        snapshot=snapshot,
        shape=kind_of(entry).form.shape(),
        changed=fields,
        contributor_id=trace.contributor.pk,
        contributor=names[trace.contributor.pk],
        approver_id=trace.approver.pk if trace.approver else None,
        approver=names[trace.approver.pk] if trace.approver else "",
        source=trace.source,
        comment=trace.comment,
        at=trace.at,
    )
