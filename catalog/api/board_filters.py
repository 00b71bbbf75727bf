"""The filters of a board as parameters of the API: those of its page, by the same form."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from catalog.api import params
from catalog.api.params import Param, bad_parameters
from catalog.api.past import catalogue_of
from catalog.listing import fields
from catalog.reading.boards.filters import BoardForm, filtered
from catalog.reading.exposure.judging import Exposures
from catalog.reading.results.models import models_of
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import View

ABOUT = {
    "weights": "Rows of checkpoints whose weights are open, as a link says, or not released, as a licence says.",
    "parameters": "Rows of models with at most so many billion parameters.",
    "year": "Rows of models released in this year or later.",
    "organisation": "Rows of models of this organisation, as lists of models are filtered by it.",
    "built_on": "Rows of models built on this family of vision encoders or language models, as lists have it.",
    "measured": "Rows whose claim was measured by them.",
    "source": "Rows whose claim has a source of this class.",
    "verification": "Rows whose claim is verified so far.",
    "exposure": "Rows of checkpoints with this exposure to the benchmark.",
    "stated": "Rows that leave no condition of the reference open.",
}
"""What is said of a filter besides its label."""


def as_param(name: str, field: Any) -> Param:
    """Declare a field of the form as a parameter. Of texts the form knows which ones there are on a benchmark."""
    about = ABOUT.get(name, f"{field.label}.")
    if isinstance(field, forms.BooleanField):
        return params.choice(name, about, ["on"])
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        allowed = [value for value, _ in choices if value]
        return params.choice(name, about, allowed) if allowed else params.text(name, about)
    limits = (int(field.min_value), int(field.max_value))
    if isinstance(field, forms.DecimalField):
        decimal = fields.DecimalField(limits=limits)
        return Param(name, about, decimal.read, params.schema_of(decimal))
    return params.integer(name, about, *limits)


FILTERS = tuple(as_param(name, field) for name, field in BoardForm.base_fields.items())


def rows_kept(
    measured: Measured, query: Mapping[str, str], at: datetime | None, exposures: Callable[[], Exposures]
) -> Callable[[View], View]:
    """Return what leaves out of a board the rows that the filters of a query do, with what is known of the models and
    their exposure as of a time (None: now). Raises Problem (400) for a value that nothing on the benchmark has."""
    given = {param.name: query[param.name] for param in FILTERS if param.name in query}
    if not given:
        return lambda shown: shown
    with catalogue_of(at):
        models = models_of(measured.rows.checkpoints())
        form = BoardForm(given, models, exposures())
    if form.errors:
        raise bad_parameters({name: list(map(str, messages)) for name, messages in form.errors.items()})
    return lambda shown: filtered(shown, form, models)
