"""What must be true together is refused by the database itself, on either engine."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Revision
from submissions.models import Batch, EntryLock, Event, Letter, Proposal, ProposalAction, Watch
from submissions.states import Status
from tests.factories import make_paper, make_revision
from tests.people import contributor, moderator, propose

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def row(**fields: Any) -> Proposal:
    """A row as the database would take it, with `fields` in it."""
    columns = {
        "kind": "paper",
        "action": ProposalAction.CREATE,
        "name": "Vim",
        "payload": {"name": "Vim"},
        "author": contributor(),
        "submitted_at": THEN,
        "updated_at": THEN,
        **fields,
    }
    for key in ("decided_by", "claimed_by", "seconded_by"):
        columns[key] = {None: None, "ada": contributor(), "hedy": moderator(), "mary": moderator("mary")}[
            columns.get(key)
        ]
    return Proposal(**columns)


TARGET = {"target_id": 1, "base": 1, "source": "Table 1", "comment": "y"}
EDIT = {"action": ProposalAction.EDIT, **TARGET}
RETIRE = {"action": ProposalAction.RETIRE, "payload": {}, **TARGET}
RESTORE = {**RETIRE, "action": ProposalAction.RESTORE}
FLAG = {**RETIRE, "action": ProposalAction.FLAG}
MERGE = {**RETIRE, "action": ProposalAction.MERGE, "into_id": 2}
DECIDED = {"decided_by": "hedy", "decided_at": THEN, "decision": "z"}
APPROVED = {"status": Status.APPROVED, "revision_id": 1, **DECIDED}
REJECTED = {"status": Status.REJECTED, **DECIDED}

POSSIBLE: dict[str, dict[str, Any]] = {
    "create": {},
    "edit": EDIT,
    "retire": RETIRE,
    "restore": RESTORE,
    "flag": FLAG,
    "merge": MERGE,
    "approved": APPROVED,
    "approved without a decision": {**APPROVED, "decision": ""},
    "approved flag": {**FLAG, **APPROVED, "revision_id": None},
    "rejected": REJECTED,
    "claimed": {"claimed_by": "hedy"},
    "seconded": {**RETIRE, "seconded_by": "mary"},
    "seconded edit that replaces the entry": {**EDIT, "replaces_entry": True, "seconded_by": "mary"},
    "seconded and approved": {**RETIRE, "seconded_by": "mary", **APPROVED},
}

BROKEN: dict[str, list[dict[str, Any]]] = {
    "proposal_decided_by_and_at": [{"decided_at": THEN}, {**REJECTED, "decided_at": None}],
    "proposal_decided_iff_closed_by_a_moderator": [DECIDED, {"status": Status.REJECTED}, {"status": Status.APPROVED}],
    "proposal_revision_iff_approved": [
        {"revision_id": 1},
        {**REJECTED, "revision_id": 1},
        {**APPROVED, "revision_id": None},
        {**FLAG, **APPROVED},
    ],
    "proposal_not_decided_by_its_author": [{**REJECTED, "decided_by": "ada"}, {**APPROVED, "decided_by": "ada"}],
    "proposal_target_unless_create": [
        {"target_id": 1},
        {"base": 1},
        {**EDIT, "base": None},
        {**EDIT, "target_id": None},
    ],
    "proposal_heir_iff_merge": [{**EDIT, "into_id": 2}, {**MERGE, "into_id": None}, {"into_id": 2}],
    "proposal_heir_is_another": [{**MERGE, "into_id": 1}],
    "proposal_claimed_only_while_pending": [{**REJECTED, "claimed_by": "hedy"}],
    "proposal_seconded_only_where_it_takes_two": [{**EDIT, "seconded_by": "mary"}],
    "proposal_replaces_entry_only_as_edit": [{"replaces_entry": True}, {**RETIRE, "replaces_entry": True}],
    "proposal_not_seconded_by_its_author": [{**RETIRE, "seconded_by": "ada"}],
    "proposal_not_seconded_by_its_decider": [{**RETIRE, "seconded_by": "hedy", **APPROVED}],
    "proposal_rejected_with_a_reason": [{**REJECTED, "decision": ""}],
    "proposal_source_for_an_edit": [{**EDIT, "source": ""}],
    "proposal_reason_where_it_is_needed": [{**RETIRE, "comment": ""}, {**FLAG, "comment": ""}],
    "proposal_status_is_known": [{"status": "published"}],
    "proposal_action_is_known": [{**EDIT, "action": "delete"}],
}


def named(error: IntegrityError) -> str:
    """The constraint that an engine names in its message."""
    return next(name for name in BROKEN if name in str(error))


@pytest.mark.parametrize("fields", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_what_the_workflow_writes_is_possible(fields: dict[str, Any]) -> None:
    row(**fields).save()
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "fields"), [(name, fields) for name, rows in BROKEN.items() for fields in rows], ids=str
)
def test_what_is_not_true_together_is_not_written(name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        row(**fields).save()

    assert named(error.value) == name
    assert not Proposal.objects.exists()


def test_every_check_of_a_proposal_is_tried() -> None:
    checks = [c.name for c in Proposal._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert sorted(checks) == sorted(BROKEN)


def test_one_revision_is_one_proposals_own() -> None:
    row(**APPROVED).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(**APPROVED).save()


def test_an_entry_is_locked_once_and_a_topic_watched_once() -> None:
    fields = {"kind": "paper", "entry_id": 1, "name": "Vim", "reason": "x", "locked_at": THEN}
    EntryLock.objects.create(**fields, locked_by=moderator())
    Watch.objects.create(user=moderator(), topic="ocr")

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryLock.objects.create(**fields, locked_by=moderator("mary"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(user=moderator(), topic="ocr")


def test_an_entry_is_locked_again_after_it_was_unlocked() -> None:
    fields = {"kind": "paper", "entry_id": 1, "name": "Vim", "reason": "x", "locked_at": THEN}
    EntryLock.objects.create(**fields, locked_by=moderator(), unlocked_by=moderator(), unlocked_at=THEN)
    EntryLock.objects.create(**fields, locked_by=moderator())

    assert EntryLock.objects.in_force().count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryLock.objects.update(unlocked_at=THEN)


def test_one_digest_waits_for_each_moderator() -> None:
    Letter.objects.create(to=moderator(), due_at=THEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(to=moderator(), due_at=THEN)

    Letter.objects.update(sent_at=THEN)
    Letter.objects.create(to=moderator(), due_at=THEN)
    assert Letter.objects.count() == 2


def test_nobody_who_did_something_can_be_deleted() -> None:
    propose(name="Vim")
    Batch.objects.create(name="List", author=moderator())

    for user in (contributor(), moderator()):
        with pytest.raises(models.ProtectedError):
            user.delete()
    assert User.objects.count() == 2
    assert Event.objects.count() == 1


PERSONS_NAMES = ("contributor", "approver", "seconder")


class TestLedger:
    """The ledger's own triggers, tested by SQL that bypasses our Python."""

    COLUMNS = [field.column for field in Revision._meta.fields if field.column not in PERSONS_NAMES]

    def change(self, sql: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize("column", COLUMNS)
    def test_no_column_but_a_persons_name_is_changed(self, column: str) -> None:
        revision = make_revision("paper")
        before = Revision.objects.values().get()

        with pytest.raises(DatabaseError, match="append-only"):
            self.change(f'UPDATE catalog_revision SET "{column}" = "{column}"')  # noqa: S608
        self.change("UPDATE catalog_revision SET contributor = 'somebody', approver = 'somebody else'")

        after = Revision.objects.values().get(pk=revision.pk)
        assert after == {**before, "contributor": "somebody", "approver": "somebody else"}

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="a trigger there would break the tests' own flush")
    def test_nothing_is_deleted(self) -> None:
        make_revision("paper")
        with pytest.raises(DatabaseError, match="append-only"):
            self.change("DELETE FROM catalog_revision")

    @pytest.mark.parametrize(
        "fields",
        [{"number": 1}, {"number": 0}, {"number": 2, "contributor_id": 7, "approver_id": 7}],
        ids=["a number twice", "a number before the first", "approved by its contributor"],
    )
    def test_what_cannot_be_appended(self, fields: dict[str, Any]) -> None:
        paper = make_paper()
        columns = {"kind": "paper", "entry_id": paper.pk, "slug": paper.slug, "name": "x", "action": "edit"}

        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.create(**columns, snapshot={}, at=timezone.now(), **fields)
        assert Revision.objects.count() == 1
