"""The email queue in the admin site."""

from django.contrib import admin

from catalog.admin import ReadOnlyAdmin
from submissions.models import Letter


@admin.register(Letter)
class EmailAdmin(ReadOnlyAdmin):
    """For admins: sent, queued and failed emails. Email addresses are not stored here."""

    list_display = ("to", "proposal", "due_at", "sent_at", "attempts", "given_up", "trouble")
    list_filter = ("given_up",)
    list_select_related = ("to", "proposal")
    show_full_result_count = False
