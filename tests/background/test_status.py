"""The status page and the admin site say what waits, what failed, and whether anybody works."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background.models import DEAD_AFTER, Worker
from background.status import Work, work
from tests.accounts.conftest import make_admin, make_moderator
from tests.background import tasks
from tests.background_work import run_tasks, waiting
from tests.people import log_in

pytestmark = pytest.mark.django_db
LIST = "/admin/django_tasks_database/dbtaskresult/"


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def worker(silent: timedelta = timedelta(0)) -> Worker:
    now = timezone.now()
    return Worker.objects.create(name="w", started_at=now, seen_at=now - silent)


class TestWork:
    def test_nothing_to_do_and_nobody_to_do_it(self) -> None:
        assert work() == Work(waiting=0, late=0, failed=0, due_since=None, worker_runs=False, worker_seen=None)

    def test_what_waits_what_is_late_and_what_failed(self) -> None:
        now = timezone.now()
        tasks.note.using(run_after=now + timedelta(hours=1)).enqueue("later")
        tasks.note.using(run_after=now - timedelta(minutes=4)).enqueue("due")
        old = tasks.note.enqueue("late")
        DBTaskResult.objects.filter(pk=old.id).update(enqueued_at=now - timedelta(minutes=6))
        for status in ("FAILED", "SUCCESSFUL", "RUNNING"):
            DBTaskResult.objects.filter(pk=tasks.note.enqueue(status).id).update(status=status)
        seen = worker().seen_at

        assert work() == Work(
            waiting=3, late=1, failed=1, due_since=now - timedelta(minutes=6), worker_runs=True, worker_seen=seen
        )

    def test_a_silent_worker_does_not_run(self) -> None:
        seen = worker(DEAD_AFTER).seen_at
        assert (work().worker_runs, work().worker_seen) == (False, seen)

    def test_it_costs_the_same_however_much_waits(self, django_assert_num_queries: Any) -> None:
        for _ in range(2):
            with django_assert_num_queries(3):
                work()
            for number in range(20):
                tasks.note.enqueue(str(number))


class TestPage:
    def test_without_a_worker_it_says_so(self, client: Client) -> None:
        page = text_of(client.get("/status/"))
        assert "No worker is running, and none has been seen in the last 30 days." in page

        seen = worker(timedelta(hours=1)).seen_at
        page = text_of(client.get("/status/"))
        assert f"the last one was seen on {seen:%-d %B %Y, %H:%M} UTC." in page

    def test_with_a_worker_it_counts(self, client: Client) -> None:
        worker()
        tasks.note.using(run_after=timezone.now() - timedelta(hours=2, minutes=1)).enqueue("late")
        tasks.fail.enqueue()
        DBTaskResult.objects.filter(task_path=tasks.fail.module_path).update(status="FAILED")

        page = text_of(client.get("/status/"))
        assert "A worker is running" in page
        assert "<li>1 waiting</li> <li>2 hours, 1 minute since the oldest of them was due</li>" in page
        assert "<li>1 late: due for more than five minutes</li>" in page
        assert "<li>1 failed in the last 30 days</li>" in page


class TestAdmin:
    @pytest.fixture
    def admin(self, client: Client) -> Client:
        log_in(client, make_admin())
        return client

    def test_moderators_do_not_see_it(self, client: Client) -> None:
        log_in(client, make_moderator())
        assert client.get(LIST).status_code == 403
        assert client.post(LIST, {"action": "run_again", "_selected_action": ["x"]}).status_code == 403

    def test_tasks_are_listed_with_their_outcome(self, admin: Client) -> None:
        worker()
        tasks.note.enqueue("fine")
        tasks.fail.enqueue()
        run_tasks()

        rows = text_of(admin.get(LIST))
        assert '<td class="field-outcome">fine</td>' in rows
        assert '<td class="field-outcome">ValueError</td>' in rows
        assert "No worker is running" not in rows
        assert [row.task_name for row in admin.get(f"{LIST}?status=FAILED").context["cl"].result_list] == ["fail"]

    def test_late_ones_are_a_filter_and_a_missing_worker_is_said(self, admin: Client) -> None:
        tasks.note.using(run_after=timezone.now() - timedelta(hours=1)).enqueue("late")
        tasks.fail.enqueue()

        page = admin.get(f"{LIST}?late=1")
        assert [row.task_name for row in page.context["cl"].result_list] == ["note"]
        assert "No worker is running. Tasks wait for one: start manage.py worker." in text_of(page)

    def test_failed_ones_are_run_again_with_their_arguments(self, admin: Client) -> None:
        rows = [tasks.fail.enqueue().id, tasks.note.enqueue("fine").id]
        run_tasks()
        page = admin.post(LIST, {"action": "run_again", "_selected_action": rows}, follow=True)

        assert "Failed tasks that will be run again: 1." in text_of(page)
        assert waiting() == [("fail", [])]
        assert run_tasks() == ["fail"]

    def test_nothing_is_added_changed_or_deleted(self, admin: Client) -> None:
        row, worker_row = tasks.fail.enqueue(), worker()
        for path, name in ((LIST, row.id), ("/admin/background/worker/", worker_row.name)):
            assert admin.get(f"{path}{name}/change/").status_code == 200
            answers = [admin.post(f"{path}{end}").status_code for end in ("add/", f"{name}/change/", f"{name}/delete/")]
            assert answers == [403, 403, 403]
