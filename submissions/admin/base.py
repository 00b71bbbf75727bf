"""What the admin pages share: permissions of those that every moderator may read, and the status of a refusal."""

from typing import Any

from django.http import HttpRequest

from catalog.admin import ReadOnlyAdmin
from catalog.forms import Errors
from submissions.workflow import Conflict, Invalid, NotAllowed, WorkflowError


class ModeratorReadOnlyAdmin(ReadOnlyAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


def errors_of(error: WorkflowError | None) -> Errors:
    """The errors of a refusal by field, for the form; under "__all__" what belongs to none."""
    if error is None:
        return {}
    return error.errors if isinstance(error, Invalid) else {"__all__": [str(error)]}


def http_status_for(error: WorkflowError | None) -> int:
    """403 if it is not allowed, 409 if the proposal has changed since, 400 if the input is invalid."""
    if error is None:
        return 200
    return 403 if isinstance(error, NotAllowed) else 409 if isinstance(error, Conflict) else 400
