"""How the queue is narrowed: each filter is a list of choices, each choice a condition that is also counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.kinds import KINDS
from submissions.models import Action, Proposal, Watch
from submissions.states import OPEN, Status

Rows = QuerySet[Proposal]
MOST_CHOICES = 10


@dataclass(frozen=True)
class Choice:
    """One line of a filter."""

    value: str
    label: str
    condition: Q


class QueueFilter(admin.SimpleListFilter):
    """A filter over conditions. Counts are of what the other filters leave, in one query a filter.

    What is decided already only grows, so it is not counted.
    """

    template = "admin/submissions/filter.html"
    everything = "All"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        """The lines to choose from."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.lines = self.choices_for(request)
        return [(line.value, line.label) for line in self.lines]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = next((line for line in self.lines if line.value == self.value()), None)
        return queryset.filter(chosen.condition) if chosen else queryset

    def get_facet_counts(self, pk_attname: str, filtered_qs: QuerySet[Any]) -> dict[str, Any]:
        return {str(n): Count(pk_attname, filter=line.condition) for n, line in enumerate(self.lines)}

    def choices(self, changelist: Any) -> Iterator[Any]:
        counts = self.get_facet_queryset(changelist) if self.is_counted(changelist) else {}
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": self.everything,
        }
        for n, line in enumerate(self.lines):
            yield {
                "selected": self.value() == line.value,
                "query_string": changelist.get_query_string({self.parameter_name: line.value}),
                "display": line.label,
                "count": counts.get(str(n)),
            }

    def is_counted(self, changelist: Any) -> bool:
        state = changelist.params.get(StateFilter.parameter_name)
        return state in (None, "mine", *OPEN)


class StateFilter(QueueFilter):
    """What waits is shown unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    everything = str(Status.PENDING.label)

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        mine = Choice("mine", "Taken by me", Q(claimed_by_id=request.user.pk))
        states = [Choice(s.value, str(s.label), Q(status=s)) for s in Status if s != Status.PENDING]
        return [mine, *states, Choice("all", "All", Q())]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(status=Status.PENDING) if self.value() is None else super().queryset(request, queryset)

    def is_counted(self, changelist: Any) -> bool:
        return False


class KindFilter(QueueFilter):
    title = "kind"
    parameter_name = "kind"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        return [Choice(kind.name, kind.label, Q(kind=kind.name)) for kind in KINDS.values()]


class ActionFilter(QueueFilter):
    title = "action"
    parameter_name = "action"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        return [Choice(action.value, str(action.label), Q(action=action)) for action in Action]


class AgeFilter(QueueFilter):
    title = "age"
    parameter_name = "age"
    days = {"1": "Over a day", "7": "Over a week", "30": "Over a month"}

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        now = timezone.now()
        return [
            Choice(days, label, Q(submitted_at__lt=now - timedelta(days=int(days))))
            for days, label in self.days.items()
        ]


class AuthorFilter(QueueFilter):
    """The authors with most in the queue, and any other that the address names."""

    title = "author"
    parameter_name = "author"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        many = Proposal.objects.pending().order_by().values_list("author__username").annotate(n=Count("pk"))
        names = [name for name, _ in many.order_by("-n", "author__username")[:MOST_CHOICES]]
        asked = self.value()
        names += [asked] if asked and asked not in names else []
        return [Choice(name, name, Q(author__username=name)) for name in names]


class BatchFilter(QueueFilter):
    """One by one, in any batch, or in one of the batches that wait."""

    title = "batch"
    parameter_name = "batch"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        waiting = Proposal.objects.pending().filter(batch__isnull=False).order_by()
        batches = waiting.values_list("batch", "batch__name").annotate(n=Count("pk")).order_by("-n", "batch")
        return [
            Choice("none", "One by one", Q(batch__isnull=True)),
            Choice("any", "In a batch", Q(batch__isnull=False)),
            *(Choice(str(pk), name, Q(batch=pk)) for pk, name, _ in batches[:MOST_CHOICES]),
        ]


class TwinsFilter(QueueFilter):
    title = "duplicates"
    parameter_name = "twins"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        return [Choice("yes", "Suspected", ~Q(twins=[])), Choice("no", "None suspected", Q(twins=[]))]


class MyTopicsFilter(QueueFilter):
    """Proposals on a topic that the moderator looks after, or that carry it."""

    title = "my topics"
    parameter_name = "topics"

    def choices_for(self, request: HttpRequest) -> list[Choice]:
        touched = Q()
        for topic in Watch.objects.filter(user_id=request.user.pk or 0).values_list("topic", flat=True):
            touched |= Q(topics__icontains=f'"{topic}"') | Q(kind="topic", target_slug=topic)
        return [Choice("mine", "Touches my topics", touched)] if touched else []
