"""How the queue is narrowed."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.kinds import KINDS
from submissions.models import Proposal, Watch
from submissions.states import Status

Rows = QuerySet[Proposal]


class StateFilter(admin.SimpleListFilter):
    """What waits is shown unless something else is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("mine", "Taken by me"),
            *((s.value, str(s.label)) for s in Status if s != Status.PENDING),
            ("all", "All"),
        ]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": Status.PENDING.label,
        }
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self.value() == str(value), "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        wanted = self.value()
        if wanted == "all":
            return queryset
        if wanted == "mine":
            return queryset.filter(claimed_by_id=request.user.pk)
        return queryset.filter(status=wanted or Status.PENDING)


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.label) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AgeFilter(admin.SimpleListFilter):
    title = "age"
    parameter_name = "age"
    days = {"1": "Over a day", "7": "Over a week", "30": "Over a month"}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.days.items())

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() not in self.days:
            return queryset
        return queryset.filter(submitted_at__lt=timezone.now() - timedelta(days=int(self.value() or 0)))


class TwinsFilter(admin.SimpleListFilter):
    title = "suspected twins"
    parameter_name = "twins"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Suspected"), ("no", "None")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() == "yes":
            return queryset.exclude(twins=[])
        return queryset.filter(twins=[]) if self.value() == "no" else queryset


class BatchFilter(admin.SimpleListFilter):
    title = "way in"
    parameter_name = "way"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("single", "One by one"), ("batch", "In a batch")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        wanted = self.value()
        return queryset.filter(batch__isnull=wanted == "single") if wanted in ("single", "batch") else queryset


class MyTopicsFilter(admin.SimpleListFilter):
    """Proposals on a topic that the moderator looks after, or that carry it."""

    title = "my topics"
    parameter_name = "topics"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Touches my topics")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() != "mine":
            return queryset
        touched = Q(pk__in=[])
        for topic in Watch.objects.filter(user_id=request.user.pk or 0).values_list("topic", flat=True):
            touched |= Q(topics__icontains=f'"{topic}"') | Q(kind="topic", target_slug=topic)
        return queryset.filter(touched)
