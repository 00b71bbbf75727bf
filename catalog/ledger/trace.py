"""Who changed something, when, from which source and why; and the revision that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from catalog.kinds import kind_of
from catalog.models import Entry, Revision, RevisionAction


@dataclass(frozen=True)
class Trace:
    """Who proposed a change and who approved it, from which source, why, and when (None: when it is published)."""

    contributor: AbstractBaseUser
    approver: AbstractBaseUser | None = None
    source: str = ""
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Dated(Trace):
    """A trace with its time."""

    at: datetime = field(default_factory=timezone.now)


def dated(trace: Trace) -> Dated:
    """The trace with its time. A publisher reads it in its turn, so that times follow the ledger's order."""
    return Dated(trace.contributor, trace.approver, trace.source, trace.comment, trace.at or timezone.now())


def account_names(trace: Dated) -> dict[int, str]:
    """The names of the accounts of a trace, read again: somebody may have left since the accounts were fetched."""
    ids = [person.pk for person in (trace.contributor, trace.approver) if person]
    accounts = get_user_model()._default_manager
    return dict(accounts.filter(pk__in=ids).values_list("pk", get_user_model().USERNAME_FIELD))


def revision_of(
    entry: Entry,
    action: RevisionAction,
    snapshot: dict[str, Any],
    fields: list[str],
    trace: Dated,
    *,
    names: Mapping[int, str],
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
