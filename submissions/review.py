"""What the pages of a proposal show: base, proposed and live values, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property

from accounts.models import User
from catalog.forms.display import DisplayItem, Names
from catalog.forms.holders import TakenIdentifier
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.ledger.blame import sources_after
from catalog.ledger.checking import Finding, refused_values
from catalog.ledger.history import previous_revisions
from catalog.ledger.merges import live_entry
from catalog.ledger.payloads import as_object, current_payload_of, payload_of, with_present_slugs
from catalog.models import Entry, Revision
from catalog.reading.pages import preview_of
from catalog.reading.values import items_of, names_for_payloads
from submissions import diff, workflow
from submissions.additions import ShownAddition, shown_additions
from submissions.columns import ComparisonColumn, FieldColumns, compare_snapshots, comparison_columns
from submissions.diff import FieldDiff
from submissions.effects import Effects, removal_effects, restoration_effects
from submissions.intake.duplicates import Duplicate, find_certain_duplicates
from submissions.models import ACTIONS_WITH_BASE, Proposal, ProposalAction
from submissions.text_diff import TextSpan, text_diff
from submissions.verbs import past_tense_of
from submissions.workflow.moderators_fields import recomputed

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

    The author's page shows texts as `spans` (word by word) and lists as `rows` (row by row), and `live` if it differs
    from `base`; the review page shows `columns`. Each is computed when it is shown.
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
        return list(text_diff(before, after)) if texts else []

    @cached_property
    def rows(self) -> list[RowComparison]:
        """The rows of a list before and after."""
        if not isinstance(self.values.proposed, list):
            return []
        before = self.values.base if isinstance(self.values.base, list) else []
        return [
            RowComparison(row.state, self._item(row.before), self._item(row.after))
            for row in diff.row_diff(before, self.values.proposed)
        ]

    @property
    def changed_rows(self) -> list[RowComparison]:
        """The rows that are not the same; all of them, in the new order, if only that differs."""
        return [row for row in self.rows if row.state != "kept"] or self.rows

    @property
    def same_rows(self) -> list[RowComparison]:
        """The rows beside the changed ones."""
        return [row for row in self.rows if row not in self.changed_rows]

    @cached_property
    def columns(self) -> list[ComparisonColumn]:
        """The values as columns: base, proposed, and live if it has changed since."""
        values = zip(COLUMN_TITLES, (self.values.base, self.values.proposed, self.values.live), strict=True)
        return comparison_columns(self.kind, self.field, list(values), self.names)

    @property
    def collides(self) -> bool:
        return self.state == diff.COLLIDES

    @property
    def other_rows_changed(self) -> bool:
        """Whether others changed other rows of the same list since the base."""
        return self.state == diff.PROPOSED and self.live != self.base

    def _items(self, value: Any) -> list[DisplayItem]:
        return items_of(self.kind, self.field, value, self.names)

    def _item(self, row: Any) -> DisplayItem | None:
        """A row of a list as shown; None if there is no row or nothing to show."""
        return next(iter(self._items([row])), None) if row is not None else None


@dataclass(frozen=True)
class DiscussionEvent:
    """One line of the event log; `action` is a phrase such as “rejected it”."""

    actor: User
    action: str
    comment: str
    at: datetime


class ProposalReview:
    """What the pages of a proposal show, in a number of queries that does not depend on its size."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.kind: Kind = KINDS[proposal.kind]

    @cached_property
    def entry(self) -> Entry | None:
        """The live target; None for a new entry, or if the entry is gone."""
        if self.proposal.target_id is None:
            return None
        entry: Entry | None = self.kind.model.objects.with_references().filter(pk=self.proposal.target_id).first()
        return entry

    @cached_property
    def merge_target(self) -> Entry | None:
        """The entry that a merge keeps."""
        rows = self.kind.model.objects.with_references()
        entry: Entry | None = rows.filter(pk=self.proposal.into_id or 0).first()
        return entry

    @cached_property
    def merge_differences(self) -> list[FieldColumns]:
        """The fields in which the entry to merge differs from the merge target."""
        if self.entry is None or self.merge_target is None:
            return []
        goes, stays = self.kind.dump(self.entry), self.kind.dump(self.merge_target)
        return compare_snapshots(
            self.kind, goes, stays, (f"Goes: {self.entry.name}", f"Stays: {self.merge_target.name}")
        )

    @cached_property
    def effects(self) -> Effects | None:
        """What an open proposal to retire, merge or restore would meet; None for others, and if an entry is gone, or
        back already."""
        action = self.proposal.action
        if not self.proposal.is_open:
            return None
        if action == ProposalAction.RESTORE:
            return restoration_effects(self.removal) if self.removal and self.entry is None else None
        if self.entry is None or action not in (ProposalAction.RETIRE, ProposalAction.MERGE):
            return None
        return removal_effects(action, self.entry, self.merge_target)

    @cached_property
    def removal(self) -> Revision | None:
        """The revision that took out the entry that the proposal is to restore."""
        if self.proposal.action != ProposalAction.RESTORE:
            return None
        rows = Revision.objects.of(self.kind.name, self.proposal.target_id or 0).defer("snapshot")
        return rows.filter(number=self.proposal.base or 0).first()

    @cached_property
    def removed_into(self) -> Entry | None:
        """The entry that the one to be restored was merged into."""
        return live_entry(self.kind, self.removal.into_id) if self.removal else None

    @cached_property
    def undone(self) -> Revision | None:
        """The revision that a moderator asks to undo."""
        return Revision.objects.defer("snapshot").filter(pk=self.proposal.undoes_id or 0).first()

    @cached_property
    def published(self) -> Revision | None:
        """The revision that the proposal was published as."""
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
        """The proposed payload, with references to the present slugs."""
        return with_present_slugs(self.kind, self.proposal.current_payload)

    @cached_property
    def live(self) -> Mapping[str, Any]:
        """The payload of the live entry; once the proposal is closed the base, so that its page does not change."""
        if self.proposal.action != ProposalAction.EDIT or not self.proposal.is_open or self.entry is None:
            return self.base
        return self.kind.dump(self.entry)

    @cached_property
    def additions(self) -> list[ShownAddition]:
        """What it adds to what other entries list."""
        return shown_additions([self.proposal]).get(self.proposal.pk, [])

    @property
    def preview_template(self) -> str:
        """The template that shows what an open proposal would do, if its kind has one; else ""."""
        has_one = self.proposal.is_open and self.proposal.has_payload and preview_of(self.kind)
        return f"kinds/{self.kind.name}/preview.html" if has_one and self.is_readable else ""

    @cached_property
    def preview(self) -> Any:
        """What that template shows."""
        make = preview_of(self.kind) if self.preview_template else None
        slug, additions = self.entry.slug if self.entry else "", self.proposal.current_additions
        return make(self.proposed, slug, additions) if make else None

    @cached_property
    def older_values(self) -> list[Finding]:
        """The values of the live entry that would be refused today and that an open edit leaves as they are."""
        if self.proposal.action != ProposalAction.EDIT or not self.proposal.is_open or self.entry is None:
            return []
        findings = refused_values(self.kind, self.entry)
        return [row for row in findings if self.proposed.get(row.field) == self.live.get(row.field)]

    @property
    def stale(self) -> bool:
        """Whether the live entry has changed since the base."""
        has_base = self.proposal.is_open and self.proposal.action in ACTIONS_WITH_BASE
        return has_base and self.entry is not None and self.entry.revision != self.proposal.base

    @property
    def entry_is_gone(self) -> bool:
        """Whether the target is no longer in the catalogue."""
        needs_live_entry = self.proposal.action not in (ProposalAction.CREATE, ProposalAction.RESTORE)
        return needs_live_entry and self.proposal.is_open and self.entry is None

    @property
    def can_be_rebased(self) -> bool:
        """Whether the changes can be applied to the live entry without a collision."""
        return self.stale and not any(row.collides for row in self.changes)

    @cached_property
    def rebased_payload(self) -> dict[str, Any]:
        """The proposal's changes applied to the live entry; for fields that collide, the proposed value."""
        return self.applied_to(self.live) if self.stale else self.proposed

    def applied_to(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """A payload of the entry with the proposal's changes; for fields that collide, the proposed value."""
        return diff.rebased_as_far_as_possible(self.base, self.proposed, live, self.kind.described_by)

    @cached_property
    def changes(self) -> list[FieldComparison]:
        """The fields that differ, in the order of the payload, but the sources last; for a new entry, those that are
        not empty."""
        if not self.proposal.has_payload:
            return []
        empty = self.kind.form.empty()
        payload = {**empty, **self.proposed}
        base, live = {**empty, **self.base}, {**empty, **self.live}
        if self.proposal.is_open and self._is_readable(base, payload):
            payload = recomputed(self.proposal, payload, base)
        payload["sources"] = self._sources_that_stay(base, payload)
        names = names_for_payloads(self.kind, payload, base, live)
        return self._compared(diff.three_way_diff(base, payload, live, self.kind.described_by), names)

    @cached_property
    def unpublished_changes(self) -> list[FieldComparison]:
        """Of an approved proposal, the changes that were not published, or not with the proposed value."""
        if self.published is None or not self._is_readable(self.base, self.proposed, payload_of(self.published)):
            return []
        departures = workflow.departures_of(self.proposal, self.published)
        return [change for change in self.changes if change.field in (*departures.left, *departures.altered)]

    @cached_property
    def published_changes(self) -> list[FieldComparison]:
        """What the revision changed that the proposal was published as."""
        if self.published is None:
            return []
        after, before = self.kind.form.empty(), self.kind.form.empty()  # in its order, which PostgreSQL does not keep
        after |= as_object(current_payload_of(self.published))
        if former := previous_revisions([self.published]).get(self.published.pk):
            before |= as_object(current_payload_of(former))
        names = names_for_payloads(self.kind, after, before)
        return self._compared(diff.three_way_diff(before, after, before), names)

    def _compared(self, rows: list[FieldDiff], names: Names) -> list[FieldComparison]:
        rows = sorted(rows, key=lambda row: row.field == "sources")
        return [FieldComparison(self.kind, row, names) for row in rows]

    @property
    def is_readable(self) -> bool:
        """Whether what is proposed has the types of today's form: a stored payload may be damaged."""
        return not self.proposal.has_payload or self._is_readable(self.proposed)

    def _is_readable(self, *payloads: Mapping[str, Any]) -> bool:
        """Whether all these payloads have the types of today's form."""
        return not any(payload_errors(self.kind.form, payload) for payload in payloads)

    def _sources_that_stay(self, base: Mapping[str, Any], payload: Mapping[str, Any]) -> Any:
        """The proposed sources without those that go with a value that the proposal replaces."""
        if not self.base or not self._is_readable(base, payload):
            return payload["sources"]
        return sources_after(self.kind, self.proposal.target_id or 0, base, payload)

    @cached_property
    def events(self) -> list[DiscussionEvent]:
        """The events, oldest first."""
        events = self.proposal.events.select_related("actor")
        return [DiscussionEvent(event.actor, past_tense_of(event.verb), event.comment, event.at) for event in events]

    @cached_property
    def taken_identifiers(self) -> list[TakenIdentifier]:
        """The identifiers that an open proposal gives its entry and that another entry has by now: publishing refuses
        them."""
        if not self.proposal.has_payload or not self.proposal.is_open or not self.is_readable:
            return []
        form, stored = self.kind.form, [payload for payload in (self.live, self.base) if payload]
        own = form.holder_of(self.proposed, self.proposal.target_id, self.entry.slug if self.entry else "")
        return form.taken(self.proposed, own, stored=[dict(row) for row in stored if self._is_readable(row)])

    @cached_property
    def certain_duplicates(self) -> list[Duplicate]:
        """The live entries that an open proposal of a new entry certainly duplicates, as the catalogue is now."""
        if self.proposal.action != ProposalAction.CREATE or not self.proposal.is_open:
            return []
        payload = self.proposal.current_payload
        return [] if payload_errors(self.kind.form, payload) else find_certain_duplicates(self.kind, payload)

    @property
    def suspected_duplicates(self) -> list[dict[str, Any]]:
        """The duplicates that were found on submission, without the `certain_duplicates`."""
        shown = {duplicate.slug for duplicate in self.certain_duplicates}
        return [duplicate for duplicate in self.proposal.twins if duplicate["slug"] not in shown]

    @cached_property
    def other_proposals(self) -> list[Proposal]:
        """Other open proposals for the same entry, at most 20."""
        if self.proposal.target_id is None:
            return []
        rows = Proposal.objects.open().about(self.kind.name, self.proposal.target_id).exclude(pk=self.proposal.pk)
        return list(rows.select_related("author")[:20])
