"""A payload as form fields for the templates, with errors beside their fields and rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.forms import Errors
from catalog.forms.fields import PayloadField, is_blank
from catalog.forms.references import ReferencesField
from catalog.forms.rows import RowsField
from catalog.kinds import Kind
from submissions.forms.layout import fieldsets_of

ROW_ERROR = re.compile(r"row (\d+)(?:, (\w+))?: (.*)", re.DOTALL)
SPARE_ROWS = 1
LONG = 400
SEE_ROWS = "See the rows."


@dataclass(frozen=True)
class FieldError:
    """One error in the list above the form, with the id of the input that it links to."""

    id: str
    label: str
    message: str


@dataclass
class FormField:
    """One input: `widget` selects its template, `name` is its name in the posted form."""

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

    @property
    def filled(self) -> bool:
        return not is_blank(self.value) and self.value is not False

    @property
    def folded(self) -> bool:
        """Whether a repeated part is collapsed: it is empty and no row was added."""
        return self.key != "links" and not self.filled and not self.errors and len(self.rows) <= SPARE_ROWS

    @property
    def id(self) -> str:
        return f"q-{self.name}"

    @property
    def broad(self) -> bool:
        """Whether it takes the full width: texts, lists and long lines."""
        long = self.widget in ("line", "url") and (self.max_length or 0) >= LONG and self.key != "name"
        return long or self.widget in ("prose", "lines")

    @property
    def height(self) -> int:
        """The visible lines of a list, enough for the usual ones."""
        return min(max(2, str(self.value).count("\n") + 2), 12)

    @property
    def troubles(self) -> list["FieldError"]:
        """Its errors, each with the id of its input."""
        own = [FieldError(self.id, self.label, error) for error in self.errors if error != SEE_ROWS]
        for row in self.rows:
            place = f"{self.label}, row {int(row.number) + 1}"
            own += [FieldError(self.id, place, error) for error in row.errors]
            own += [FieldError(cell.id, f"{place}, {cell.label}", error) for cell in row.cells for error in cell.errors]
        return own


@dataclass
class FormRow:
    """One row of a repeated part; `number` is its index in the posted names, "N" in the blank row for scripts."""

    number: str
    cells: list[FormField]
    errors: list[str] = field(default_factory=list)


@dataclass
class FormSection:
    """A section of the form; a collapsed section opens if a field in it has errors."""

    title: str
    questions: list[FormField]
    folded: bool

    @property
    def filled(self) -> int:
        return sum(question.filled for question in self.questions)

    @property
    def open(self) -> bool:
        return not self.folded or any(question.errors for question in self.questions)


@dataclass
class RenderedForm:
    """The form of a kind; `errors` are those that belong to no field."""

    kind: Kind
    groups: list[FormSection]
    errors: list[str]

    @property
    def troubles(self) -> list[FieldError]:
        return [trouble for group in self.groups for question in group.questions for trouble in question.troubles]


def rendered_form(kind: Kind, payload: Mapping[str, Any], errors: Errors | None = None, add: str = "") -> RenderedForm:
    """The form of a kind filled from a payload; `add` names the repeated part that gets another blank row."""
    wrong = errors or {}
    whole = {**kind.form.empty(), **payload}
    questions = {
        key: _form_field(kind, key, whole[key], wrong.get(key, []), SPARE_ROWS + (key == add))
        for key in kind.form.payload_keys()
    }
    elsewhere = {*questions, "source", "comment"}
    return RenderedForm(
        kind,
        [
            FormSection(fieldset.title, [questions[key] for key in fieldset.keys], fieldset.folded)
            for fieldset in fieldsets_of(kind)
            if fieldset.keys
        ],
        [message for key, messages in wrong.items() if key not in elsewhere for message in messages],
    )


def _form_field(kind: Kind, key: str, value: Any, errors: list[str], spare: int) -> FormField:
    field_, label = kind.form.payload_fields()[key], kind.label_of(key)
    if isinstance(field_, RowsField):
        return _rows_field(kind, key, field_, value=value, errors=errors, spare=spare)
    if isinstance(field_, ReferencesField):
        return _references_field(key, label, field_, value=value, errors=errors, spare=spare)
    return _single_field(field_, key, key, label, value=value, errors=errors)


def _single_field(field_: PayloadField, key: str, name: str, label: str, *, value: Any, errors: list[str]) -> FormField:
    question = FormField(key, name, label, field_.input, value, str(field_.help_text), errors, field_.required)
    question.max_length = getattr(field_, "max_length", None)
    question.choices = field_.options()
    if field_.input == "reference":
        question.target = getattr(field_, "to", "")
        question.help = question.help or "Its name, or the last part of its address."
    if field_.input == "lines":
        question.value = "\n".join(map(str, _listed(value)))
        question.help = f"{question.help} One a line.".strip()
    return question


def _listed(value: Any) -> list[Any]:
    """The items of a list; none where what a proposal holds is damaged."""
    return value if isinstance(value, list) else []


def _rows_field(
    kind: Kind, key: str, field_: RowsField, *, value: list[Any], errors: list[str], spare: int
) -> FormField:
    by_row, rest = _errors_by_row(errors)
    labels = {name: kind.label_of(name) for name in kind.form.payload_keys()}

    def row(number: int | str, data: Mapping[str, Any], wrong: dict[str, list[str]]) -> FormRow:
        cells = []
        for name, cell in field_.cells.items():
            given = data.get(name, cell.empty()) if isinstance(data, Mapping) else ""
            label = str(cell.label or name.replace("_", " ").capitalize())
            place = f"{key}-{number}-{name}"
            question = _single_field(cell, name, place, label, value=given, errors=wrong.get(name, []))
            question.help = ""
            if options := field_.cell_options(name, labels):
                question.widget, question.choices = "choice", options
            cells.append(question)
        return FormRow(str(number), cells, wrong.get("", []))

    value = _listed(value)
    rows = [row(number, data, by_row.get(number + 1, {})) for number, data in enumerate(value)]
    rows += [row(number, {}, {}) for number in range(len(value), len(value) + spare)]
    question = FormField(key, key, labels[key], "rows", value, str(field_.help_text), rest or [SEE_ROWS] * bool(errors))
    question.rows, question.blank = rows, row("N", {}, {})
    return question


def _references_field(
    key: str, label: str, field_: ReferencesField, *, value: list[str], errors: list[str], spare: int
) -> FormField:
    def row(number: int | str, slug: str) -> FormRow:
        cell = FormField("slug", f"{key}-{number}-slug", label, "reference", slug)
        cell.target = field_.to
        return FormRow(str(number), [cell])

    question = FormField(key, key, label, "rows", value, str(field_.help_text), errors)
    question.rows = [row(number, slug) for number, slug in enumerate([*_listed(value), *[""] * spare])]
    question.blank = row("N", "")
    return question


def _errors_by_row(errors: list[str]) -> tuple[dict[int, dict[str, list[str]]], list[str]]:
    """The messages by row and cell ("" for the whole row), and those that belong to no row."""
    found: dict[int, dict[str, list[str]]] = {}
    rest = []
    for message in errors:
        if match := ROW_ERROR.fullmatch(message):
            found.setdefault(int(match[1]), {}).setdefault(match[2] or "", []).append(match[3])
        else:
            rest.append(message)
    return found, rest
