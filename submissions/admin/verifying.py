"""Verify a published result: the form, and the list of what is left to check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.rules import require_account
from catalog.kinds import kind_of
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result, Verification
from catalog.ledger.blame import Blame, blame
from catalog.models import Entry, Revision, RevisionAction, SourceClass
from catalog.reading.sources import class_of_address
from submissions import rules, workflow
from submissions.admin.base import errors_of, http_status_for
from submissions.forms import version_from_post
from submissions.workflow import Check, WorkflowError

PAGE_SIZE = 50
NOT_CHECKED = (Verification.REPORTED, Verification.CHECKED_IN_COPY)
"""The tiers of results that nobody has checked at their source."""
UNKNOWN_CLASS = "unknown"


class CheckForm(forms.Form):
    """What a moderator found. The workflow says what is needed."""

    tier = forms.ChoiceField(
        label="How far is it checked?", required=False, choices=[("", "Choose"), *Verification.choices]
    )
    evidence = forms.CharField(
        label="Link to the evidence",
        required=False,
        help_text="What you looked at: the paper, its copy, the log of the run. It is published with the tier.",
    )
    looked_at = forms.CharField(
        label="What you looked at",
        required=False,
        help_text="Page, table, row and column. If it does not count as checked any more: why.",
    )
    reproduced_by = forms.CharField(label="Reproduced by", required=False)
    reproduced_with = forms.CharField(
        label="Reproduced with",
        required=False,
        help_text="Harness and its version, weights, hardware. Only for a reproduction.",
    )


def verify_entry(request: HttpRequest, entry: Entry, back_url: str) -> HttpResponse:
    """Show what is claimed and how far it was checked, and publish how far it is checked now."""
    form, refusal = CheckForm(initial={"evidence": getattr(entry, "source_url", "")}), None
    posted_base = version_from_post(request.POST, "base")
    if request.method == "POST":
        form = CheckForm(request.POST)
        check = Check(**{name: request.POST.get(name, "") for name in form.fields})
        try:
            workflow.verify(entry=entry, actor=require_account(request.user), check=check, base=posted_base or 0)
        except WorkflowError as error:
            refusal = error
            add_errors(form, error)
        else:
            messages.success(request, f"Published: {entry.name}.")
            return redirect(back_url)
    context = {
        **admin.site.each_context(request),
        "title": f"Verify: {entry.name}",
        "kind": kind_of(entry),
        "entry": entry,
        "base": entry.revision if posted_base is None else posted_base,
        "form": form,
        "can_verify": rules.can_verify(request.user, entry),
        "own_value": rules.OWN_VALUE_MESSAGE,
        "checked": checked_by(entry),
        "back_url": back_url,
    }
    return TemplateResponse(request, "admin/submissions/verify.html", context, status=http_status_for(refusal))


def add_errors(form: forms.Form, error: WorkflowError) -> None:
    """Add what the workflow refuses to the fields that it is about."""
    for key, texts in errors_of(error).items():
        field = key if key in form.fields else None
        if field is None or field not in form.errors:
            form.add_error(field, texts)


def checked_by(entry: Entry) -> Blame | None:
    """What set how far an entry is checked; None if nobody has looked at it since it was created."""
    kind = kind_of(entry)
    values = blame(kind, list(Revision.objects.of(kind.name, entry.pk)))
    found = next((value for value in values if value.field in kind.set_by_moderators), None)
    is_new = found and found.item == Verification.REPORTED and found.revision.action == RevisionAction.CREATE
    return None if is_new else found


@dataclass(frozen=True)
class ToCheck:
    """A result that nobody has checked at its source."""

    result: Result
    class_label: str
    verify_url: str


class WorkForm(forms.Form):
    """Which results to list."""

    benchmark = forms.ModelChoiceField(
        Benchmark.objects.order_by("name"), to_field_name="slug", required=False, empty_label="All benchmarks"
    )
    tier = forms.ChoiceField(
        required=False, choices=[("", "Not checked at the source"), *((tier.value, tier.label) for tier in NOT_CHECKED)]
    )
    source = forms.ChoiceField(
        label="Source", required=False, choices=[("", "Any"), *SourceClass.choices, (UNKNOWN_CLASS, "Unknown type")]
    )


def work(request: HttpRequest) -> HttpResponse:
    """List the results that nobody has checked at their source, those of the largest benchmarks first."""
    form = WorkForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(ids_to_check(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "Results to verify",
        "form": form,
        "errors": form.errors,
        "page": page,
        "rows": to_check(list(page.object_list)),
    }
    return TemplateResponse(request, "admin/submissions/verification.html", context, status=400 if form.errors else 200)


def ids_to_check(chosen: Mapping[str, Any]) -> list[int]:
    """The primary keys of these results, in two queries."""
    results = Result.objects.filter(verification__in=[chosen["tier"]] if chosen.get("tier") else NOT_CHECKED)
    if benchmark := chosen.get("benchmark"):
        results = results.filter(benchmark=benchmark)
    wanted = chosen.get("source", "")
    columns = ("pk", "benchmark_id", *(("source_url", "sources") if wanted else ()))
    rows = results.order_by("benchmark__name", "name", "slug").values(*columns)
    if wanted:
        asked = "" if wanted == UNKNOWN_CLASS else wanted
        rows = [row for row in rows if class_of_address(row["source_url"], row["sources"]) == asked]
    sizes = dict(Result.objects.order_by().values_list("benchmark_id").annotate(n=Count("pk")))
    return [row["pk"] for row in sorted(rows, key=lambda row: -sizes.get(row["benchmark_id"], 0))]


def to_check(ids: list[int]) -> list[ToCheck]:
    """These results in this order, in one query."""
    results = Result.objects.select_related("paper", "benchmark").in_bulk(ids)
    return [
        ToCheck(result, class_label(result), verify_url(result))
        for pk in ids
        if (result := results.get(pk)) is not None
    ]


def class_label(result: Result) -> str:
    """The class of the source of a result in words."""
    known = class_of_address(result.source_url, result.sources)
    return str(SourceClass(known).label) if known else "Source of unknown type" if result.source_url else "No source"


def verify_url(entry: Entry) -> str:
    """The URL of the form that verifies an entry."""
    return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_verify", args=[entry.pk])
