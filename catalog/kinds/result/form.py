"""The payload of a result."""

from typing import Any

from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import LineField, PrintedDecimalField, YesNoField
from catalog.forms.references import ReferenceField
from catalog.kinds.result.model import Result


class ResultForm(EntryForm):
    in_order = (("evaluated_on", "reported_on"),)

    name = LineField(
        max_length=300,
        required=False,
        help_text="Left empty, it is made of the model, the benchmark and the metric.",
    )
    paper = ReferenceField("paper", label="Paper or model")
    benchmark = ReferenceField("benchmark")
    value = PrintedDecimalField(max_length=30, help_text="As printed, zeros and all: 64.50")
    standard_error = PrintedDecimalField(max_length=30, negative=False, required=False)
    fine_tuned = YesNoField(required=False, label="Fine-tuned")
    chain_of_thought = YesNoField(required=False)
    tools = YesNoField(required=False)

    class Meta(EntryForm.Meta):
        model = Result
        fields = (
            *COMMON,
            *("paper", "variant", "variant_inferred", "benchmark", "subset", "split", "split_inferred"),
            *("metric", "value", "standard_error", "sample_size", "setting", "setting_inferred"),
            *("shots", "fine_tuned", "chain_of_thought", "tools", "prompt", "resolution", "judge"),
            *("harness", "harness_version", "reported_on", "evaluated_on"),
            *("source_url", "locator", "original_source", "read_in", "measured_by", "reported_by"),
            *("verification", "state", "headline"),
        )
        help_texts = {
            **EntryForm.Meta.help_texts,
            "variant": "The size or checkpoint, as the source names it.",
            "metric": "As the source names it: accuracy, CIDEr, ANLS",
            "source_url": "The address of the paper, the model card or the board.",
            "locator": "A table, a figure or a page: Table 3",
            "shots": "0 is zero-shot. Leave it empty where it is not stated.",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("name") and data.get("paper") and data.get("benchmark"):
            model = data.get("variant") or data["paper"].name
            board = data.get("subset") or data["benchmark"].name
            data["name"] = f"{model} on {board}" + (f": {data['metric']}" if data.get("metric") else "")
        return data
