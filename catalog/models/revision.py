"""The ledger: all changes of entries. No foreign keys, so that history neither blocks deletions nor is deleted."""

from typing import Any, NoReturn

from django.db import connections, models
from django.utils import timezone

PUBLISH_LOCK_ID = 0x766C6D70
"""The id of PostgreSQL's advisory lock that publishers hold ("vlmp")."""


class RevisionAction(models.TextChoices):
    CREATE = "create", "created"
    EDIT = "edit", "edited"
    MOVE = "move", "moved"
    RETIRE = "retire", "retired"
    RESTORE = "restore", "restored"
    MERGE = "merge", "merged"


REMOVED_ACTIONS = frozenset({RevisionAction.RETIRE, RevisionAction.MERGE})
"""The actions that remove an entry from the catalogue."""


class LedgerIsAppendOnly(TypeError):
    """Raised on an attempt to change or delete a revision."""


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, kind: str, entry_id: int) -> "RevisionQuerySet":
        """The history of one entry, oldest revision first."""
        return self.filter(kind=kind, entry_id=entry_id).order_by("number")

    def parts_of(self, revision: "Revision") -> "RevisionQuerySet":
        """The revisions that a merge or a restoration wrote at entries that refer to its own, oldest first."""
        return self.filter(part_of_id=revision.pk).order_by("pk")

    def latest_first(self) -> "RevisionQuerySet":
        return self.order_by("-id")

    def take_publish_lock(self) -> None:
        """Take the lock of publishers: wait for other publishing transactions, and hold it until this one ends.

        On SQLite only one transaction can write anyway (BEGIN IMMEDIATE). PostgreSQL assigns ids before the commit, so
        a smaller id could become visible after a greater one; an advisory lock, released only after the commit is
        visible, prevents that.
        """
        if connections[self.db].vendor == "postgresql":
            with connections[self.db].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK_ID])

    def rename_person(self, user_id: int, name: str) -> None:
        """Replace the name of an account wherever it contributed or approved.

        This is the only change of the ledger that is allowed, for people who leave and have a right not to be named.
        """
        for role in ("contributor", "approver", "seconder"):
            super(RevisionQuerySet, self.filter(**{f"{role}_id": user_id})).update(**{role: name})
        Renaming.objects.create(at=timezone.now())

    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("A revision is never changed: append a new one.")

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly("A revision is never deleted: append a new one.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("A revision is never changed: append a new one.")


class Revision(models.Model):
    """One change of an entry: its new payload, who proposed and who approved it, when, and from which source.

    `id` orders all changes of the catalogue; `number` counts those of one entry from 1. `snapshot` is the payload after
    the change as it was written then, in the shape `shape` (null in old rows): read it with catalog.ledger.payloads.
    `changed` lists the payload fields that differ from the previous revision. `approver` is empty for direct edits and
    undone changes; `seconder` is the moderator who agreed before, where it takes two. `into_id` is the entry that a
    merge kept. `part_of_id` is the merge that replaced a reference of this entry, or the restoration that gave one
    back. `edited` has the values that the approver gave in review instead of those proposed, by field: the items of a
    list field, else the value; null if there are none.
    """

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    action = models.CharField(max_length=10, choices=RevisionAction.choices)
    snapshot = models.JSONField()
    shape = models.BigIntegerField(null=True)
    changed = models.JSONField(default=list)
    contributor_id = models.BigIntegerField(null=True)
    contributor = models.CharField(max_length=150)
    approver_id = models.BigIntegerField(null=True)
    approver = models.CharField(max_length=150, blank=True)
    source = models.CharField(max_length=500, blank=True)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
    into_id = models.BigIntegerField(null=True)
    part_of_id = models.BigIntegerField(null=True)
    edited = models.JSONField(null=True)
    seconder_id = models.BigIntegerField(null=True)
    # null, since SQLite would copy the whole ledger to add a column that may not be
    seconder = models.CharField(max_length=150, blank=True, null=True)  # noqa: DJ001

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "entry_id", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_number_from_1"),
            models.CheckConstraint(
                condition=models.Q(contributor_id__isnull=True)
                | models.Q(approver_id__isnull=True)
                | ~models.Q(contributor_id=models.F("approver_id")),
                name="revision_not_self_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "slug", "-id"], name="revision_slug"),
            models.Index(fields=["kind", "-id"], name="revision_kind"),
            models.Index(fields=["contributor_id", "-id"], name="revision_contributor"),
            models.Index(fields=["approver_id"], name="revision_approver"),
            models.Index(
                fields=["seconder_id"], condition=models.Q(seconder_id__isnull=False), name="revision_seconder"
            ),
            models.Index(fields=["part_of_id"], condition=models.Q(part_of_id__isnull=False), name="revision_part_of"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Triggers guard the ledger in the database too."""
        if not self._state.adding:
            raise LedgerIsAppendOnly("A revision is never changed: append a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("A revision is never deleted: append a new one.")


class Renaming(models.Model):
    """A replacement of names in the ledger, without the names: its time invalidates earlier cached pages."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
