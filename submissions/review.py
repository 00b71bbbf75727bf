"""A proposal for its pages: base, proposed and live values, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property

from accounts.models import User
from catalog.forms.payload import payload_errors
from catalog.forms.showing import DisplayItem, Names
from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import as_object, current_payload_of, with_present_slugs
from catalog.models import Entry, Revision
from catalog.reading.values import items_of, names_for_payloads
from submissions import diff
from submissions.columns import ComparisonColumn, FieldColumns, compare_snapshots, comparison_columns
from submissions.diff import FieldDiff, TextSpan
from submissions.intake.duplicates import Duplicate, find_certain_duplicates
from submissions.models import ACTIONS_WITH_BASE, Proposal, ProposalAction
from submissions.verbs import past_of

COLUMN_TITLES = ("Base", "Proposed", "Live now")


@dataclass(frozen=True)
class RowComparison:
    """A row of a list field: "kept", "gone", "new" or "altered", as items before and after."""

    state: str
    before: DisplayItem | None
    after: DisplayItem | None


@dataclass(frozen=True)
class FieldComparison:
    """One field: its base value, the proposed one and the live one.

    The author's page shows texts as `spans` (word by word) and lists as `lines` (row by row), and `live` if it differs
    from `base`; the review page shows `sides`. Each is computed when it is shown.
    """

    kind: Kind
    values: FieldDiff
    names: Names

    @property
    def field(self) -> str:
        return self.values.field

    @property
    def state(self) -> str:
        return self.values.state

    @property
    def label(self) -> str:
        return self.kind.label_of(self.field)

    @cached_property
    def base(self) -> list[DisplayItem]:
        return self._items(self.values.base)

    @cached_property
    def proposed(self) -> list[DisplayItem]:
        return self._items(self.values.proposed)

    @cached_property
    def live(self) -> list[DisplayItem]:
        return self._items(self.values.live)

    @cached_property
    def spans(self) -> list[TextSpan]:
        """The spans of a changed text; empty if there was no text before or there is none after."""
        before, after = self.values.base, self.values.proposed
        texts = isinstance(before, str) and isinstance(after, str) and before and after
        return diff.word_diff(before, after) if texts else []

    @cached_property
    def lines(self) -> list[RowComparison]:
        """The rows of a list before and after."""
        if not isinstance(self.values.proposed, list):
            return []
        before = self.values.base if isinstance(self.values.base, list) else []
        return [
            RowComparison(row.state, self._item(row.before), self._item(row.after))
            for row in diff.row_diff(before, self.values.proposed)
        ]

    @cached_property
    def sides(self) -> list[ComparisonColumn]:
        """The values as columns: base, proposed, and live if it has changed since."""
        columns = zip(COLUMN_TITLES, (self.values.base, self.values.proposed, self.values.live), strict=True)
        return comparison_columns(self.kind, self.field, list(columns), self.names)

    @property
    def collides(self) -> bool:
        return self.state == diff.COLLIDES

    @property
    def moved_too(self) -> bool:
        """Whether others changed the same list, in other rows."""
        return self.state == diff.PROPOSED and self.live != self.base

    def _items(self, value: Any) -> list[DisplayItem]:
        return items_of(self.kind, self.field, value, self.names)

    def _item(self, row: Any) -> DisplayItem | None:
        """A row of a list as shown; None if there is no row or nothing to show."""
        return next(iter(self._items([row])), None) if row is not None else None


@dataclass(frozen=True)
class DiscussionEvent:
    """One line of the event log; `action` is what the actor did, in words."""

    actor: User
    action: str
    comment: str
    at: datetime


class Review:
    """What a reader of a proposal needs, in a number of queries that does not depend on its size."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.kind: Kind = KINDS[proposal.kind]

    @cached_property
    def entry(self) -> Entry | None:
        """The live entry that it is about."""
        if self.proposal.target_id is None:
            return None
        found: Entry | None = self.kind.model.objects.with_references().filter(pk=self.proposal.target_id).first()
        return found

    @cached_property
    def heir(self) -> Entry | None:
        """The entry that a merge keeps."""
        rows = self.kind.model.objects.with_references()
        found: Entry | None = rows.filter(pk=self.proposal.into_id or 0).first()
        return found

    @cached_property
    def folded(self) -> list[FieldColumns]:
        """In which fields the entry that a merge takes away differs from the one that stays."""
        if self.entry is None or self.heir is None:
            return []
        goes, stays = self.kind.dump(self.entry), self.kind.dump(self.heir)
        return compare_snapshots(self.kind, goes, stays, (f"Goes: {self.entry.name}", f"Stays: {self.heir.name}"))

    @cached_property
    def published(self) -> Revision | None:
        """The revision that it became."""
        return Revision.objects.filter(pk=self.proposal.revision_id or 0).first()

    @cached_property
    def base(self) -> Mapping[str, Any]:
        """The payload that the author started from."""
        if self.proposal.action != ProposalAction.EDIT or self.proposal.target_id is None:
            return {}
        rows = Revision.objects.of(self.kind.name, self.proposal.target_id).filter(number=self.proposal.base or 0)
        revision = rows.first()
        return as_object(current_payload_of(revision)) if revision else {}

    @cached_property
    def proposed(self) -> dict[str, Any]:
        """What is proposed, with the addresses that the entries it names have now."""
        return with_present_slugs(self.kind, self.proposal.current_payload)

    @cached_property
    def live(self) -> Mapping[str, Any]:
        """The payload of the live entry; the base once the proposal is closed, so that the page says what it said."""
        if self.proposal.action != ProposalAction.EDIT or not self.proposal.is_open or self.entry is None:
            return self.base
        return self.kind.dump(self.entry)

    @property
    def stale(self) -> bool:
        """Whether the live entry has moved on since."""
        made_from_it = self.proposal.is_open and self.proposal.action in ACTIONS_WITH_BASE
        return made_from_it and self.entry is not None and self.entry.revision != self.proposal.base

    @property
    def gone(self) -> bool:
        """Whether the entry that it is about is not in the catalogue any more."""
        about = self.proposal.action not in (ProposalAction.CREATE, ProposalAction.RESTORE)
        return about and self.proposal.is_open and self.entry is None

    @property
    def can_be_rebased(self) -> bool:
        """Whether its changes can be made on the live entry as it is."""
        return self.stale and not any(row.collides for row in self.changes)

    @cached_property
    def joined(self) -> dict[str, Any]:
        """The proposal's changes made on the live entry; where both changed a field, the proposed value."""
        if not self.stale:
            return self.proposed
        rows = diff.three_way_diff(self.base, self.proposed, self.live)
        return {**self.live, **{row.field: row.merged for row in rows}}

    @cached_property
    def changes(self) -> list[FieldComparison]:
        """The fields that differ, in the payload's order; for a new entry those that hold something."""
        if not self.proposal.has_payload:
            return []
        empty = self.kind.form.empty()
        payload = {**empty, **self.proposed}
        base, live = {**empty, **self.base}, {**empty, **self.live}
        names = names_for_payloads(self.kind, payload, base, live)
        return [FieldComparison(self.kind, row, names) for row in diff.three_way_diff(base, payload, live)]

    @cached_property
    def log(self) -> list[DiscussionEvent]:
        """What was done to it, oldest first."""
        events = self.proposal.events.select_related("actor")
        return [DiscussionEvent(event.actor, past_of(event.verb), event.comment, event.at) for event in events]

    @cached_property
    def doubles(self) -> list[Duplicate]:
        """The live entries that a new one would double for certain, as the catalogue is now."""
        if self.proposal.action != ProposalAction.CREATE or not self.proposal.is_open:
            return []
        payload = self.proposal.current_payload
        return [] if payload_errors(self.kind.form, payload) else find_certain_duplicates(self.kind, payload)

    @property
    def suspected(self) -> list[dict[str, Any]]:
        """What it may double as far as was seen when it was submitted, but for `doubles`."""
        shown = {twin.slug for twin in self.doubles}
        return [twin for twin in self.proposal.twins if twin["slug"] not in shown]

    @cached_property
    def others(self) -> list[Proposal]:
        """Other open proposals on the same entry."""
        if self.proposal.target_id is None:
            return []
        rows = Proposal.objects.open().about(self.kind.name, self.proposal.target_id).exclude(pk=self.proposal.pk)
        return list(rows.select_related("author")[:20])
