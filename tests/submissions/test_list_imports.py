"""A list is submitted to its end in portions, each row once, wherever it is cut off and whoever goes on with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from background.models import Worker
from submissions.list_imports import ListImport, ListRow
from submissions.models import Batch, Event, Letter, Proposal
from submissions.states import Status
from submissions.workflow import (
    Conflict,
    Invalid,
    NotAllowed,
    bulk,
    continue_import,
    delete_account,
    import_list,
    importing_lists,
    list_rows,
    progress_of,
    withdraw,
)
from submissions.workflow.importing_lists import take_up_lists
from submissions.workflow.list_rows import submit_here, submit_rows, take_step
from tests.at_once import at_once
from tests.background_work import run_tasks, waiting
from tests.factories import make_paper
from tests.people import contributor, moderator

SOURCE = "https://example.org/list"


class Killed(BaseException):
    """What ends a process ends the transaction, too."""


def text_of(many: int) -> str:
    """A list of so many entries; the first is in line 5."""
    return "# L\n\n## Papers\n\n" + "".join(
        f"- **Model {n}** (2024) - [Words](https://arxiv.org/abs/2409.{n + 10000:05})\n" for n in range(many)
    )


def bring(many: int = 5, *, text: str = "", author: User | None = None, **given: Any) -> tuple[ListImport, bool]:
    whole = {"name": "A list", "source": SOURCE, "text": text or text_of(many), "chosen": range(many), **given}
    return import_list(author=author or contributor(), **whole)


def fresh(work: ListImport) -> ListImport:
    return ListImport.objects.select_related("author", "batch").get(pk=work.pk)


def submitted_once(work: ListImport, many: int) -> bool:
    """Whether it is finished with one proposal for each of so many rows, in their order."""
    names = list(work.batch.proposals.order_by("pk").values_list("name", flat=True))
    return (
        fresh(work).finished_at is not None
        and names == [f"Model {n}" for n in range(many)]
        and Event.objects.filter(proposal__batch=work.batch).count() == many
        and work.rows.submitted().count() == many
    )


def failing_at(name: str, error: BaseException, times: int = 100) -> Callable[..., Any]:
    """`submit_chunk`, but that it raises where a row of that name is among the rows, so many times."""
    submit_chunk, left = bulk.submit_chunk, [times]

    def submit_or_fail(batch: Batch, items: Any) -> Any:
        outcomes = submit_chunk(batch, items)
        if left[0] and any((item.payload or {}).get("name") == name for item in items):
            left[0] -= 1
            raise error
        return outcomes

    return submit_or_fail


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two rows are left to the worker, two at a time."""
    monkeypatch.setattr(importing_lists, "MAX_HERE", 2)
    monkeypatch.setattr(list_rows, "CHUNK_SIZE", 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
class TestImportList:
    def test_a_small_list_is_submitted_at_once(self) -> None:
        work, is_new = bring(2)

        assert is_new
        assert submitted_once(work, 2)
        assert waiting() == []

    def test_a_large_list_is_kept_and_left_to_the_worker(self) -> None:
        work, is_new = bring(5)

        before = (is_new, work.text, work.chosen, Proposal.objects.count(), waiting())
        tasks = run_tasks()

        assert before == (True, text_of(5), [0, 1, 2, 3, 4], 0, [("submit_rows", [work.pk])])
        assert tasks == ["submit_rows"] * 5  # reading, 2, 2, 1, and to see that nothing is left
        assert submitted_once(work, 5)
        assert (fresh(work).text, list(work.rows.exclude(payload={}))) == ("", [])

    def test_a_row_keeps_its_line_and_how_it_compared(self) -> None:
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2409.10000", "label": ""}
        entry = make_paper(name="Model 0", year=2023, links=[link])

        work, _ = bring(2)

        rows = list(work.rows.values_list("number", "line", "kind", "name", "state", "fields", "target__slug"))
        assert rows == [
            (0, 5, "paper", "Model 0", "differs", ["year", "summary"], entry.slug),
            (1, 6, "paper", "Model 1", "new", [], None),
        ]
        assert [one.action for one in work.batch.proposals.order_by("pk")] == ["edit", "create"]

    def test_pressed_twice_it_is_one_list(self) -> None:
        [(first, new), (second, again)] = [bring(5), bring(5)]
        run_tasks()
        third, at_last = bring(5)

        assert (second, third, new, again, at_last) == (first, first, True, False, False)
        assert submitted_once(first, 5)
        assert Batch.objects.count() == 1

    def test_what_was_withdrawn_can_be_brought_again(self) -> None:
        first, _ = bring(2)
        for proposal in first.batch.proposals.all():
            withdraw(proposal=proposal, actor=contributor())

        second, is_new = bring(2)

        assert (is_new, second != first, submitted_once(second, 2)) == (True, True, True)

    def test_what_is_open_in_another_list_is_refused_by_line(self) -> None:
        bring(2)

        work, _ = bring(3, name="Another")
        run_tasks()

        assert [(row.line, row.trouble[:31]) for row in work.rows.refused()] == [
            (5, "You have proposed exactly this "),
            (6, "You have proposed exactly this "),
        ]
        assert list(work.batch.proposals.values_list("name", flat=True)) == ["Model 2"]

    @pytest.mark.parametrize(
        ("given", "errors"),
        [
            ({"name": " "}, {"name": ["Give the batch a name, for you and for the reviewers."]}),
            ({"source": "x"}, {"source": ["“x” names no source. Give its URL, or how to find it."]}),
            ({"chosen": []}, {"take": ["Tick at least one entry."]}),
            ({"text": "x" * 3_000_001}, {"text": ["That is more than 3 megabytes: bring it in parts."]}),
        ],
    )
    def test_what_is_missing_is_said_before_anything_is_kept(
        self, given: dict[str, Any], errors: dict[str, list[str]]
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            bring(2, **given)

        assert refusal.value.errors == errors
        assert (ListImport.objects.count(), Batch.objects.count()) == (0, 0)

    def test_who_cannot_propose_brings_no_list(self) -> None:
        ada = contributor()
        ada.suspend(because="Spam.")

        with pytest.raises(NotAllowed):
            bring(2, author=ada)

    def test_a_fourth_list_is_refused_before_it_is_kept(self) -> None:
        for number in range(3):
            bring(5, name=f"List {number}")

        with pytest.raises(Conflict, match="3 of your lists are being submitted"):
            bring(5, name="List 3")
        bring(5, author=contributor("grace"))
        run_tasks()

        assert bring(5, name="List 3")[1]

    def test_what_cannot_be_stored_in_a_database_is_replaced(self) -> None:
        work, _ = bring(1, text=text_of(1) + "\0")

        assert submitted_once(work, 1)

    def test_numbers_of_no_entry_are_left_out(self) -> None:
        work, _ = bring(2, chosen=[0, 99])

        assert (fresh(work).chosen, submitted_once(work, 1)) == ([0], True)

    def test_the_moderators_are_told_once(self) -> None:
        moderator()
        work, _ = bring(5)
        run_tasks()

        assert submitted_once(work, 5)
        assert Letter.objects.filter(proposal=None).count() == 1

    def test_a_row_is_there_once(self) -> None:
        work, _ = bring(2)
        row = work.rows.first()
        assert row
        for broken in ({"number": 0}, {"number": 9, "proposal": row.proposal}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ListRow.objects.create(list_import=work, kind="paper", name="A", state="new", **broken)
        with pytest.raises(IntegrityError), transaction.atomic():
            ListRow.objects.filter(pk=row.pk).update(trouble="Both.")
        with pytest.raises(IntegrityError), transaction.atomic():
            ListImport.objects.filter(pk=work.pk).update(text="Kept.")
        with pytest.raises(IntegrityError), transaction.atomic():
            ListImport.objects.filter(pk=work.pk).update(read_at=None)

    def test_a_later_portion_costs_what_the_first_costs(self) -> None:
        work, _ = bring(6)
        take_step(work.pk)
        counts = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                take_step(work.pk)
            counts.append(len(queries))

        assert counts[1] == counts[2] <= counts[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
class TestCutOff:
    @pytest.mark.parametrize("place", ["submit_chunk", "_submit_portion", "_store_rows", "compare"])
    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_a_process_that_is_killed_goes_on_where_it_was(
        self, monkeypatch: pytest.MonkeyPatch, place: str, steps: int
    ) -> None:
        work, _ = bring(5)
        for _ in range(steps):
            take_step(work.pk)

        def kill(*args: Any) -> Any:
            raise Killed

        with monkeypatch.context() as patch:
            if place == "submit_chunk":
                patch.setattr(list_rows, "submit_chunk", failing_at(f"Model {2 * max(steps - 1, 0)}", Killed()))
            else:
                patch.setattr(list_rows, "read_and_compare" if place == "compare" else place, kill)
            if (steps == 0) == (place in ("_store_rows", "compare")):
                with pytest.raises(Killed):
                    take_step(work.pk)
        run_tasks()

        assert submitted_once(work, 5)

    def test_a_row_that_always_ends_the_process_keeps_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        work, _ = bring(5)
        take_step(work.pk)
        monkeypatch.setattr(list_rows, "submit_chunk", failing_at("Model 2", Killed()))
        for _ in range(5):
            try:
                while take_step(work.pk):
                    pass
            except Killed:
                continue

        assert [(row.name, row.trouble) for row in work.rows.refused()] == [("Model 2", list_rows.WITHOUT_OUTCOME)]
        assert work.rows.submitted().count() == 4
        assert fresh(work).finished_at is not None

    @pytest.mark.parametrize("error", [RuntimeError("a fault"), OperationalError("the disk is full")])
    def test_a_row_that_always_fails_is_refused_alone(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        work, _ = bring(5)
        monkeypatch.setattr(list_rows, "submit_chunk", failing_at("Model 3", error))
        for _ in range(3):
            run_tasks()
            ListImport.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
            take_up_lists()
        run_tasks()

        assert [(row.name, row.trouble) for row in work.rows.refused()] == [
            ("Model 3", f"An unexpected error, which is in the log: {type(error).__name__}.")
        ]
        assert work.rows.submitted().count() == 4
        assert fresh(work).finished_at is not None

    def test_a_failure_that_passes_costs_no_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(list_rows, "submit_chunk", failing_at("Model 1", OperationalError("locked"), times=1))
        work, _ = bring(2)  # here, in the request

        assert (work.finished_at, waiting()) == (None, [("submit_rows", [work.pk])])
        run_tasks()
        assert submitted_once(work, 2)

    def test_a_list_that_cannot_be_read_ends_with_the_reason(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(text: str) -> Any:
            raise RecursionError

        work, _ = bring(5)
        monkeypatch.setattr(list_rows, "read_and_compare", fail)
        run_tasks()

        assert fresh(work).trouble == (
            "The list could not be read: An unexpected error, which is in the log: RecursionError."
        )
        assert (fresh(work).text, fresh(work).finished_at is None, progress_of(fresh(work)).left) == ("", False, 0)

    def test_what_nobody_works_on_is_taken_up_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(importing_lists, "submit_here", lambda pk: None)  # the process of the request has died
            work, _ = bring(2)
        take_up_lists()
        soon = waiting()
        ListImport.objects.update(submitted_at=timezone.now() - timedelta(minutes=3))
        take_up_lists()
        take_up_lists()

        assert (soon, waiting()) == ([], [("submit_rows", [work.pk])])
        run_tasks()
        assert submitted_once(work, 2)
        take_up_lists()
        assert waiting() == []

    def test_when_the_time_is_over_the_worker_does_the_rest(self) -> None:
        work, _ = bring(5)
        run = submit_rows.call
        submit_here(work.pk, seconds=-1)

        assert (work.rows.left().count(), waiting()) == (5, [("submit_rows", [work.pk])])
        run(work.pk)
        assert work.rows.left().count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
class TestStopping:
    def test_who_is_suspended_submits_nothing_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        work, _ = bring(5)
        take_step(work.pk)
        take_step(work.pk)
        contributor().suspend(because="Spam.")
        run_tasks()
        ListImport.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
        take_up_lists()

        progress = progress_of(fresh(work))
        assert (progress.submitted, progress.left, progress.stopped_by) == (
            2,
            3,
            "You cannot propose changes with this account.",
        )
        assert waiting() == []
        with pytest.raises(Conflict, match="You cannot propose"):
            continue_import(list_import=fresh(work), actor=contributor())

        User.objects.get(username="ada").lift_suspension()
        take_up_lists()
        run_tasks()
        assert submitted_once(work, 5)

    def test_who_is_suspended_within_a_portion_ends_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        work, _ = bring(5)
        take_step(work.pk)
        submit_chunk = bulk.submit_chunk

        def suspend_and_submit(batch: Batch, items: Any) -> Any:
            User.objects.get(pk=work.author_id).suspend(because="Spam.")
            return submit_chunk(batch, items)

        monkeypatch.setattr(list_rows, "submit_chunk", suspend_and_submit)
        run_tasks()

        assert (Proposal.objects.count(), fresh(work).finished_at) == (0, None)

    def test_whose_account_is_deleted_leaves_nothing_unsent(self) -> None:
        work, _ = bring(5)
        other, _ = bring(5, name="Not read yet")
        take_step(work.pk)
        take_step(work.pk)
        delete_account(actor=contributor())
        run_tasks()

        assert [row.trouble for row in work.rows.refused()] == ["The account was deleted before."] * 3
        assert Proposal.objects.count() == 2
        assert list(ListRow.objects.exclude(payload={})) == []
        assert (fresh(other).text, fresh(other).finished_at is None) == ("", False)


@pytest.mark.django_db
@pytest.mark.usefixtures("small")
class TestContinuing:
    def test_without_a_worker_it_goes_on_here(self) -> None:
        work, _ = bring(5)
        before = progress_of(work)

        continue_import(list_import=work, actor=contributor())

        assert (before.waits_for_worker, before.is_under_way, before.left) == (True, True, 5)
        assert submitted_once(work, 5)
        with pytest.raises(Conflict, match="Nothing of this list is left"):
            continue_import(list_import=fresh(work), actor=contributor())

    def test_with_a_worker_it_is_enqueued_once(self) -> None:
        Worker.objects.create(name="one", started_at=timezone.now(), seen_at=timezone.now())
        work, _ = bring(5)

        continue_import(list_import=work, actor=contributor())

        assert (waiting(), progress_of(work).waits_for_worker) == ([("submit_rows", [work.pk])], False)

    def test_nobody_else_goes_on_with_it(self) -> None:
        work, _ = bring(5)

        with pytest.raises(NotAllowed):
            continue_import(list_import=work, actor=moderator())

    @pytest.mark.parametrize("many", [3, 9])
    def test_progress_costs_the_same_for_many(self, many: int, django_assert_num_queries: Any) -> None:
        work, _ = bring(many)
        run_tasks()
        work = fresh(work)

        with django_assert_num_queries(2):
            progress_of(work)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_workers_submit_each_row_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing_lists, "MAX_HERE", 2)
        monkeypatch.setattr(list_rows, "CHUNK_SIZE", 3)
        work, _ = bring(12)

        def run() -> None:
            for _ in range(40):
                try:
                    if not take_step(work.pk):
                        return
                except OperationalError:  # SQLite: the other one writes
                    continue

        at_once(run, run)
        while take_step(work.pk):
            pass

        assert submitted_once(work, 12)
        assert list(work.rows.refused()) == []

    def test_pressed_in_two_tabs_it_is_one_list(self) -> None:
        contributor()

        answers = at_once(lambda: bring(4), lambda: bring(4))

        assert sorted(is_new for _, is_new in answers) == [False, True]
        work = ListImport.objects.get()
        assert work.batch.proposals.filter(status=Status.PENDING).count() == 4
