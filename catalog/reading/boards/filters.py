"""The filters of a board, which its page, its CSV file and the API share."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms

from catalog.kinds.result.model import MeasuredBy, Verification
from catalog.models import SourceClass
from catalog.reading.exposure.judging import Exposures, Verdict
from catalog.reading.exposure.words import LABELS
from catalog.reading.results.boards import Row
from catalog.reading.results.models import CLOSED, OPEN, Model, Models
from catalog.reading.results.views import View

NOT_EXPOSED = "not-known"
EXPOSURE_FILTERS = {
    **{verdict.value: (verdict,) for verdict in Verdict},
    NOT_EXPOSED: (Verdict.STATED_CLEAN, Verdict.UNKNOWN),
}
EXPOSURE_CHOICES = [
    ("", "Any"),
    *((verdict.value, LABELS[verdict].capitalize()) for verdict in Verdict),
    (NOT_EXPOSED, "Not known to be exposed"),
]


class BoardForm(forms.Form):
    """The filters of a board. They leave rows out and change no place."""

    weights = forms.ChoiceField(choices=[("", "All"), (OPEN, "Open"), (CLOSED, "Not released")], required=False)
    parameters = forms.DecimalField(required=False, min_value=0, max_value=10**5, label="Parameters, up to (billion)")
    year = forms.IntegerField(required=False, min_value=2000, max_value=2100, label="Released since")
    organisation = forms.ChoiceField(required=False)
    built_on = forms.ChoiceField(required=False, label="Built on")
    measured = forms.ChoiceField(choices=[("", "Anybody"), *MeasuredBy.choices], required=False, label="Measured by")
    source = forms.ChoiceField(choices=[("", "Any"), *SourceClass.choices], required=False)
    verification = forms.ChoiceField(choices=[("", "Any"), *Verification.choices], required=False)
    exposure = forms.ChoiceField(choices=EXPOSURE_CHOICES, required=False)
    stated = forms.BooleanField(required=False, label="Fully stated only")

    def __init__(self, data: Any, models: Models, exposures: Exposures) -> None:
        super().__init__(data, label_suffix="")
        self.exposures = exposures
        organisations = {value: label for model in models.values() for value, label in model.organisations.items()}
        built_on = {value: label for model in models.values() for value, label in model.built_on.items()}
        self.fields["organisation"].choices = _choices(organisations)  # type: ignore[attr-defined]
        self.fields["built_on"].choices = _choices(built_on)  # type: ignore[attr-defined]

    def keeps(self, row: Row, model: Model) -> bool:
        """Whether the filters leave a row on the board. What is not known of it passes no filter."""
        wanted, claim = self.cleaned_data, row.claim
        size = model.parameters(claim.variant)
        return (
            (not wanted["weights"] or model.weights_of(claim.variant) == wanted["weights"])
            and (wanted["parameters"] is None or (size is not None and size <= wanted["parameters"] * 10**9))
            and (not wanted["year"] or model.released[:4] >= str(wanted["year"]))
            and (not wanted["organisation"] or wanted["organisation"] in model.organisations)
            and (not wanted["built_on"] or wanted["built_on"] in model.built_on)
            and (not wanted["measured"] or claim.measured_by == wanted["measured"])
            and (not wanted["source"] or claim.source_class == wanted["source"])
            and (not wanted["verification"] or claim.verification == wanted["verification"])
            and (not wanted["exposure"] or self.verdict(row, model) in EXPOSURE_FILTERS[wanted["exposure"]])
            and (not wanted["stated"] or not row.unknown)
        )

    def verdict(self, row: Row, model: Model) -> Verdict:
        """What is known of a row's exposure to the benchmark."""
        return self.exposures.of_claim(row.claim, model.name).verdict


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "Any"), *sorted(labels.items(), key=lambda item: item[1].casefold())]


def filtered(shown: View, form: BoardForm, models: Models) -> View:
    """A board with the rows that the filters leave, and with the results beside it; all if a filter is in error."""
    if not form.is_valid() or not any(form.cleaned_data.values()):
        return shown

    def kept(rows: Iterable[Row]) -> tuple[Row, ...]:
        return tuple(row for row in rows if form.keeps(row, models[row.claim.model]))

    board = replace(
        shown.board,
        ranked=kept(shown.board.ranked),
        unlike=kept(shown.board.unlike),
        set_aside=kept(shown.board.set_aside),
        without=kept(shown.board.without),
    )
    beside = kept(Row(cells={}, claim=claim, interval=None, unknown=("split",)) for claim in shown.unstated)
    return replace(shown, board=board, unstated=tuple(row.claim for row in beside))
