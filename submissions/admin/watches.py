"""The topics that a moderator watches, in the admin site."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.kinds.topic.model import Topic
from submissions.models import Watch


class WatchForm(forms.ModelForm):
    topic = forms.ChoiceField(choices=lambda: list(Topic.objects.order_by("name").values_list("slug", "name")))

    class Meta:
        model = Watch
        fields = ("topic",)


@admin.register(Watch)
class WatchAdmin(admin.ModelAdmin):
    """The topics that a moderator watches."""

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

    def _is_moderator(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    has_view_permission = has_add_permission = has_delete_permission = _is_moderator
