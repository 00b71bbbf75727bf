"""A row from the page of a board: a checkpoint, its values and where they stand; the rest is the board's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.methods import accepts
from accounts.rules import require_account
from catalog.forms import Errors
from catalog.kinds import KINDS, Kind
from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.boards.pages import board_url, key_in
from catalog.reading.results.fetching import measured_on
from submissions import rules
from submissions.forms import additions_from_post, rendered_form
from submissions.forms.additions import USE, Question
from submissions.forms.rendering import FieldError, FormField
from submissions.intake import checkpoints
from submissions.intake.board_rows import ASKED, MAX_METRICS, BoardRows, asked_board, board_rows
from submissions.limits import limit_posts
from submissions.models import ProposalAction
from submissions.web.batches import add_messages
from submissions.web.contribute import THANKS
from submissions.web.shortcuts import get_live_entry, propose
from submissions.web.unsent_work import login_required_keeping_post
from submissions.workflow import Invalid, NewProposal, checked_payload, submit_proposals

CHECKPOINT = "checkpoint"
STATED = ("source_url", "locator")
DETAILS = ("scale", *ASKED)


@dataclass
class Row:
    """A row as it was typed, and what is wrong with it, by the name of the input.

    `on_board` are the conditions of the board as the form showed them, in the words of its inputs: the board may have
    changed since, and what somebody left as it was is not theirs.
    """

    checkpoint: str
    values: list[str]
    stated: dict[str, Any]
    details: dict[str, Any]
    on_board: dict[str, str]
    confirmed: bool
    additions: dict[str, Any] = field(default_factory=dict)
    match: checkpoints.Match = field(default_factory=checkpoints.Match)
    errors: Errors = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        """The keys of the conditions that are not as the form showed them first."""
        return [key for key in ASKED if _as_typed(self.details[key]) != self.on_board[key]]

    @property
    def inferred(self) -> list[str]:
        """The keys of the conditions that only the board says."""
        return [] if self.confirmed else [key for key in ASKED if self.on_board[key] and key not in self.changed]

    @property
    def filled(self) -> list[int]:
        """The numbers of the metrics that it has a value for."""
        return [number for number, value in enumerate(self.values) if value]


@accepts("GET")
def suggest_checkpoints(request: HttpRequest) -> JsonResponse:
    """Models and their variants whose names match ?q=, as JSON."""
    found = checkpoints.options(request.GET.get("q", ""))
    return JsonResponse({"entries": [{"slug": one.text, "name": one.name} for one in found]})


@accepts("GET", "POST")
@login_required_keeping_post
@limit_posts("propose")
def add_result(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a row of a board; submitting it proposes a result for each of its values.

    The query names the board as on its page, and may fill the form: ?paper=internvl2&variant=InternVL2-8B&metric=ANLS
    """
    benchmark = cast(Benchmark, get_live_entry(Benchmark.plural, slug)[1])
    measured = measured_on([benchmark])[benchmark.pk]
    shown = asked_board(benchmark, measured, key_in(request.GET))
    if shown is None:
        raise Http404(f"{benchmark.name} has no such board: it does not list this part or split.")
    board = board_rows(benchmark, measured, shown, request.GET.get("metric", ""))
    kind = KINDS["result"]
    row = _posted_row(request, kind, board) if request.POST else _new_row(request, board)
    if request.method == "POST" and "submit" in request.POST:
        proposed = _checked(request, kind, board, row)
        if not row.errors and (sent := _submit(request, board, row, proposed, f"{benchmark.name}, {board.title}")):
            return sent
    elif row.checkpoint:
        row.match = checkpoints.match(row.checkpoint)
    context = {
        "kind": kind,
        "entry": benchmark,
        "board": board,
        "board_url": board_url(benchmark, shown.key),
        "full_url": f"{reverse('submissions:new', args=[kind.plural])}?benchmark={benchmark.slug}",
        "new_model_url": f"{reverse('submissions:new', args=['papers'])}?{urlencode({'name': row.checkpoint})}",
        "can_submit": rules.can_submit(request.user),
        "row": row,
        **_fields(kind, board, row),
    }
    return render(request, "submissions/board_row.html", context, status=400 if row.errors else 200)


def _new_row(request: HttpRequest, board: BoardRows) -> Row:
    """An empty row, with what the query names."""
    paper, variant = request.GET.get("paper", "").strip(), request.GET.get("variant", "").strip()
    text = f"{paper}: {variant}" if paper and variant else paper or variant
    details = {**KINDS["result"].form.empty(), **board.reference}
    return Row(
        checkpoint=text[: checkpoints.MAX_LENGTH],
        values=[""] * len(board.metrics),
        stated=dict.fromkeys(STATED, ""),
        details={key: details[key] for key in DETAILS},
        on_board={key: _as_typed(details[key]) for key in ASKED},
        confirmed=False,
    )


def _posted_row(request: HttpRequest, kind: Kind, board: BoardRows) -> Row:
    """A row as it was posted. Its values belong to the metrics that the form showed beside them."""
    fields, data = kind.form.payload_fields(), request.POST
    shown = {**kind.form.empty(), **board.reference}
    values = {data.get(f"metric-{n}"): data.get(f"value-{n}", "").strip() for n in range(MAX_METRICS)}
    row = Row(
        checkpoint=data.get(CHECKPOINT, "").strip(),
        values=[values.pop(metric.name, "") for metric in board.metrics],
        stated={key: fields[key].read_post(data, key) for key in STATED},
        details={key: fields[key].read_post(data, key) for key in DETAILS},
        on_board={key: data.get(f"board-{key}", _as_typed(shown[key])).replace("\r\n", "\n") for key in ASKED},
        confirmed="confirmed" in data,
    )
    if gone := [name for name, value in values.items() if value]:
        row.errors["metrics"] = [f"The board has no metric “{name or '?'}” any more." for name in gone]
    used, _, name = data.get(USE, "").partition(":")
    if used == CHECKPOINT:
        row.checkpoint = name
    elif used == "variant" and (found := checkpoints.match(row.checkpoint).found):
        row.checkpoint = checkpoints.Checkpoint(found.model, name).text
    return row


def _payload(board: BoardRows, row: Row, number: int) -> dict[str, Any]:
    """The payload of the result for one value of a row."""
    found = row.match.found
    conditions = {key: value for key, value in row.details.items() if key in ASKED}
    return {
        "paper": found.model.slug if found else None,
        "variant": found.variant if found else "",
        "metric": board.metrics[number].name if board.metrics else "",
        "value": row.values[number] if row.values else "",
        "scale": row.details["scale"],
        **row.stated,
        **board.payload(conditions, row.inferred),
    }


def _checked(request: HttpRequest, kind: Kind, board: BoardRows, row: Row) -> list[NewProposal]:
    """The proposals of a row; what is wrong with them is added to its errors."""
    row.match = checkpoints.match(row.checkpoint)
    if row.match.error:
        row.errors[CHECKPOINT] = [row.match.error]
    if not row.filled:
        row.errors["value-0"] = ["Give at least one value, as printed."]
    if not row.stated["source_url"]:
        row.errors["source_url"] = ["Give the address of the paper, the model card or the board that says so."]
    proposed = []
    for number in row.filled:
        payload = _payload(board, row, number)
        row.additions = additions_from_post(kind, payload, request.POST)
        one = NewProposal(
            kind, ProposalAction.CREATE, payload, source=row.stated["source_url"] or "", additions=row.additions
        )
        try:
            checked_payload(one)
        except Invalid as error:
            _add_errors(row, number, error.errors)
        proposed.append(one)
    return proposed


def _add_errors(row: Row, number: int, errors: Mapping[str, list[str]]) -> None:
    """Add what is wrong with the payload of one value, at the inputs of the row."""
    value = f"value-{number}"
    at = {"value": value, "metric": value, "paper": CHECKPOINT, "variant": CHECKPOINT, "source": "source_url"}
    for key, messages in errors.items():
        if key == "paper" and row.match.error:
            continue  # said already, in better words
        name = at.get(key, key)
        row.errors[name] = list(dict.fromkeys([*row.errors.get(name, []), *messages]))


def _submit(
    request: HttpRequest, board: BoardRows, row: Row, proposed: list[NewProposal], where: str
) -> HttpResponse | None:
    """Put the row into the queue: one result by itself, several as a batch. None if it is refused after all; its errors
    say why."""
    form = f"add-result-{board.shared['benchmark']}"
    if len(proposed) == 1:
        result = propose(request, THANKS, proposed[0], form)
        if isinstance(result, HttpResponse):
            return result
        _add_errors(row, row.filled[0], result)
        return None
    name = row.match.found.name if row.match.found else row.checkpoint
    batch, outcomes = submit_proposals(author=require_account(request.user), name=f"{name} on {where}", items=proposed)
    add_messages(request, outcomes, about=form)
    return redirect("submissions:batch", batch.pk) if batch else redirect("submissions:mine")


def _fields(kind: Kind, board: BoardRows, row: Row) -> dict[str, Any]:
    """The inputs of the form."""
    payload = {**_payload(board, row, 0), **row.details}
    errors = {key: messages for key, messages in row.errors.items() if key in kind.form.payload_keys()}
    naming = {"variant": row.errors[CHECKPOINT]} if CHECKPOINT in row.errors and row.match.found else {}
    additions_errors = {"additions": row.errors["additions"]} if "additions" in row.errors else {}
    form = rendered_form(kind, payload, {**errors, **naming, **additions_errors}, additions=row.additions)
    by_key = {one.key: one for section in form.sections for one in section.fields}
    checkpoint = FormField(
        CHECKPOINT,
        CHECKPOINT,
        "Model or variant",
        "reference",
        row.checkpoint,
        "As the source names it: Qwen2.5-VL-72B",
        row.errors.get(CHECKPOINT, []),
        required=True,
        target=CHECKPOINT,
        question=by_key["variant"].question or _did_you_mean(row),
        asked=by_key["variant"].asked,
    )
    values = [
        FormField(
            "value",
            f"value-{number}",
            f"{metric.name} ({metric.unit})" if metric.unit else metric.name,
            "decimal",
            row.values[number],
            by_key["value"].help if number == 0 else "",
            row.errors.get(f"value-{number}", []),
            required=len(board.metrics) == 1,
            max_length=by_key["value"].max_length,
        )
        for number, metric in enumerate(board.metrics)
    ]
    by_key["source_url"].required = True
    names = [by_key[key] for key in ("part", "split") if key in row.errors]
    shown = [checkpoint, *values, *(by_key[key] for key in STATED)]
    details = [by_key[key] for key in DETAILS]
    inputs = {one.name for one in (*shown, *names, *details)}
    return {
        "shown": shown,
        "names": names,
        "details": details,
        "details_open": row.confirmed or any(one.errors for one in details),
        "changed": [kind.label_of(key) for key in row.changed],
        "on_board": [(f"board-{key}", text) for key, text in row.on_board.items()],
        "metrics": [(f"metric-{number}", metric.name) for number, metric in enumerate(board.metrics)],
        "general": [message for key, messages in row.errors.items() if key not in inputs for message in messages],
        "field_errors": [
            FieldError(one.id, one.label, text) for one in (*shown, *names, *details) for text in one.errors
        ],
    }


def _as_typed(value: Any) -> str:
    """A value of a condition as its input holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _did_you_mean(row: Row) -> Question | None:
    """The checkpoints that may be meant."""
    if not row.match.suggestions:
        return None
    return Question(CHECKPOINT, "", "", row.checkpoint, "", "", list(row.match.suggestions), False, False, {})
