"""Proposals, their events and batches, locks, watches and queued emails; rollbacks are in `submissions.rollbacks`,
lists in `submissions.list_imports`, decisions on many in `submissions.bulk_decisions`. All but
watches and emails are written by `submissions.workflow` alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.kinds import KINDS, listing_field
from catalog.ledger.payloads import as_object, read
from submissions import bulk_decisions, list_imports, rollbacks  # noqa: F401 -- Django looks for models here
from submissions.states import CLOSED, OPEN, Status


class ProposalAction(models.TextChoices):
    """What a proposal asks for. A flag asks moderators to look at an entry: it has no payload and no revision."""

    CREATE = "create", "New entry"
    EDIT = "edit", "Edit"
    RETIRE = "retire", "Retire"
    RESTORE = "restore", "Restore"
    MERGE = "merge", "Merge"
    FLAG = "flag", "Flag"


ACTIONS_WITH_PAYLOAD = frozenset({ProposalAction.CREATE, ProposalAction.EDIT})
ACTIONS_WITH_BASE = frozenset({ProposalAction.EDIT, ProposalAction.RETIRE, ProposalAction.MERGE})
"""Actions that start from a revision of the live entry and are refused when the entry is at another one."""
ACTIONS_NEEDING_TWO_MODERATORS = (ProposalAction.RETIRE, ProposalAction.MERGE, ProposalAction.RESTORE)
"""What removes an entry, and what takes such a decision back. An edit that replaces the entry needs two as well."""
ACTIONS_NEEDING_SOURCE = (ProposalAction.CREATE, ProposalAction.EDIT)
ACTIONS_NEEDING_REASON = (ProposalAction.RETIRE, ProposalAction.MERGE, ProposalAction.RESTORE, ProposalAction.FLAG)

URGENT, USUAL, LATER = 2, 1, 0


class Batch(models.Model):
    """Proposals that were submitted together."""

    name = models.CharField(max_length=200)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.name


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """Not decided and not withdrawn."""
        return self.filter(status__in=OPEN)

    def pending(self) -> "ProposalQuerySet":
        """Awaiting review."""
        return self.filter(status=Status.PENDING)

    def queued(self) -> "ProposalQuerySet":
        """Pending, in the order of the queue: by priority, then the oldest first."""
        return self.pending().order_by("-priority", "submitted_at", "pk")

    def about(self, kind: str, entry_id: int) -> "ProposalQuerySet":
        """About one entry."""
        return self.filter(kind=kind, target_id=entry_id)


class Proposal(models.Model):
    """A change that somebody asks for.

    `payload` is complete, and empty for actions without one. `additions` are rows that other entries are to list, by
    the field of the payload that names something new there. `target_id` is the primary key of the entry, `base` the
    number of the revision that the author saw, `into_id` the primary key of the merge target. `twins` are the likely
    duplicates found on submission. `replaces_entry` marks an edit that leaves next to nothing of the entry. `undoes_id`
    is the revision that a moderator asks to undo, where that takes two. `revision_id` is the revision that the proposal
    was published as. `version` counts every write, so that exactly one of two concurrent writes succeeds.
    """

    kind = models.CharField(max_length=20)
    action = models.CharField(max_length=10, choices=ProposalAction.choices)
    name = models.CharField(max_length=300)
    target_id = models.BigIntegerField(null=True, blank=True)
    target_slug = models.CharField(max_length=100, blank=True)
    base = models.PositiveIntegerField(null=True, blank=True)
    into_id = models.BigIntegerField(null=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    additions = models.JSONField(default=dict, blank=True)
    topics = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=500, blank=True)
    comment = models.TextField(blank=True)
    twins = models.JSONField(default=list, blank=True)
    priority = models.SmallIntegerField(default=USUAL)
    priority_reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="proposals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    revision_id = models.BigIntegerField(null=True, blank=True, unique=True)
    replaces_entry = models.BooleanField(default=False)
    undoes_id = models.BigIntegerField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_by_and_at",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_decided_iff_closed_by_a_moderator",
                condition=Q(decided_by__isnull=False, status__in=[Status.APPROVED, Status.REJECTED])
                | Q(decided_by__isnull=True) & ~Q(status__in=[Status.APPROVED, Status.REJECTED]),
            ),
            models.CheckConstraint(
                name="proposal_revision_iff_approved",
                condition=Q(revision_id__isnull=False, status=Status.APPROVED) & ~Q(action=ProposalAction.FLAG)
                | Q(revision_id__isnull=True) & (~Q(status=Status.APPROVED) | Q(action=ProposalAction.FLAG)),
            ),
            models.CheckConstraint(
                name="proposal_not_decided_by_its_author",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("author")),
            ),
            models.CheckConstraint(
                name="proposal_target_unless_create",
                condition=Q(action=ProposalAction.CREATE, target_id__isnull=True, base__isnull=True)
                | ~Q(action=ProposalAction.CREATE) & Q(target_id__isnull=False, base__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_heir_iff_merge",
                condition=Q(action=ProposalAction.MERGE, into_id__isnull=False)
                | ~Q(action=ProposalAction.MERGE) & Q(into_id__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_claimed_only_while_pending",
                condition=Q(claimed_by__isnull=True) | Q(status=Status.PENDING),
            ),
            models.CheckConstraint(
                name="proposal_heir_is_another",
                condition=Q(into_id__isnull=True) | ~Q(into_id=models.F("target_id")),
            ),
            models.CheckConstraint(
                name="proposal_seconded_only_where_it_takes_two",
                condition=Q(seconded_by__isnull=True)
                | Q(action__in=ACTIONS_NEEDING_TWO_MODERATORS)
                | Q(replaces_entry=True),
            ),
            models.CheckConstraint(
                name="proposal_replaces_entry_only_as_edit",
                condition=Q(replaces_entry=False) | Q(action=ProposalAction.EDIT),
            ),
            models.CheckConstraint(
                name="proposal_not_seconded_by_its_author",
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=models.F("author")),
            ),
            models.CheckConstraint(
                name="proposal_not_seconded_by_its_decider",
                condition=Q(seconded_by__isnull=True)
                | ~Q(status=Status.APPROVED)
                | ~Q(seconded_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="proposal_rejected_with_a_reason",
                condition=~Q(status=Status.REJECTED, decision=""),
            ),
            models.CheckConstraint(
                name="proposal_source_for_an_edit",
                condition=~Q(action=ProposalAction.EDIT, source=""),
            ),
            models.CheckConstraint(
                name="proposal_reason_where_it_is_needed",
                condition=~Q(action__in=ACTIONS_NEEDING_REASON, comment=""),
            ),
            models.CheckConstraint(name="proposal_status_is_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="proposal_action_is_known", condition=Q(action__in=ProposalAction.values)),
        ]
        indexes = [
            models.Index(fields=["status", "-priority", "submitted_at", "id"], name="proposal_queue"),
            models.Index(fields=["author", "-submitted_at"], name="proposal_of_author"),
            models.Index(fields=["kind", "target_id", "status"], name="proposal_of_entry"),
            # for the counts and filters of the queue, without reading payloads
            models.Index(fields=["-priority", "submitted_at", "id"], name="proposal_any_state"),
            models.Index(fields=["status", "action", "kind"], name="proposal_filters"),
            models.Index(fields=["author", "status"], name="proposal_record"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("submissions:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED

    @property
    def current_payload(self) -> dict[str, Any]:
        """The payload in the shape that payloads of the kind have today; empty for actions without one, and if what is
        stored is not an object."""
        return as_object(self.proposed_payload)

    @property
    def proposed_payload(self) -> Any:
        """The same for validation and the API: a stored value that is not an object is returned as it is.

        Both keep keys that the kind never had, so that validation reports them.
        """
        return read(KINDS[self.kind], self.payload, keep_unknown=True) if self.has_payload else {}

    @property
    def current_additions(self) -> dict[str, dict[str, Any]]:
        """The additions in the shape that their rows have today, by present keys; damaged ones are left out."""
        kind = KINDS[self.kind]
        stored = {kind.form.renamed.get(key, key): row for key, row in as_object(self.additions).items()}
        known = {key: row for key, row in stored.items() if key in kind.form.listed and isinstance(row, dict)}
        return {key: listing_field(kind, key).row_form.upgraded(row) for key, row in known.items()}

    @property
    def takes_two(self) -> bool:
        """Whether it takes two moderators."""
        return self.action in ACTIONS_NEEDING_TWO_MODERATORS or self.replaces_entry

    @property
    def has_payload(self) -> bool:
        return self.action in ACTIONS_WITH_PAYLOAD


class Event(models.Model):
    """What somebody did to a proposal. `payload` keeps what a revision or rebase replaced.

    `verb` is a name in the verb register (submissions/verbs), without `choices`, so that a new verb needs no migration.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    payload = models.JSONField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.actor}: {self.verb}"


class EntryLockQuerySet(models.QuerySet["EntryLock"]):
    def in_force(self) -> "EntryLockQuerySet":
        """Not unlocked since."""
        return self.filter(unlocked_at=None)


class EntryLock(models.Model):
    """A lock: until it is unlocked, only moderators may propose changes of the entry, for the given reason.

    A row is never deleted: their numbers, in force and in all, tell each state of the locks from every former one.
    """

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    name = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField()
    unlocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    unlocked_at = models.DateTimeField(null=True, blank=True)

    objects = EntryLockQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "entry_id"], condition=Q(unlocked_at=None), name="entry_locked_once"
            ),
            models.CheckConstraint(
                name="entry_lock_unlocked_by_and_at",
                condition=Q(unlocked_by__isnull=True, unlocked_at__isnull=True)
                | Q(unlocked_by__isnull=False, unlocked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Watch(models.Model):
    """A topic that a moderator watches: the queue can be filtered by it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    topic = models.CharField(max_length=100)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="watch_once")]

    def __str__(self) -> str:
        return self.topic


class Letter(models.Model):
    """A queued email: created in the transaction that is the reason for it, sent afterwards, retried on failure.

    Without a proposal it is the digest of the queue. The text is composed when it is sent.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="letters")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up=False), name="letter_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["to"],
                condition=Q(proposal=None, sent_at=None, given_up=False),
                name="letter_one_digest_waiting",
            )
        ]

    def __str__(self) -> str:
        about: Any = self.proposal or "the queue"
        return f"To {self.to} about {about}"
