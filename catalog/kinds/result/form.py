"""The payload of a result."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem
from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import LineField, PrintedDecimalField
from catalog.forms.references import ReferenceField
from catalog.forms.rows import RowForm, RowsField
from catalog.kinds.result.former import in_present_shape
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import listed_name, out_of_bounds
from catalog.kinds.shared.condition_forms import ConditionsForm
from catalog.kinds.shared.conditions import CONDITIONS

CAN_BE_INFERRED = (
    *("variant", "model_revision", "data_revision", "part", "split", "metric", "scale", "setting"),
    *(*CONDITIONS, "sample_size", "reported_on", "evaluated_on", "measured_by"),
)


class InferredRow(RowForm):
    field = LineField(max_length=50)
    reason = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return DisplayItem(display.label_of(row["field"]), note=row["reason"])


class ResultForm(ConditionsForm):
    in_order = (("evaluated_on", "reported_on"),)
    renamed = {
        "subset": "part",
        "variant_inferred": "variant",
        "split_inferred": "split",
        "setting_inferred": "setting",
        "fine_tuned": "adaptation",
    }
    dropped = {"headline": "A rule chooses which claim a leaderboard shows."}
    reshaped = staticmethod(in_present_shape)

    name = LineField(
        max_length=300,
        required=False,
        help_text="Left empty, it is made of the model, the benchmark and the metric.",
    )
    paper = ReferenceField("paper", label="Paper or model")
    benchmark = ReferenceField("benchmark")
    protocol = ReferenceField("protocol", required=False)
    value = PrintedDecimalField(max_length=30, help_text="As printed, zeros and all: 64.50")
    standard_error = PrintedDecimalField(max_length=30, negative=False, required=False)
    inferred = RowsField(
        InferredRow,
        required=False,
        label="Inferred",
        help_text="Fields above whose value the source does not state, and how it was concluded.",
    )

    class Meta(ConditionsForm.Meta):
        model = Result
        fields = (
            *COMMON,
            *("paper", "variant", "model_revision", "benchmark", "data_revision", "part", "split"),
            *("metric", "value", "scale", "standard_error", "sample_size", "protocol", "setting"),
            *CONDITIONS,
            *("inferred", "reported_on", "evaluated_on"),
            *("source_url", "locator", "original_source", "read_in", "measured_by", "reported_by"),
            *("verification", "state"),
        )
        help_texts = {
            **ConditionsForm.Meta.help_texts,
            "variant": "The size or checkpoint, as the source names it.",
            "metric": "As the source names it: accuracy, CIDEr, ANLS",
            "scale": "How the value is printed, if not in the unit of the metric: 0.645 of a percentage is a fraction.",
            "setting": "The words of the source: zero-shot, direct answer",
            "source_url": "The address of the paper, the model card or the board.",
            "locator": "A table, a figure or a page: Table 3",
        }

    def clean_inferred(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["inferred"]
        fields = [row["field"] for row in rows]
        errors = [
            f"row {number}, field: “{field}” is not a field that can be inferred."
            for number, field in enumerate(fields, 1)
            if field not in CAN_BE_INFERRED
        ]
        errors += [f"“{field}” is named twice." for field in sorted({one for one in fields if fields.count(one) > 1})]
        if errors:
            raise ValidationError(errors)
        return rows

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("benchmark") and data.get("paper"):
            self._use_listed_names(data)
            self._refuse_out_of_bounds(data)
        if not data.get("name") and data.get("paper") and data.get("benchmark"):
            model = data.get("variant") or data["paper"].name
            board = data.get("part") or data["benchmark"].name
            data["name"] = f"{model} on {board}" + (f": {data['metric']}" if data.get("metric") else "")
        return data

    def _use_listed_names(self, data: dict[str, Any]) -> None:
        """Write metric, split, part and variant as the benchmark or the model lists them, or add an error."""
        for key, owner_key, rows_key in LISTED:
            if data.get(key) and not self.is_unchanged(key, owner_key):
                try:
                    data[key] = listed_name(getattr(data[owner_key], rows_key), data[key], key, data[owner_key])
                except ValidationError as error:
                    self.add_error(key, error)

    def _refuse_out_of_bounds(self, data: Mapping[str, Any]) -> None:
        """Add an error for a value that the metric cannot have."""
        if self.is_unchanged("benchmark", "metric", "value", "scale"):
            return
        if data.get("value") and data.get("metric") and (error := out_of_bounds(data)):
            EntryForm.add_error(self, "value", error)


LISTED = (
    ("metric", "benchmark", "metrics"),
    ("split", "benchmark", "splits"),
    ("part", "benchmark", "parts"),
    ("variant", "paper", "variants"),
)
"""The fields whose values are listed: by which entry, and in which of its fields."""
