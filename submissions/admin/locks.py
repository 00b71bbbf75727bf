"""The table of locks in the admin site, those that were taken back included."""

from django.contrib import admin

from submissions.admin.base import ModeratorReadOnlyAdmin
from submissions.models import EntryLock


@admin.register(EntryLock)
class EntryLockAdmin(ModeratorReadOnlyAdmin):
    list_display = ("name", "kind", "reason", "locked_by", "locked_at", "unlocked_by", "unlocked_at")
    list_select_related = ("locked_by", "unlocked_by")
