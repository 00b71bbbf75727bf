"""The catalogue in the admin: to look at, not to write. A change goes through review and leaves its trace."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from catalog.kinds import KINDS
from catalog.models import Entry, Revision, Section


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EntryAdmin(ReadOnlyAdmin):
    """One kind of entry; “view on site” leads to its page."""

    list_display = ("name", "slug", "year", "revision", "updated")
    search_fields = ("name", "slug")
    list_select_related = ("section",)
    show_full_result_count = False

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        return obj.get_absolute_url() if isinstance(obj, Entry) else None


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "name", "number", "action", "contributor", "seconder", "approver", "comment")
    list_filter = ("kind", "action")
    search_fields = ("slug", "name", "contributor", "comment")
    date_hierarchy = "at"
    show_full_result_count = False


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    list_display = ("name", "emoji", "kind", "level", "position", "parent")


for kind in KINDS.values():
    admin.site.register(kind.model, EntryAdmin)
