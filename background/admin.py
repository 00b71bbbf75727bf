"""Tasks and workers in the admin site, for admins."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from background.engine import Status
from background.models import Worker
from background.status import NO_WORKER, late

admin.site.unregister(DBTaskResult)  # the import above has registered it


class LateFilter(admin.SimpleListFilter):
    title = "late"
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Late")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DBTaskResult]) -> QuerySet[DBTaskResult]:
        return queryset.filter(late(timezone.now())) if self.value() else queryset


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """Waiting, running, finished and failed tasks. Failed ones can be run again."""

    # mypy: the package's tuples are of another length
    list_display = ("task_name", "status", "queue_name", "enqueued_at", "display_run_after", "finished_at", "outcome")  # type: ignore[assignment]
    list_filter = ("status", LateFilter, "queue_name")  # type: ignore[assignment]
    show_full_result_count = False
    actions = ("run_again",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List tasks, and say so if there is no worker to run them."""
        if request.method == "GET" and not Worker.objects.alive().exists():
            messages.warning(request, NO_WORKER)
        return super().changelist_view(request, extra_context)

    @admin.display(description="task name")
    def task_name(self, row: DBTaskResult) -> str:
        """The function of a task, which need not be there any more, nor be a task."""
        return str(row.task_path.rpartition(".")[2] or row.task_path)

    @admin.display(description="outcome")
    def outcome(self, row: DBTaskResult) -> str:
        """What a finished task returned, or the class of what it raised."""
        if row.status == Status.FAILED:
            return str(row.exception_class_path.rpartition(".")[2] or row.traceback)
        return "" if row.return_value is None else str(row.return_value)

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the user may run tasks: an admin, since a task may write to anybody."""
        return bool(request.user.is_active and request.user.is_superuser)

    @admin.action(description="Run failed tasks again", permissions=["run"])
    def run_again(self, request: HttpRequest, rows: QuerySet[DBTaskResult]) -> None:
        """Make the failed ones among the selected tasks ready to run, with the arguments that they had."""
        again = rows.filter(status=Status.FAILED).update(
            status=Status.READY, run_after=timezone.now(), started_at=None, finished_at=None, worker_ids=[]
        )
        self.message_user(request, f"Failed tasks that will be run again: {again}.", messages.SUCCESS)


@admin.register(Worker)
class WorkerAdmin(admin.ModelAdmin):
    """The worker processes of the last 30 days."""

    # mypy: the package's tuples are of another length
    list_display = ("name", "started_at", "seen_at", "stopped_at")

    def _refuse(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_change_permission = has_delete_permission = _refuse
