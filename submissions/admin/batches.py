"""The table of batches in the admin site."""

from django.contrib import admin

from submissions.admin.base import ModeratorReadOnlyAdmin
from submissions.models import Batch


@admin.register(Batch)
class BatchAdmin(ModeratorReadOnlyAdmin):
    list_display = ("name", "author", "submitted_at")
    search_fields = ("name", "author__username")
    show_full_result_count = False
