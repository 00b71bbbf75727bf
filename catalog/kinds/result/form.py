"""The payload of a result."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem
from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import LineField, PrintedDecimalField
from catalog.forms.holders import Holder, Holders, Identifiers
from catalog.forms.references import ReferenceField
from catalog.forms.rows import RowForm, RowsField
from catalog.kinds.result import claims
from catalog.kinds.result.former import FORMERLY_INFERRED, in_present_shape
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import LISTED, listed_name, out_of_bounds
from catalog.kinds.shared.condition_forms import ConditionsForm
from catalog.kinds.shared.conditions import CONDITIONS

CAN_BE_INFERRED = (
    *("variant", "model_revision", "data_revision", "part", "split", "metric", "scale", "setting"),
    *(*CONDITIONS, "sample_size", "reported_on", "evaluated_on", "measured_by"),
)

PRINTED_DECIMALS = 20
"""As many as programs print of a 64-bit float."""


class InferredRow(RowForm):
    field = LineField(max_length=50)
    reason = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return DisplayItem(display.label_of(row["field"]), note=row["reason"])


class ResultForm(ConditionsForm):
    in_order = (("evaluated_on", "reported_on"),)
    listed = LISTED
    renamed = {
        "subset": "part",
        "variant_inferred": "variant",
        "split_inferred": "split",
        "setting_inferred": "setting",
        "fine_tuned": "adaptation",
    }
    dropped = {"headline": "A rule chooses which claim a leaderboard shows."}
    joined = frozenset({*FORMERLY_INFERRED, "fine_tuned"})
    reshaped = staticmethod(in_present_shape)

    name = LineField(
        max_length=300,
        required=False,
        help_text="Left empty, it is made of the model, the benchmark and the metric.",
    )
    paper = ReferenceField("paper", label="Paper or model")
    benchmark = ReferenceField("benchmark")
    protocol = ReferenceField("protocol", required=False)
    value = PrintedDecimalField(max_length=30, decimals=PRINTED_DECIMALS, help_text="As printed, zeros and all: 64.50")
    standard_error = PrintedDecimalField(max_length=30, decimals=PRINTED_DECIMALS, negative=False, required=False)
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

    @classmethod
    def identifiers(cls, payload: Mapping[str, Any]) -> Identifiers:
        return claims.identifiers(payload)

    @classmethod
    def fetch_holders(cls, identifiers: Collection[str], exclude: int | None = None) -> Holders:
        return claims.fetch_holders(identifiers, exclude)

    @classmethod
    def refusal(cls, identifier: str, own: Holder, other: Holder) -> str:
        return claims.refusal(other)

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

    def clean_paper(self) -> Any:
        return self.owner_with_additions("paper")

    def clean_benchmark(self) -> Any:
        return self.owner_with_additions("benchmark")

    def clean_variant(self) -> str:
        return self._listed("variant")

    def clean_part(self) -> str:
        return self._listed("part")

    def clean_split(self) -> str:
        return self._listed("split")

    def clean_metric(self) -> str:
        return self._listed("metric")

    def _listed(self, key: str) -> str:
        """A name as the benchmark or the model lists it. Raises ValidationError for one that it does not list, unless
        it is there already."""
        listed = LISTED[key]
        name, owner = self.cleaned_data[key], self.cleaned_data.get(listed.owner)
        if not name or owner is None or self.replaces_references or self.is_unchanged(key, listed.owner):
            return str(name)
        return listed_name(listed.rows_of(owner), name, key, owner)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("benchmark") and data.get("paper"):
            self._refuse_out_of_bounds(data)
            data["name"] = data.get("name") or name_of(data)
        return data

    def _refuse_out_of_bounds(self, data: Mapping[str, Any]) -> None:
        """Add an error for a value that the metric cannot have."""
        if self.replaces_references or self.is_unchanged("benchmark", "metric", "value", "scale"):
            return
        if data.get("value") and data.get("metric") and (error := out_of_bounds(data)):
            EntryForm.add_error(self, "value", error)


def name_of(data: Mapping[str, Any]) -> str:
    """The name of a result: what it claims, in short."""
    model = data.get("variant") or data["paper"].name
    board = data.get("part") or data["benchmark"].name
    return f"{model} on {board}" + (f": {data['metric']}" if data.get("metric") else "")
