"""Render a payload as a form: sections of fields for the templates, with errors beside their fields and rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.forms import Errors
from catalog.forms.fields import PayloadField, is_blank
from catalog.forms.references import ReferencesField
from catalog.forms.rows import RowsField
from catalog.kinds import Kind, listing_field
from submissions.forms.additions import Question, questions_about
from submissions.forms.layout import fieldsets_of

ROW_ERROR = re.compile(r"row (\d+)(?:, (\w+))?: (.*)", re.DOTALL)
SPARE_ROWS = 1
WIDE_FROM_LENGTH = 400
SEE_ROWS = "See the rows."


@dataclass(frozen=True)
class FieldError:
    """One error in the list above the form, with the id of the input that it links to."""

    id: str
    label: str
    message: str


@dataclass
class FormField:
    """One input: `widget` selects its template, `name` is its name in the posted form. `question` is what is asked
    where its value is no listed name, and `asked` are the inputs of the row to be added then."""

    key: str
    name: str
    label: str
    widget: str
    value: Any = ""
    help: str = ""
    errors: list[str] = field(default_factory=list)
    required: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    target: str = ""
    max_length: int | None = None
    rows: list["FormRow"] = field(default_factory=list)
    blank: "FormRow | None" = None
    question: Question | None = None
    asked: list["FormField"] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        return not is_blank(self.value) and self.value is not False

    @property
    def is_collapsed(self) -> bool:
        """Whether its rows are collapsed: all are empty and none was added."""
        return self.key != "links" and not self.is_filled and not self.errors and len(self.rows) <= SPARE_ROWS

    @property
    def id(self) -> str:
        return f"q-{self.name}"

    @property
    def is_wide(self) -> bool:
        """Whether it takes the full width: texts, lists and long lines."""
        long = self.widget in ("line", "url") and (self.max_length or 0) >= WIDE_FROM_LENGTH and self.key != "name"
        return long or self.widget in ("prose", "lines")

    @property
    def visible_lines(self) -> int:
        """The height of the text area of a list, in lines: one more than it holds, from 2 to 12."""
        return min(max(2, str(self.value).count("\n") + 2), 12)

    @property
    def field_errors(self) -> list["FieldError"]:
        """Its errors, each with the id of its input."""
        own = [FieldError(self.id, self.label, error) for error in self.errors if error != SEE_ROWS]
        for row in self.rows:
            label = f"{self.label}, row {int(row.number) + 1}"
            own += [FieldError(self.id, label, error) for error in row.errors]
            own += [FieldError(cell.id, f"{label}, {cell.label}", error) for cell in row.cells for error in cell.errors]
        return own


@dataclass
class FormRow:
    """One row of a repeated field; `number` is its index in the posted names, "N" in the blank row for scripts."""

    number: str
    cells: list[FormField]
    errors: list[str] = field(default_factory=list)


@dataclass
class FormSection:
    """A section of the form; a collapsed section opens if a field in it has errors."""

    title: str
    fields: list[FormField]
    is_collapsible: bool

    @property
    def filled_count(self) -> int:
        return sum(field.is_filled for field in self.fields)

    @property
    def is_open(self) -> bool:
        return not self.is_collapsible or any(field.errors for field in self.fields)


@dataclass
class RenderedForm:
    """The form of a kind; `errors` are those that belong to no field."""

    kind: Kind
    sections: list[FormSection]
    errors: list[str]

    @property
    def field_errors(self) -> list[FieldError]:
        return [error for section in self.sections for field in section.fields for error in field.field_errors]


def rendered_form(
    kind: Kind,
    payload: Mapping[str, Any],
    errors: Errors | None = None,
    add: str = "",
    additions: Mapping[str, Mapping[str, Any]] | None = None,
) -> RenderedForm:
    """The form of a kind filled from a payload, without the fields that only moderators set; `add` names the repeated
    field that gets another blank row, `additions` are the rows that are ticked to be added to other entries, where it
    can add some."""
    errors = errors or {}
    complete = {**kind.form.empty(), **payload}
    form_fields = {
        key: _form_field(kind, key, complete[key], errors.get(key, []), SPARE_ROWS + (key == add))
        for key in kind.form.payload_keys()
        if key not in kind.set_by_moderators
    }
    _ask_about_names(kind, form_fields, questions_about(kind, payload, errors, additions), errors.get("additions", []))
    shown_at_inputs = {*form_fields, "source", "comment", "additions"}
    return RenderedForm(
        kind,
        [
            FormSection(
                fieldset.title, [form_fields[key] for key in fieldset.keys if key in form_fields], fieldset.folded
            )
            for fieldset in fieldsets_of(kind)
            if fieldset.keys
        ],
        [message for key, messages in errors.items() if key not in shown_at_inputs for message in messages],
    )


def _ask_about_names(
    kind: Kind, form_fields: Mapping[str, FormField], questions: Mapping[str, Question], errors: list[str]
) -> None:
    """Add the questions about names that are not listed, with the errors of the rows that were to be added."""
    for key, question in questions.items():
        form_field, cells = form_fields[key], listing_field(kind, key).cells
        form_field.question = question
        form_field.asked = [
            _single_field(
                cells[cell],
                cell,
                f"{question.name}-{cell}",
                str(cells[cell].label or cell.replace("_", " ").capitalize()),
                value=question.row.get(cell, cells[cell].empty()),
                errors=[],
            )
            for cell in kind.form.listed[key].asked
        ]
    for message in errors:
        key = re.split("[,:]", message, maxsplit=1)[0]
        form_fields[key if key in form_fields else next(iter(form_fields))].errors.append(message)


def _form_field(kind: Kind, key: str, value: Any, errors: list[str], spare: int) -> FormField:
    payload_field, label = kind.form.payload_fields()[key], kind.label_of(key)
    if isinstance(payload_field, RowsField):
        return _rows_field(kind, key, payload_field, value=value, errors=errors, spare=spare)
    if isinstance(payload_field, ReferencesField):
        return _references_field(key, label, payload_field, value=value, errors=errors, spare=spare)
    return _single_field(payload_field, key, key, label, value=value, errors=errors)


def _single_field(
    payload_field: PayloadField, key: str, name: str, label: str, *, value: Any, errors: list[str]
) -> FormField:
    required = payload_field.required and is_blank(payload_field.empty())  # a choice with a default is made already
    form_field = FormField(key, name, label, payload_field.input, value, str(payload_field.help_text), errors, required)
    form_field.max_length = getattr(payload_field, "max_length", None)
    form_field.choices = _with_stored_choice(payload_field.options(), value)
    if payload_field.input == "reference":
        form_field.target = getattr(payload_field, "to", "")
        form_field.help = form_field.help or "Its name, or the last part of its address."
    if payload_field.input == "lines":
        form_field.value = "\n".join(map(str, _as_list(value)))
        form_field.help = f"{form_field.help} One a line.".strip()
    return form_field


def _with_stored_choice(options: list[tuple[str, str]], value: Any) -> list[tuple[str, str]]:
    """The options, and the value itself if it is none of them: a browser would send the first one instead."""
    stored = isinstance(value, str) and value and options and value not in dict(options)
    return [*options, (value, f"{value} (not offered any more)")] if stored else options


def _as_list(value: Any) -> list[Any]:
    """The value itself if it is a list, otherwise an empty one: the payload of a proposal may be damaged."""
    return value if isinstance(value, list) else []


def _rows_field(
    kind: Kind, key: str, payload_field: RowsField, *, value: list[Any], errors: list[str], spare: int
) -> FormField:
    by_row, rest = _errors_by_row(errors)
    labels = {name: kind.label_of(name) for name in kind.form.payload_keys()}

    def row(number: int | str, data: Mapping[str, Any], cell_errors: dict[str, list[str]]) -> FormRow:
        cells = []
        for name, cell in payload_field.cells.items():
            cell_value = data.get(name, cell.empty()) if isinstance(data, Mapping) else ""
            label = str(cell.label or name.replace("_", " ").capitalize())
            input_name = f"{key}-{number}-{name}"
            cell_field = _single_field(
                cell, name, input_name, label, value=cell_value, errors=cell_errors.get(name, [])
            )
            cell_field.help = ""
            cell_field.required = cell_field.required and data != {}  # a blank row is not sent
            if options := payload_field.cell_options(name, labels):
                cell_field.widget, cell_field.choices = "choice", _with_stored_choice(options, cell_value)
            cells.append(cell_field)
        return FormRow(str(number), cells, cell_errors.get("", []))

    value = _as_list(value)
    rows = [row(number, data, by_row.get(number + 1, {})) for number, data in enumerate(value)]
    rows += [row(number, {}, {}) for number in range(len(value), len(value) + spare)]
    form_field = FormField(
        key, key, labels[key], "rows", value, str(payload_field.help_text), rest or [SEE_ROWS] * bool(errors)
    )
    form_field.rows, form_field.blank = rows, row("N", {}, {})
    return form_field


def _references_field(
    key: str, label: str, payload_field: ReferencesField, *, value: list[str], errors: list[str], spare: int
) -> FormField:
    def row(number: int | str, slug: str) -> FormRow:
        cell = FormField("slug", f"{key}-{number}-slug", label, "reference", slug)
        cell.target = payload_field.to
        return FormRow(str(number), [cell])

    form_field = FormField(key, key, label, "rows", value, str(payload_field.help_text), errors)
    form_field.rows = [row(number, slug) for number, slug in enumerate([*_as_list(value), *[""] * spare])]
    form_field.blank = row("N", "")
    return form_field


def _errors_by_row(errors: list[str]) -> tuple[dict[int, dict[str, list[str]]], list[str]]:
    """The messages by row number and cell ("" for the row itself), and those that belong to no row."""
    by_row: dict[int, dict[str, list[str]]] = {}
    rest = []
    for message in errors:
        if match := ROW_ERROR.fullmatch(message):
            by_row.setdefault(int(match[1]), {}).setdefault(match[2] or "", []).append(match[3])
        else:
            rest.append(message)
    return by_row, rest
