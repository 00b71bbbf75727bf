"""Who made a change, when, why and from which source, and the revision that records it."""

import re
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
    """Who proposed a change, who approved it, from which source, why, and when (None: at the time of publishing).

    `part_of` is the id of the merge or restoration that the change belongs to, `edited` the values that the approver
    gave in review instead of those proposed (`Revision.edited`), `seconder` the moderator who agreed before.
    """

    contributor: AbstractBaseUser
    approver: AbstractBaseUser | None = None
    source: str = ""
    comment: str = ""
    at: datetime | None = None
    part_of: int | None = None
    edited: Mapping[str, Any] = field(default_factory=dict)
    seconder: AbstractBaseUser | None = None


@dataclass(frozen=True)
class DatedTrace(Trace):
    """A trace whose time is set."""

    at: datetime = field(default_factory=timezone.now)


def with_time(trace: Trace) -> DatedTrace:
    """The trace with its time set; call it under the publish lock, so that times follow the ledger's order."""
    return DatedTrace(**{**vars(trace), "at": trace.at or timezone.now()})


def former_values(number: int) -> str:
    """The source of a change that brings back what an entry said after its revision `number`."""
    return f"Revision {number} of this entry"


def brought_back(source: str) -> int | None:
    """The number of the revision whose values a change with this source brings back; None if it brings none back."""
    found = FORMER_VALUES.fullmatch(source)
    return int(found[1]) if found else None


FORMER_VALUES = re.compile("Revision ([1-9][0-9]{0,8}) of this entry")


def account_names(*traces: DatedTrace) -> dict[int, str]:
    """The names of the accounts of traces by id, read again: one may have been deleted since it was fetched."""
    people = ((trace.contributor, trace.approver, trace.seconder) for trace in traces)
    ids = {person.pk for some in people for person in some if person}
    accounts = get_user_model()._default_manager
    return dict(accounts.filter(pk__in=ids).values_list("pk", get_user_model().USERNAME_FIELD))


def build_revision(
    entry: Entry,
    action: RevisionAction,
    snapshot: dict[str, Any],
    fields: list[str],
    trace: DatedTrace,
    *,
    names: Mapping[int, str],
    into: Entry | None = None,
) -> Revision:
    """The unsaved revision of a saved entry. `names` are the names of the trace's accounts by id, `into` is the entry
    that a merge keeps."""
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
        into_id=into.pk if into else None,
        part_of_id=trace.part_of,
        edited=dict(trace.edited) or None,
        seconder_id=trace.seconder.pk if trace.seconder else None,
        seconder=names[trace.seconder.pk] if trace.seconder else None,
    )
