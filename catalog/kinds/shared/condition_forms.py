"""The form fields of the conditions of a measurement."""

from collections.abc import Mapping
from typing import Any

from catalog.forms.entry import EntryForm
from catalog.forms.fields import YesNoField
from catalog.kinds.shared.conditions import Adaptation


class ConditionsForm(EntryForm):
    """The base form of protocols and results."""

    chain_of_thought = YesNoField(required=False)
    tools = YesNoField(required=False)

    class Meta(EntryForm.Meta):
        help_texts = {
            **EntryForm.Meta.help_texts,
            "adaptation": "How the model was prepared: with no example, with a few in the prompt, or by training.",
            "shots": "Examples in the prompt: 0 is zero-shot. Leave it empty where it is not stated.",
            "harness": "The program that measured: VLMEvalKit, lmms-eval. Empty if the source names none.",
            "frames": "Of a video, as stated: 64 frames, 1 frame a second",
            "decoding": "As stated: greedy, best of 8 answers",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (error := contradiction(data)) and not self.is_unchanged("adaptation", "shots"):
            self.add_error("shots", error)
        return data


def contradiction(data: Mapping[str, Any]) -> str:
    """What the setting and the number of shots say against one another, or ""."""
    adaptation, shots = data.get("adaptation"), data.get("shots")
    if adaptation == Adaptation.ZERO_SHOT and shots:
        return f"Zero-shot has 0 shots, not {shots}: one of the two is wrong."
    if adaptation == Adaptation.FEW_SHOT and shots == 0:
        return "Few-shot has at least 1 shot, not 0: one of the two is wrong."
    return ""
