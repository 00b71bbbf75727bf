"""The table of locked entries in the admin site."""

from django.contrib import admin

from submissions.admin.base import ModeratorReadOnlyAdmin
from submissions.models import EntryLock


@admin.register(EntryLock)
class EntryLockAdmin(ModeratorReadOnlyAdmin):
    list_display = ("name", "kind", "reason", "locked_by", "locked_at")
