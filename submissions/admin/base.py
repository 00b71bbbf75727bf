"""Permissions of admin pages that every moderator may read."""

from typing import Any

from django.http import HttpRequest

from catalog.admin import ReadOnlyAdmin


class ModeratorReadOnlyAdmin(ReadOnlyAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)
