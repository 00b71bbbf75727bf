"""Bring results: paste a table or upload a file, see value by value what it would do, and submit what is ticked."""

from collections import Counter
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.methods import accepts
from accounts.rules import require_account
from catalog.exchange.results.catalogue import known_names
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.stated import UnreadableFile
from catalog.exchange.results.tables.reading import WhichWay
from catalog.kinds import KINDS
from submissions import rules, workflow
from submissions.forms.given_results import GivenResultsForm
from submissions.intake.results import LEAVE_OUT, NoSource, ReadResults, answers_in, read_results, waiting_for_review
from submissions.limits import limit_posts
from submissions.models import ProposalAction
from submissions.web.batches import add_messages
from submissions.web.result_values import MAX_BATCH, ValueRow, batch_name, digest, value_rows
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import NewProposal

TEMPLATE = "submissions/new_results.html"
CHANGED = "This is not what the page showed before. Look at the values again, then submit."


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("paste")
def new_results(request: HttpRequest) -> HttpResponse:
    """Read a table or a file, ask what unknown names mean, show what each value would do, submit the ticked ones."""
    context: dict[str, Any] = {"can_submit": rules.can_submit(request.user), "max_batch": MAX_BATCH}
    if not request.POST and not request.FILES:
        form = GivenResultsForm(initial={"benchmark": request.GET.get("benchmark", "")[:300]})
        return render(request, TEMPLATE, {**context, "form": form})
    names = known_names()
    form = GivenResultsForm(request.POST.dict(), request.FILES)
    form.names = names
    read = _read(request, form, names) if form.is_valid() else None
    form.keep_file()
    if read is None:
        return render(request, TEMPLATE, {**context, "form": form}, status=400)
    shown = digest(read)
    is_same = request.POST.get("digest") == shown
    rows = value_rows(read, names, set(request.POST.getlist("take")) if is_same else None)
    errors: dict[str, str] = {}
    if request.method == "POST" and "submit" in request.POST:
        errors = _errors(request, rows) if is_same else {"values": CHANGED}
        batch = None if errors else _submit(request, [row for row in rows if row.selected])
        if batch:
            return redirect("submissions:batch", batch.pk)
    context |= {
        "form": form,
        "read": read,
        "rows": rows,
        "counts": Counter(row.state for row in rows).most_common(),
        "digest": shown,
        "errors": errors,
        "leave_out": LEAVE_OUT,
        "name": form.cleaned_data["name"].strip() or batch_name(read, names),
    }
    return render(request, TEMPLATE, context, status=400 if errors else 200)


def _read(request: HttpRequest, form: GivenResultsForm, names: KnownNames) -> ReadResults | None:
    """What was read; None if it cannot be, with the reason in the form."""
    try:
        given = form.given(answers_in(request.POST.dict()))
        return read_results(given, names, waiting_for_review(require_account(request.user)))
    except WhichWay as error:
        form.add_error("models_in", str(error))
    except NoSource as error:
        form.add_error("source", str(error))
    except UnreadableFile as error:
        form.add_error("text", str(error))
    return None


def _errors(request: HttpRequest, rows: list[ValueRow]) -> dict[str, str]:
    """Why what is ticked cannot be submitted, by field."""
    name, ticked = request.POST.get("name", "").strip(), sum(row.selected for row in rows)
    sentences = {"name": workflow.batch_name_error(name), "values": "" if ticked else "Tick at least one value."}
    if ticked > MAX_BATCH:
        sentences["values"] = f"A batch holds at most {MAX_BATCH} values, and {ticked} are ticked: bring some after it."
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _submit(request: HttpRequest, rows: list[ValueRow]) -> Any:
    """The batch of these rows; None, with messages, if none of them is accepted."""
    payloads = [row.one.payload or {} for row in rows]
    items = [
        NewProposal(KINDS["result"], ProposalAction.CREATE, payload, source=payload["source_url"])
        for payload in payloads
    ]
    name = request.POST.get("name", "").strip() or "A table of results"
    batch, outcomes = workflow.submit_proposals(author=require_account(request.user), name=name, items=items)
    named = [replace(outcome, subject=f"{row.model}, {row.place}") for row, outcome in zip(rows, outcomes, strict=True)]
    add_messages(request, named, about="results")
    return batch
