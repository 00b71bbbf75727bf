"""What else moderators and admins look at: batches, locks, the topics they look after, letters."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin import ReadOnlyAdmin
from catalog.kinds.topic.model import Topic
from submissions.models import Batch, EntryLock, Letter, Watch


class ModeratorsMayLook(ReadOnlyAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)


@admin.register(Batch)
class BatchAdmin(ModeratorsMayLook):
    list_display = ("name", "author", "submitted_at")
    search_fields = ("name", "author__username")
    show_full_result_count = False


@admin.register(EntryLock)
class EntryLockAdmin(ModeratorsMayLook):
    list_display = ("name", "kind", "reason", "locked_by", "locked_at")


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """For admins: what was sent, what waits, what failed and why. Addresses are not kept here."""

    list_display = ("to", "proposal", "due_at", "sent_at", "attempts", "given_up", "trouble")
    list_filter = ("given_up",)
    list_select_related = ("to", "proposal")
    show_full_result_count = False


class WatchForm(forms.ModelForm):
    topic = forms.ChoiceField(choices=lambda: list(Topic.objects.order_by("name").values_list("slug", "name")))

    class Meta:
        model = Watch
        fields = ("topic",)


@admin.register(Watch)
class WatchAdmin(admin.ModelAdmin):
    """A moderator's own topics."""

    form = WatchForm
    list_display = ("topic",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Watch]:
        return super().get_queryset(request).filter(user_id=request.user.pk or 0)

    def save_model(self, request: HttpRequest, obj: Watch, form: Any, change: bool) -> None:
        Watch.objects.get_or_create(user_id=request.user.pk or 0, topic=obj.topic)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    has_view_permission = has_add_permission = has_delete_permission = _may
