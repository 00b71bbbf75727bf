"""Filters of the queue: each has choices, and each choice a condition, by which proposals are filtered and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from catalog.kinds import KINDS
from submissions.forms import int_from_post
from submissions.intake.batch import State
from submissions.list_imports import ListRow
from submissions.models import Batch, Proposal, ProposalAction, Watch
from submissions.states import OPEN, Status

Rows = QuerySet[Any]
MAX_CHOICES = 10


@dataclass(frozen=True)
class FilterChoice:
    """One choice of a filter."""

    value: str
    label: str
    condition: Q


class QueueFilter(admin.SimpleListFilter):
    """A filter by conditions; `filter_links` counts them, those of all unused filters in one query."""

    all_label = "All"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        """The choices of the filter."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = request.__dict__.setdefault("_queue_choices", {})  # Django instantiates each filter twice a request
        if type(self) not in known:
            known[type(self)] = self.choices_for(request)
        self.filter_choices: list[FilterChoice] = known[type(self)]
        return [(choice.value, choice.label) for choice in self.filter_choices]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        chosen = next((choice for choice in self.filter_choices if choice.value == self.value()), None)
        return queryset.filter(chosen.condition) if chosen else queryset


class StateFilter(QueueFilter):
    """The status; pending proposals are shown by default."""

    title = "state"
    parameter_name = "state"
    all_label = str(Status.PENDING.label)

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        mine = FilterChoice("mine", "Claimed by me", Q(claimed_by_id=request.user.pk))
        states = [FilterChoice(s.value, str(s.label), Q(status=s)) for s in Status if s != Status.PENDING]
        return [mine, *states, FilterChoice("all", "All", Q())]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        return queryset.filter(status=Status.PENDING) if self.value() is None else super().queryset(request, queryset)


class KindFilter(QueueFilter):
    title = "kind"
    parameter_name = "kind"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        return [FilterChoice(kind.name, kind.label, Q(kind=kind.name)) for kind in KINDS.values()]


class ActionFilter(QueueFilter):
    title = "action"
    parameter_name = "action"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        return [FilterChoice(action.value, str(action.label), Q(action=action)) for action in ProposalAction]


class AgeFilter(QueueFilter):
    title = "age"
    parameter_name = "age"
    days = {"1": "Over a day", "7": "Over a week", "30": "Over a month"}

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        now = timezone.now()
        return [
            FilterChoice(days, label, Q(submitted_at__lt=now - timedelta(days=int(days))))
            for days, label in self.days.items()
        ]


class AuthorFilter(QueueFilter):
    """The authors with the most pending proposals, and the author in the query string."""

    title = "author"
    parameter_name = "author"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        counts = Proposal.objects.pending().order_by().values_list("author").annotate(n=Count("pk")).order_by("-n")
        people = get_user_model().objects.in_bulk([pk for pk, _ in counts[:MAX_CHOICES]])
        names = sorted(str(person) for person in people.values())
        selected = self.value() or ""
        names += [selected] if selected and selected not in names else []
        return [FilterChoice(name, name, Q(author__username=name)) for name in names]


class BatchFilter(QueueFilter):
    """Outside batches, in any batch, or in one of the pending batches."""

    title = "batch"
    parameter_name = "batch"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        pending = Proposal.objects.pending().filter(batch__isnull=False).order_by()
        counts = pending.values_list("batch").annotate(n=Count("pk")).order_by("-n", "batch")
        batches = Batch.objects.in_bulk([pk for pk, _ in counts[:MAX_CHOICES]])
        return [
            FilterChoice("none", "One by one", Q(batch__isnull=True)),
            FilterChoice("any", "In a batch", Q(batch__isnull=False)),
            *(FilterChoice(str(pk), batch.name, Q(batch=pk)) for pk, batch in sorted(batches.items())),
        ]


class ListFilter(QueueFilter):
    """What the reader of a list had to say about its entry."""

    title = "from a list"
    parameter_name = "list"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        noted = Q(list_row__isnull=False) & ~Q(list_row__notes=[])
        return [
            FilterChoice("question", "Taken for one under another name", Q(list_row__state=State.QUESTION)),
            FilterChoice("noted", "With notes of its reader", noted),
            FilterChoice("plain", "Without either", Q(list_row__notes=[]) & ~Q(list_row__state=State.QUESTION)),
        ]


class ChangedFieldFilter(QueueFilter):
    """The fields that the edits of one batch, which the queue is filtered by, change."""

    title = "changed field"
    parameter_name = "field"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        rows = ListRow.objects.filter(
            list_import__batch=int_from_post(request.GET, "batch") or 0, proposal__isnull=False
        )
        fields: dict[str, str] = {}
        for kind, keys in rows.exclude(fields=[]).order_by().values_list("kind", "fields"):
            fields |= {key: KINDS[kind].label_of(key) for key in keys}
        return [
            FilterChoice(key, label, Q(list_row__fields__icontains=f'"{key}"'))
            for key, label in sorted(fields.items(), key=lambda pair: pair[1])
        ]


class DuplicatesFilter(QueueFilter):
    title = "duplicates"
    parameter_name = "twins"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        return [FilterChoice("yes", "Suspected", ~Q(twins=[])), FilterChoice("no", "None suspected", Q(twins=[]))]


class WatchedTopicsFilter(QueueFilter):
    """Proposals about or with a topic that the moderator watches."""

    title = "my topics"
    parameter_name = "topics"

    def choices_for(self, request: HttpRequest) -> list[FilterChoice]:
        condition = Q()
        for topic in Watch.objects.filter(user_id=request.user.pk or 0).values_list("topic", flat=True):
            condition |= Q(topics__icontains=f'"{topic}"') | Q(kind="topic", target_slug=topic)
        return [FilterChoice("mine", "Touches my topics", condition)] if condition else []


@dataclass(frozen=True)
class FilterLink:
    """A choice as a link: its query string, whether it is selected, and its count (None: not counted)."""

    label: str
    query: str
    is_selected: bool
    count: int | None = None


def filter_links(changelist: Any, request: HttpRequest) -> list[tuple[str, list[FilterLink]]]:
    """The links of each filter by title. Counts respect the other filters; decided proposals are not counted."""
    specs: list[QueueFilter] = changelist.filter_specs
    counts = _counts(changelist, request, specs) if _selected_state(specs) in (None, "mine", *OPEN) else {}
    return [(str(spec.title), _links_for(changelist, spec, counts)) for spec in specs]


def _selected_state(specs: Sequence[QueueFilter]) -> str | None:
    return next(spec.value() for spec in specs if isinstance(spec, StateFilter))


def _links_for(changelist: Any, spec: QueueFilter, counts: dict[str, int]) -> list[FilterLink]:
    name, value = spec.parameter_name or "", spec.value()
    first = FilterLink(spec.all_label, changelist.get_query_string(remove=[name]), value is None)
    return [
        first,
        *(
            FilterLink(
                choice.label,
                changelist.get_query_string({name: choice.value}),
                value == choice.value,
                counts.get(f"{name}_{n}"),
            )
            for n, choice in enumerate(spec.filter_choices)
        ),
    ]


def _counts(changelist: Any, request: HttpRequest, specs: Sequence[QueueFilter]) -> dict[str, int]:
    """Counts by parameter and position: one query for all unused filters, one for each used filter."""
    counted = [spec for spec in specs if not isinstance(spec, StateFilter)]
    counts = _count(changelist, request, specs, [spec for spec in counted if spec.value() is None])
    for spec in counted:
        if spec.value() is not None:
            counts |= _count(changelist, request, [other for other in specs if other is not spec], [spec])
    return counts


def _count(
    changelist: Any, request: HttpRequest, applied: Sequence[QueueFilter], counted: Sequence[QueueFilter]
) -> dict[str, int]:
    rows = changelist.root_queryset.order_by()
    for spec in applied:
        rows = spec.queryset(request, rows)
    rows, _ = changelist.model_admin.get_search_results(request, rows, changelist.query)
    named = {
        f"{spec.parameter_name}_{n}": Count("pk", filter=choice.condition)
        for spec in counted
        for n, choice in enumerate(spec.filter_choices)
    }
    return dict(rows.aggregate(**named))
